#include "app/finisher.h"

#include <fmt/format.h>

#include <map>

#include "app/layout.h"
#include "vconout/amend.h"
#include "vconout/file.h"
#include "vconout/vcon.h"
#include "verify/verify.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

/// Removes a file that did not reach its place.
class Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {}
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

std::string title_of(const calls::Interaction& interaction, const calls::DialogPlan& plan) {
  std::string title;
  for (const auto& channel : plan.channel_parties) {
    for (const std::size_t party : channel) {
      if (party >= interaction.parties.size()) continue;
      if (!title.empty()) title += " / ";
      title += party_label(interaction.parties[party]);
    }
  }
  return title;
}

vconout::FinishedDialog make_recording(const FinishJob& job, const calls::DialogPlan& plan, const std::string& name,
                                       const FinisherContext& context, DialogReport& report) {
  const std::string folder = media_folder(job.interaction.start, job.uuid);
  vconout::make_folders(context.out / folder);
  const Temporary temporary(context.out / folder / ("." + name + ".part"));
  const mux::Tags tags{job.uuid, title_of(job.interaction, plan)};
  vconout::ContentHash running;
  const mux::Destination destination{temporary.path(), [&](Bytes bytes) { running.add(bytes); }};
  mux::Rendered rendered =
      mux::render(plan.recording.front(), job.interaction.tracks, context.spool, context.recording, tags, destination);
  const std::string filename = name + rendered.extension;
  const std::string hash = rendered.observed ? running.token() : vconout::content_hash(rendered.path);
  vconout::move_into_place(rendered.path, context.out / folder / filename);
  rendered.path = context.out / folder / filename;

  report.media = folder + "/" + filename;
  report.mediatype = rendered.mediatype;
  report.codecs = rendered.codecs;
  report.gaps = rendered.gaps;
  report.packets = rendered.packets;
  const std::string below_media = report.media.substr(std::string_view("media/").size());
  vconout::FinishedDialog finished;
  finished.media.push_back({context.vcon.base_url + below_media, hash, filename});
  finished.rendered.push_back(std::move(rendered));
  return finished;
}

vconout::CatalogRow row_of(const FinishJob& job, const ConversationReport& report) {
  vconout::CatalogRow row;
  row.uuid = job.uuid;
  row.fingerprint = job.fingerprint;
  row.vcon_path = report.vcon;
  row.start = to_rfc3339(report.start);
  row.duration = to_seconds(report.duration);
  row.disposition = report.disposition;
  for (const calls::Party& party : report.parties) {
    if (!party.uri.empty()) row.parties += (row.parties.empty() ? "" : " ") + party.uri;
  }
  for (const DialogReport& dialog : report.dialogs) {
    if (dialog.media.empty()) continue;
    ++row.recordings;
    row.gaps += static_cast<int>(dialog.gaps.size());
    row.agents += (row.agents.empty() ? "" : " ") + dialog.agent;
  }
  return row;
}

}  // namespace

Finished finish(const FinishJob& job, const FinisherContext& context) {
  Finished finished{describe(job.interaction), {}};
  ConversationReport& report = finished.report;
  set_uuid(report, job.uuid);
  std::vector<vconout::FinishedDialog> dialogs(job.interaction.dialogs.size());
  std::map<std::string, int> used_names;
  for (std::size_t i = 0; i < dialogs.size(); ++i) {
    const calls::DialogPlan& plan = job.interaction.dialogs[i];
    if (plan.kind != calls::DialogKind::Recording || plan.recording.empty()) continue;
    std::string name = recording_name(plan.agent < report.parties.size() ? report.parties[plan.agent].uri : "");
    // `~` is in no recording_name, so a numbered name meets no other.
    if (const int again = used_names[name]++; again > 0) name += fmt::format("~{}", again + 1);
    dialogs[i] = make_recording(job, plan, name, context, report.dialogs[i]);
  }
  std::string payload = vconout::build_vcon(job.interaction, dialogs, job.uuid, report.interaction_id, context.vcon);
  if (!job.amends.empty()) payload = vconout::amend(verify::payload_of(context.out / job.amends), payload);
  const std::string path = vcon_path(job.interaction.start, job.uuid);
  vconout::write_whole(context.out / path, context.signer.sign(payload, job.uuid));
  report.vcon = path;
  finished.row = row_of(job, report);
  return finished;
}

Finished finish_and_release(const FinishJob& job, const FinisherContext& context) {
  Finished finished;
  try {
    finished = finish(job, context);
  } catch (const std::exception& error) {
    finished = {describe(job.interaction), {}};
    set_uuid(finished.report, job.uuid);
    finished.report.fault = error.what();
  }
  try {
    for (const calls::Track& track : job.interaction.tracks) context.spool.release(track.id);
  } catch (const std::exception& error) {
    // What was written stands; the space that is not given back must be known.
    if (finished.report.fault.empty()) finished.report.fault = error.what();
  }
  return finished;
}

}  // namespace tapestry::app
