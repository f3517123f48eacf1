#include "verify/lint.h"

#include <algorithm>
#include <array>
#include <string>

#include "verify/lint_dialog.h"
#include "verify/lint_entries.h"
#include "verify/lint_quality.h"

namespace tapestry::verify {
namespace {

constexpr std::array<std::string_view, 6> kIdentities{"tel", "sip", "mailto", "name", "did", "uuid"};
constexpr std::array<std::string_view, 2> kCcOfParty{"role", "contact_list"};
constexpr std::array<std::string_view, 4> kCcOfDialog{"campaign", "interaction_type", "interaction_id", "skill"};

template <class Names>
bool has_any(Json object, const Names& names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return object.has(name); });
}

/// RFC 9562 §5.8 in lower case.
bool is_uuid8(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-8xxx-vxxx-xxxxxxxxxxxx";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const std::string_view allowed = kShape[i] == 'x'   ? std::string_view("0123456789abcdef")
                                     : kShape[i] == 'v' ? std::string_view("89ab")
                                                        : kShape.substr(i, 1);
    if (!allowed.contains(text[i])) return false;
  }
  return true;
}

void check_top(Json vcon, Faults& faults) {
  const std::string_view uuid = vcon["uuid"].text_or_empty();
  if (!is_uuid8(uuid)) faults.add("lint", "uuid", in_quotes(uuid) + " is not version 8");
  check_date(vcon["created_at"], "created_at", faults);
  if (vcon.has("updated_at")) check_date(vcon["updated_at"], "updated_at", faults);
  if (vcon["critical"].size() != 0) {
    faults.add("lint", "critical", "not empty: a plain consumer must refuse this vCon");
  }
}

void check_cc(Json vcon, Faults& faults) {
  const Json parties = vcon["parties"];
  const Json dialogs = vcon["dialog"];
  const Json extensions = vcon["extensions"];
  bool used = false;
  for (std::size_t n = 0; parties.is_array() && n < parties.size(); ++n) used |= has_any(parties.at(n), kCcOfParty);
  for (std::size_t n = 0; dialogs.is_array() && n < dialogs.size(); ++n) used |= has_any(dialogs.at(n), kCcOfDialog);
  bool listed = false;
  for (std::size_t n = 0; extensions.is_array() && n < extensions.size(); ++n) {
    listed |= extensions.at(n).text_or_empty() == "CC";
  }
  if (used && !listed) faults.add("lint", "extensions", "CC parameters without CC in extensions");
}

void check_attachment(Json attachment, const Sizes& sizes, const std::string& where, Faults& faults) {
  if (!attachment.is_object()) return;
  check_date(attachment["start"], path_join(where, "start"), faults);
  check_index(attachment["party"], sizes.parties, path_join(where, "party"), faults);
  check_index(attachment["dialog"], sizes.dialogs, path_join(where, "dialog"), faults);
  if (attachment["encoding"].text_or_empty() == "json" && attachment["body"].text()) {
    faults.add("lint", where, "a json body is the value, not a string");
  }
  check_entries(attachment, where, faults);
}

void check_references(Json value, std::size_t size, const std::string& where, Faults& faults) {
  if (value.number()) check_index(value, size, where, faults);
  for (std::size_t n = 0; value.is_array() && n < value.size(); ++n) check_index(value.at(n), size, where, faults);
}

}  // namespace

void check_lint(Json vcon, Faults& faults) {
  const Json parties = vcon["parties"];
  const Json dialogs = vcon["dialog"];
  const Json attachments = vcon["attachments"];
  const Json analysis = vcon["analysis"];
  const Sizes sizes{parties.size(), dialogs.size(), attachments.size()};
  check_top(vcon, faults);
  check_cc(vcon, faults);
  for (std::size_t n = 0; n < sizes.parties; ++n) {
    if (!has_any(parties.at(n), kIdentities)) faults.add("lint", path_join("parties", n), "carries no identity");
  }
  for (std::size_t n = 0; n < sizes.dialogs; ++n) {
    check_dialog(dialogs.at(n), sizes, path_join("dialog", n), faults);
  }
  for (std::size_t n = 0; n < sizes.attachments; ++n) {
    check_attachment(attachments.at(n), sizes, path_join("attachments", n), faults);
  }
  for (std::size_t n = 0; analysis.is_array() && n < analysis.size(); ++n) {
    const std::string where = path_join("analysis", n);
    check_references(analysis.at(n)["dialog"], sizes.dialogs, path_join(where, "dialog"), faults);
    check_references(analysis.at(n)["attachment"], sizes.attachments, path_join(where, "attachment"), faults);
    if (analysis.at(n)["encoding"].text_or_empty() == "json" && analysis.at(n)["body"].text()) {
      faults.add("lint", where, "a json body is the value, not a string");
    }
    check_quality(analysis.at(n), where, faults);
  }
}

}  // namespace tapestry::verify
