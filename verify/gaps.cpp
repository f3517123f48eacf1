#include "verify/gaps.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "verify/dates.h"

namespace tapestry::verify {
namespace {

constexpr double kLeewaySeconds = 0.05;
constexpr double kLongestBeepSeconds = 0.1;

/// The times of all keydown and keyup events, in order.
std::vector<Time> key_times(Json dialogs) {
  std::vector<Time> times;
  for (std::size_t n = 0; dialogs.is_array() && n < dialogs.size(); ++n) {
    const Json history = dialogs.at(n)["party_history"];
    for (std::size_t k = 0; history.is_array() && k < history.size(); ++k) {
      const std::string_view name = history.at(k)["event"].text_or_empty();
      if (name != "keydown" && name != "keyup") continue;
      if (const auto time = normal_date(history.at(k)["time"].text_or_empty())) times.push_back(*time);
    }
  }
  std::ranges::sort(times);
  return times;
}

/// One gap of `dialog`; gives its stretch when that is a pause's.
std::optional<Stretch> check_gap(Json gap, Json dialog, const std::vector<Time>& keys, const std::string& where,
                                 Faults& faults) {
  const auto begin = normal_date(gap["start"].text_or_empty());
  const auto end = normal_date(gap["end"].text_or_empty());
  const auto start = normal_date(dialog["start"].text_or_empty());
  if (!begin || !end || !start) {
    faults.add("gaps", where, "a gap needs start and end, and a dialog with start");
    return std::nullopt;
  }
  const Stretch stretch{to_seconds(*begin - *start), to_seconds(*end - *start)};
  if (stretch.from < -kLeewaySeconds || stretch.to > dialog["duration"].number().value_or(0) + kLeewaySeconds ||
      stretch.to < stretch.from) {
    faults.add("gaps", where, fmt::format("{:.2f}..{:.2f} s is not inside the dialog", stretch.from, stretch.to));
  }
  const std::string_view reason = gap["reason"].text_or_empty();
  if (reason != "pci" && reason != "policy") return std::nullopt;
  const auto key = std::ranges::lower_bound(keys, *begin);
  if (key != keys.end() && *key <= *end) faults.add("gaps", where, fmt::format("a key event inside a {} gap", reason));
  const double beep = std::clamp(gap["beep"]["duration_s"].number().value_or(0), 0.0, kLongestBeepSeconds);
  return Stretch{stretch.from + beep, stretch.to - beep};
}

}  // namespace

Silences check_gaps(Json vcon, Faults& faults) {
  Silences silences;
  const Json attachments = vcon["attachments"];
  const Json dialogs = vcon["dialog"];
  const std::vector<Time> keys = key_times(dialogs);
  bool pci = false;
  for (std::size_t n = 0; attachments.is_array() && n < attachments.size(); ++n) {
    const Json attachment = attachments.at(n);
    if (attachment["purpose"].text_or_empty() != "recording-gaps") continue;
    const std::string where = path_join("attachments", n);
    const Json gaps = attachment["body"]["gaps"];
    if (attachment.has("body") && !gaps.is_array()) faults.add("gaps", where, "body has no list of gaps");
    const auto index = attachment["dialog"].index();
    for (std::size_t k = 0; index && gaps.is_array() && k < gaps.size(); ++k) {
      const std::string place = path_join(path_join(where, "gaps"), k);
      const auto paused = check_gap(gaps.at(k), dialogs.at(*index), keys, place, faults);
      if (paused) silences[*index].push_back(*paused);
      pci |= gaps.at(k)["reason"].text_or_empty() == "pci";
    }
  }
  if (pci && vcon["redacted"]["type"].text_or_empty() != "PCI") {
    faults.add("gaps", "", "a pci gap without redacted.type PCI");
  }
  return silences;
}

}  // namespace tapestry::verify
