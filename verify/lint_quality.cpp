#include "verify/lint_quality.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace tapestry::verify {
namespace {

/// The values that a figure may have.
struct Range {
  std::string_view name;
  double lowest = 0;
  double highest = 0;
  bool required = false;
};

constexpr double kAny = 1e12;
constexpr std::array<Range, 5> kStream{{{"channel", 0, 1, true},
                                        {"jitter_ms", 0, kAny, true},
                                        {"jitter_max_ms", 0, kAny, true},
                                        {"mos", 1, 4.5},
                                        {"r_factor", 0, 100}}};
constexpr std::array<Range, 6> kPackets{{{"expected", 0, kAny, true},
                                         {"received", 0, kAny, true},
                                         {"lost", 0, kAny, true},
                                         {"discarded", 0, kAny, true},
                                         {"reordered", 0, kAny, true},
                                         {"duplicates", 0, kAny, true}}};
constexpr std::array<Range, 5> kBursts{{{"count", 0, kAny, true},
                                        {"burst_density", 0, 1, true},
                                        {"gap_density", 0, 1, true},
                                        {"burst_ms", 0, kAny, true},
                                        {"gap_ms", 0, kAny, true}}};
constexpr std::array<Range, 4> kRtcp{
    {{"reports", 0, kAny, true}, {"fraction_lost", 0, 1}, {"jitter_ms", 0, kAny}, {"round_trip_ms", 0, kAny}}};

template <class Ranges>
void check_ranges(Json object, const Ranges& ranges, const std::string& where, Faults& faults) {
  if (!object.is_object()) return faults.add("lint", where, "not an object");
  for (const Range& range : ranges) {
    if (!object.has(range.name)) {
      if (range.required) faults.add("lint", where, fmt::format("lacks {}", range.name));
      continue;
    }
    const auto value = object[range.name].number();
    if (!value || *value < range.lowest || *value > range.highest) {
      faults.add("lint", where, fmt::format("{} is no number from {} to {}", range.name, range.lowest, range.highest));
    }
  }
}

void check_stream(Json stream, const std::string& where, Faults& faults) {
  check_ranges(stream, kStream, where, faults);
  const Json packets = stream["packets"];
  check_ranges(packets, kPackets, path_join(where, "packets"), faults);
  check_ranges(stream["bursts"], kBursts, path_join(where, "bursts"), faults);
  if (stream.has("rtcp")) check_ranges(stream["rtcp"], kRtcp, path_join(where, "rtcp"), faults);
  const auto count = [&](std::string_view name) { return packets[name].number().value_or(0); };
  if (count("lost") > count("expected")) faults.add("lint", where, "more packets lost than expected");
  if (count("discarded") > count("received")) faults.add("lint", where, "more packets discarded than received");
  if (stream.has("mos") && stream["model"].text_or_empty().empty()) faults.add("lint", where, "mos without its model");
}

}  // namespace

void check_quality(Json analysis, const std::string& where, Faults& faults) {
  if (analysis["schema"].text_or_empty() != "stream-quality-1") return;
  const Json streams = analysis["body"]["streams"];
  const std::string place = path_join(where, "body/streams");
  if (!streams.is_array()) return faults.add("lint", place, "not an array");
  for (std::size_t n = 0; n < streams.size(); ++n) check_stream(streams.at(n), path_join(place, n), faults);
}

}  // namespace tapestry::verify
