#include "vconout/suspicion.h"

#include <algorithm>
#include <vector>

namespace tapestry::vconout {
namespace {

bool is_keyed(const calls::Pause& pause) { return pause.opened.rule == kKeyedDigits; }

/// Those of the conversation and of its recordings' gaps, each once, in order of start.
std::vector<calls::Pause> keyed_pauses(const calls::Interaction& interaction,
                                       const std::vector<FinishedDialog>& dialogs) {
  std::vector<calls::Pause> pauses;
  const auto add = [&](const calls::Pause& pause) {
    if (is_keyed(pause) && std::ranges::find(pauses, pause) == pauses.end()) pauses.push_back(pause);
  };
  for (const calls::Pause& pause : interaction.pauses) add(pause);
  for (const calls::DialogPlan& dialog : interaction.dialogs) {
    for (const calls::RecordingPlan& recording : dialog.recording) {
      for (const calls::Gap& gap : recording.gaps) {
        if (gap.pause) add(*gap.pause);
      }
    }
  }
  for (const FinishedDialog& dialog : dialogs) {
    for (const mux::Rendered& rendered : dialog.rendered) {
      for (const calls::Gap& gap : rendered.gaps) {
        if (gap.pause) add(*gap.pause);
      }
    }
  }
  std::ranges::sort(pauses, {}, &calls::Pause::start);
  return pauses;
}

Json time_of(Time start, Time end) {
  return {{"start", to_rfc3339(start)}, {"end", to_rfc3339(end)}, {"by", kKeyedDigits}};
}

}  // namespace

bool is_pci_suspected(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs) {
  return interaction.pci_suspected || !keyed_pauses(interaction, dialogs).empty();
}

Json suspicion_of(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs, bool quarantined) {
  Json times = Json::array();
  for (const calls::Pause& pause : keyed_pauses(interaction, dialogs)) {
    times.push_back(time_of(pause.start, std::min(pause.end, interaction.end)));
  }
  if (times.empty()) times.push_back(time_of(interaction.start, interaction.end));
  Json body = Json::object();
  body["times"] = std::move(times);
  if (quarantined) body["quarantined"] = true;
  return body;
}

std::vector<calls::MarkerReport> keyed_reports(const calls::Interaction& interaction,
                                               const std::vector<FinishedDialog>& dialogs) {
  std::vector<calls::MarkerReport> reports;
  const std::vector<calls::Pause>& told = interaction.pauses;
  for (const calls::Pause& pause : keyed_pauses(interaction, dialogs)) {
    if (std::ranges::find(told, pause) != told.end()) continue;
    reports.push_back({.time = pause.opened.at,
                       .rule = pause.opened.rule,
                       .action = "pause",
                       .message = pause.opened.message,
                       .call_id = interaction.signalling.empty() ? "" : interaction.signalling.front().call_id,
                       .honoured = true,
                       .why = "keyed without a pause, heard in the recording",
                       .effective = pause.start});
  }
  return reports;
}

}  // namespace tapestry::vconout
