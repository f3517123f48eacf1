#include "app/finisher.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "app/layout.h"
#include "app/quarantine.h"
#include "mux/segments.h"
#include "vconout/amend.h"
#include "vconout/file.h"
#include "vconout/suspicion.h"
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

/// A conversation on its way into the output folder.
struct Work {
  const FinishPart& part;
  const FinisherContext& context;
  std::string folder;        ///< of its media, below the output folder
  bool quarantined = false;  ///< only who runs the recorder may read the media
};

/// Where there is quarantine all media begins in it: what only the tones tell is known when the last file is rendered.
Work begin(const FinishPart& part, const FinisherContext& context) {
  const std::string_view root = context.quarantine ? kQuarantineFolder : kMediaFolder;
  return {part, context, media_folder(part.interaction.start, part.uuid, root), context.quarantine};
}

/// Renders one file and puts it into its place. Gives its path below the output folder.
std::string make_file(const Work& work, const calls::RecordingPlan& plan, const std::string& name,
                      const std::string& title, vconout::FinishedDialog& finished) {
  const FinisherContext& context = work.context;
  const fs::path folder = context.out / work.folder;
  vconout::make_folders(folder);
  const Temporary temporary(folder / ("." + name + ".part"));
  if (work.quarantined) make_private(context.out, temporary.path());
  const mux::Tags tags{work.part.uuid, title};
  vconout::ContentHash running;
  const mux::Destination destination{temporary.path(), [&](Bytes bytes) { running.add(bytes); }};
  mux::Rendered rendered =
      mux::render(plan, work.part.interaction.tracks, context.media, context.recording, tags, destination);
  const std::string filename = name + rendered.extension;
  const std::string hash = rendered.observed ? running.token() : vconout::content_hash(rendered.path);
  vconout::move_into_place(rendered.path, folder / filename);
  rendered.path = folder / filename;
  // Where it is released to, for that is where it will be fetched from.
  const std::string url = media_folder(work.part.interaction.start, work.part.uuid, "") + "/" + filename;
  finished.media.push_back({context.vcon.base_url + url.substr(1), hash, filename});
  finished.rendered.push_back(std::move(rendered));
  return work.folder + "/" + filename;
}

void add_to(DialogReport& report, const mux::Rendered& rendered) {
  report.mediatype = rendered.mediatype;
  for (const std::string& codec : rendered.codecs) {
    if (std::ranges::find(report.codecs, codec) == report.codecs.end()) report.codecs.push_back(codec);
  }
  report.gaps.insert(report.gaps.end(), rendered.gaps.begin(), rendered.gaps.end());
  mux::PacketCounts packets = report.packets.value_or(mux::PacketCounts{});
  packets.expected += rendered.packets.expected;
  packets.received += rendered.packets.received;
  packets.lost += rendered.packets.lost;
  packets.duplicate += rendered.packets.duplicate;
  packets.reordered += rendered.packets.reordered;
  report.packets = packets;
}

/// One file for each part between the pauses.
vconout::FinishedDialog make_set(const Work& work, std::vector<mux::Segment> segments, const std::string& name,
                                 const std::string& title, DialogReport& report) {
  vconout::FinishedDialog finished;
  report.type = "recording-set";
  for (const mux::Segment& segment : segments) {
    MemberReport& member = report.recordings.emplace_back();
    member.start = segment.plan.start;
    member.duration = segment.plan.end - segment.plan.start;
    if (segment.shell) {
      report.gaps.insert(report.gaps.end(), segment.plan.gaps.begin(), segment.plan.gaps.end());
      continue;
    }
    // `~s` is in no other name, as `~` is in no recording_name.
    const std::string part = fmt::format("{}~s{}", name, finished.media.size() + 1);
    member.media = make_file(work, segment.plan, part, title, finished);
    add_to(report, finished.rendered.back());
  }
  finished.segments = std::move(segments);
  return finished;
}

vconout::FinishedDialog make_recording(const Work& work, const calls::DialogPlan& plan, const std::string& name,
                                       DialogReport& report) {
  const std::string title = title_of(work.part.interaction, plan);
  if (work.context.cut) {
    std::vector<mux::Segment> segments = mux::segments_of(plan.recording.front());
    const bool paused = std::ranges::any_of(segments, &mux::Segment::shell);
    if (paused) return make_set(work, std::move(segments), name, title, report);
  }
  vconout::FinishedDialog finished;
  report.media = make_file(work, plan.recording.front(), name, title, finished);
  add_to(report, finished.rendered.front());
  return finished;
}

