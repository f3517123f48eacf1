#include "vconout/vcon.h"

#include <cassert>

#include "vconout/analysis.h"
#include "vconout/attachments.h"
#include "vconout/call_fields.h"
#include "vconout/dialogs.h"
#include "vconout/json.h"
#include "vconout/parties.h"
#include "vconout/recording_set.h"
#include "vconout/texts.h"

namespace tapestry::vconout {

std::string build_vcon(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs,
                       const std::string& uuid, const std::string& interaction_id, const Options& options,
                       const Circumstances& circumstances) {
  assert(dialogs.size() == interaction.dialogs.size());
  Json vcon = Json::object();
  vcon["vcon"] = "0.4.0";
  add_text(vcon, "uuid", uuid);
  vcon["created_at"] = to_rfc3339(options.now ? *options.now : std::chrono::system_clock::now());
  vcon["extensions"] = {"CC"};
  if (const auto type = redaction_of(interaction, dialogs); !type.empty()) vcon["redacted"] = {{"type", type}};
  vcon["parties"] = parties_of(interaction, options);
  Json list = Json::array();
  for (std::size_t i = 0; i < dialogs.size(); ++i) {
    list.push_back(dialog_of(interaction.dialogs[i], dialogs[i], interaction, interaction_id));
    add_call_fields(list.back(), interaction, extent_of(interaction.dialogs[i], dialogs[i]).end);
  }
  const MemberNumbers numbers(interaction, dialogs);
  if (!list.empty()) add_texts(list, interaction, interaction_id);
  add_members(list, interaction, dialogs, numbers, interaction_id);
  if (!list.empty()) vcon["dialog"] = std::move(list);
  if (Json analysis = analysis_of(dialogs, numbers); !analysis.empty()) vcon["analysis"] = std::move(analysis);
  Json attachments = attachments_of(interaction, dialogs, numbers, circumstances);
  if (!attachments.empty()) vcon["attachments"] = std::move(attachments);
  return vcon.dump();
}

}  // namespace tapestry::vconout
