#include "calls/capture_drops.h"

#include <catch2/catch.hpp>

#include "calls/interaction.h"

namespace tapestry::calls {
namespace {

Time at(int second) { return Time(std::chrono::seconds(1'700'000'000 + second)); }

Interaction conversation(int from, int to) {
  Interaction interaction;
  interaction.start = at(from);
  interaction.end = at(to);
  DialogPlan dialog;
  dialog.recording.push_back({.start = at(from + 10), .end = at(to), .channels = {}, .gaps = {}});
  interaction.dialogs.push_back(dialog);
  return interaction;
}

}  // namespace

TEST_CASE("a conversation tells of what capture lost while it was open, a recording of its own time") {
  CaptureDrops drops;
  drops.add({at(100), at(101), 7});
  drops.add({at(101), at(102), 5});
  drops.add({at(200), at(201), 1});
  Interaction before = conversation(95, 150);
  drops.mark(before);
  CHECK(before.drops_touched);
  CHECK_FALSE(before.dialogs[0].recording[0].drops_touched);
  CHECK(before.dialogs[0].recording[0].gaps.empty());
  Interaction touched = conversation(80, 300);
  drops.mark(touched);
  const RecordingPlan& recording = touched.dialogs[0].recording[0];
  CHECK(recording.drops_touched);
  REQUIRE(recording.gaps.size() == 2);
  CHECK(recording.gaps[0].reason == GapReason::Drop);
  CHECK(recording.gaps[0].channels.empty());
  CHECK(recording.gaps[0].start == at(100));
  CHECK(recording.gaps[0].end == at(102));
  CHECK(recording.gaps[0].detail.find("dropped 12 of") != std::string::npos);
  Interaction other = conversation(103, 199);
  drops.mark(other);
  CHECK_FALSE(other.drops_touched);
  CHECK(drops.packets() == 13);
}

TEST_CASE("a time in which the recorder did not run is told as such") {
  CaptureDrops drops;
  drops.add({at(100), at(104), 0});
  Interaction touched = conversation(80, 300);
  drops.mark(touched);
  CHECK(touched.drops_touched);
  REQUIRE(touched.dialogs[0].recording[0].gaps.size() == 1);
  CHECK(touched.dialogs[0].recording[0].gaps[0].detail.starts_with("the recorder did not run, until"));
}

TEST_CASE("of very many stretches the newest are kept, and all are counted") {
  CaptureDrops drops;
  for (int n = 0; n < 5000; ++n) drops.add({at(10 * n), at(10 * n + 1), 1});
  Interaction all = conversation(-10, 100'000);
  drops.mark(all);
  const std::vector<Gap>& gaps = all.dialogs[0].recording[0].gaps;
  CHECK(gaps.size() == CaptureDrops::kMost);
  CHECK(gaps.back().start == at(49'990));
  CHECK(drops.packets() == 5000);
}

}  // namespace tapestry::calls