void bring_out(Work& work, ConversationReport& report) {
  app::bring_out(work.context.out, work.part.interaction.start, work.part.uuid);
  const std::string folder = media_folder(work.part.interaction.start, work.part.uuid, kMediaFolder);
  const auto move = [&](std::string& media) {
    if (!media.empty()) media = folder + media.substr(work.folder.size());
  };
  for (DialogReport& dialog : report.dialogs) {
    move(dialog.media);
    for (MemberReport& member : dialog.recordings) move(member.media);
  }
  work.folder = folder;
  work.quarantined = false;
}

vconout::CatalogRow row_of(const FinishPart& part, const ConversationReport& report) {
  vconout::CatalogRow row;
  row.uuid = part.uuid;
  row.fingerprint = part.fingerprint;
  row.vcon_path = report.vcon;
  row.start = to_rfc3339(report.start);
  row.duration = to_seconds(report.duration);
  row.disposition = report.disposition;
  for (const calls::Party& party : report.parties) {
    if (!party.uri.empty()) row.parties += (row.parties.empty() ? "" : " ") + party.uri;
  }
  for (const DialogReport& dialog : report.dialogs) {
    if (dialog.media.empty() && dialog.recordings.empty()) continue;
    ++row.recordings;
    row.gaps += static_cast<int>(dialog.gaps.size());
    row.agents += (row.agents.empty() ? "" : " ") + dialog.agent;
  }
  return row;
}

}  // namespace

Finished finish(const FinishPart& part, const FinisherContext& context) {
  Finished finished{describe(part.interaction), {}, {}};
  ConversationReport& report = finished.report;
  set_uuid(report, part.uuid);
  Work work = begin(part, context);
  std::vector<vconout::FinishedDialog> dialogs(part.interaction.dialogs.size());
  std::map<std::string, int> used_names;
  for (std::size_t i = 0; i < dialogs.size(); ++i) {
    const calls::DialogPlan& plan = part.interaction.dialogs[i];
    if (plan.kind != calls::DialogKind::Recording || plan.recording.empty()) continue;
    std::string name = recording_name(plan.agent < report.parties.size() ? report.parties[plan.agent].uri : "");
    // `~` is in no recording_name, so a numbered name meets no other.
    if (const int again = used_names[name]++; again > 0) name += fmt::format("~{}", again + 1);
    dialogs[i] = make_recording(work, plan, name, report.dialogs[i]);
  }
  report.pci_suspected = vconout::is_pci_suspected(part.interaction, dialogs);
  if (work.quarantined && !report.pci_suspected) bring_out(work, report);
  report.quarantined = work.quarantined;
  std::string payload = vconout::build_vcon(part.interaction, dialogs, part.uuid, report.interaction_id, context.vcon,
                                            {work.quarantined, part.audit});
  if (!part.amends.empty()) payload = vconout::amend(verify::payload_of(context.out / part.amends), payload);
  const std::string path = vcon_path(part.interaction.start, part.uuid);
  vconout::write_whole(context.out / path, context.signer.sign(payload, part.uuid));
  report.vcon = path;
  finished.row = row_of(part, report);
  finished.row.facts = vconout::facts_of(payload);
  finished.heard = vconout::keyed_reports(part.interaction, dialogs);
  return finished;
}

std::vector<Finished> finish_and_release(const FinishJob& job, const FinisherContext& context) {
  std::vector<Finished> all;
  for (const FinishPart& part : job.parts) {
    Finished& finished = all.emplace_back(Finished{describe(part.interaction), {}, {}});
    set_uuid(finished.report, part.uuid);
    finished.report.vcon = part.already;
    finished.report.already = !part.already.empty();
    finished.report.deleted = part.deleted;
    if (finished.report.already) continue;
    try {
      finished = finish(part, context);
    } catch (const std::exception& error) {
      finished.report.fault = error.what();
    }
  }
  const auto failed = [](const Finished& finished) { return !finished.report.fault.empty(); };
  if (context.keep_failed && std::ranges::any_of(all, failed)) return all;
  try {
    for (const calls::TrackId track : job.tracks) context.media.release(track);
  } catch (const std::exception& error) {
    // What was written stands; the space that is not given back must be known.
    if (std::string& fault = all.back().report.fault; fault.empty()) fault = error.what();
  }
  return all;
}

}  // namespace tapestry::app
