#include "mux/segments.h"

#include "studio.h"

namespace tapestry::mux {
namespace {

using Lines = std::vector<std::string>;

calls::RecordingPlan ten_seconds() {
  calls::RecordingPlan plan;
  plan.start = kStart;
  plan.end = kStart + 10s;
  plan.channels = {{{{0, kStart, kStart + 10s}}}, {{{1, kStart + 1s, kStart + 4s}, {1, kStart + 6s, kStart + 9s}}}};
  return plan;
}

Gap gap(GapReason reason, Duration from, Duration to, std::vector<int> channels = {0, 1}) {
  return {.reason = reason, .start = kStart + from, .end = kStart + to, .channels = std::move(channels), .detail = {}};
}

Lines lines_of(const calls::RecordingPlan& plan) {
  Lines lines;
  for (const Segment& segment : segments_of(plan)) {
    std::string line = segment.shell ? "shell" : "segment";
    const auto add = [&](Time from, Time to) {
      line += " " + std::to_string((from - kStart) / 1ms) + "-" + std::to_string((to - kStart) / 1ms);
    };
    add(segment.plan.start, segment.plan.end);
    for (const auto& channel : segment.plan.channels) {
      line += " |";
      for (const calls::TrackSpan& span : channel.spans) add(span.from, span.to);
    }
    for (const std::string& one : describe(segment.plan.gaps)) line += " [" + one + "]";
    lines.push_back(line);
  }
  return lines;
}

Lines with(std::vector<Gap> gaps) {
  calls::RecordingPlan plan = ten_seconds();
  plan.gaps = std::move(gaps);
  return lines_of(plan);
}

}  // namespace

TEST_CASE("a recording without a pause is one segment, which is the recording") {
  CHECK(with({gap(GapReason::Hold, 2s, 3s)}) ==
        Lines{"segment 0-10000 | 0-10000 | 1000-4000 6000-9000 [hold 0,1 2-3]"});
  calls::RecordingPlan empty = ten_seconds();
  empty.end = empty.start;
  CHECK(segments_of(empty).empty());
}

TEST_CASE("a pause cuts stretches and other gaps, and is a shell itself") {
  CHECK(with({gap(GapReason::Hold, 2s, 8s, {0}), gap(GapReason::Pci, 3s, 7s)}) ==
        Lines{"segment 0-3000 | 0-3000 | 1000-3000 [hold 0 2-3]", "shell 3000-7000 | | [pci 0,1 3-7]",
              "segment 7000-10000 | 7000-10000 | 7000-9000 [hold 0 7-8]"});
}

TEST_CASE("a pause at an end, over an end, of the whole and of one channel cuts, too") {
  CHECK(with({gap(GapReason::Pci, -1s, 2s), gap(GapReason::Pci, 9s, 12s, {1})}) ==
        Lines{"shell 0-2000 | | [pci 0,1 0-2]", "segment 2000-9000 | 2000-9000 | 2000-4000 6000-9000",
              "shell 9000-10000 | | [pci 1 9-10]"});
  CHECK(with({gap(GapReason::Pci, -1s, 11s)}) == Lines{"shell 0-10000 | | [pci 0,1 0-10]"});
  CHECK(with({gap(GapReason::Pci, 20s, 30s)}).size() == 1);
}

TEST_CASE("pauses that touch or overlap are one shell") {
  CHECK(with({gap(GapReason::Pci, 4s, 5s), gap(GapReason::Pci, 3s, 4s)})[1] ==
        "shell 3000-5000 | | [pci 0,1 3-4] [pci 0,1 4-5]");
  CHECK(with({gap(GapReason::Pci, 3s, 6s), gap(GapReason::Pci, 4s, 5s)})[1] ==
        "shell 3000-6000 | | [pci 0,1 3-6] [pci 0,1 4-5]");
}

TEST_CASE("what is shorter than 20 ms vanishes into the shell beside it, and its gaps say so") {
  CHECK(with({gap(GapReason::Pci, 19ms, 1s), gap(GapReason::Pci, 1019ms, 2s), gap(GapReason::Pci, 2020ms, 9981ms)}) ==
        Lines{"shell 0-2000 | | [pci 0,1 0-1.019] [pci 0,1 1.019-2]", "segment 2000-2020 | 2000-2020 | 2000-2020",
              "shell 2020-10000 | | [pci 0,1 2.02-10]"});
}

TEST_CASE("a segment is rendered on its own, from its place on the wall clock, and holds nothing of the pause") {
  Studio studio;
  // Before the pause silence, in it a tone that nothing erased, behind it one click.
  const auto signal = [](double second) {
    if (second >= 3 && second < 7) return 9000.0;
    return second >= 8 ? ticks(second) : 0.0;
  };
  studio.play(0, Sender{.signal = signal}.packets(500));
  studio.play(1, Sender{.signal = signal}.packets(500));
  studio.plan.gaps = {gap(GapReason::Pci, 3s, 7s)};
  const auto segments = segments_of(studio.plan);
  REQUIRE(segments.size() == 3);
  studio.plan = segments[0].plan;
  Heard heard = studio.heard();
  CHECK(heard.left.size() == 24'000);
  CHECK(std::ranges::all_of(heard.left, [](std::int16_t sample) { return std::abs(sample) <= 8; }));
  studio.plan = segments[2].plan;
  heard = studio.heard();
  REQUIRE(heard.left.size() == 24'000);
  CHECK(std::ranges::all_of(heard.left, [](std::int16_t sample) { return sample != 9000; }));
  CHECK(heard.left[8000] > 9000);
  CHECK(std::ranges::count_if(heard.left, [](std::int16_t sample) { return sample > 9000; }) == 2);
}

}  // namespace tapestry::mux
