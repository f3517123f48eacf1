#include "capture/live_merge.h"

#include <catch2/catch.hpp>
#include <deque>
#include <map>

namespace tapestry::capture {
namespace {

using std::chrono::milliseconds;

Time at(int ms) { return Time(std::chrono::hours(24)) + milliseconds(ms); }

/// Frames that a test puts in, known by their times.
struct FakeLane final : LiveLane {
  bool next(Frame& frame) override {
    if (times.empty()) return false;
    frame.time = times.front();
    times.pop_front();
    return true;
  }
  std::deque<Time> times;
};

/// What the merge gives out as of `now`, in milliseconds.
std::vector<int> given(LiveMerge& merge, Time now) {
  std::vector<int> all;
  Frame frame;
  while (merge.next(frame, now)) all.push_back(static_cast<int>((frame.time - at(0)) / milliseconds(1)));
  return all;
}

}  // namespace

TEST_CASE("one lane alone never waits, whatever its clock says") {
  FakeLane lane;
  lane.times = {at(10), at(500), at(20)};
  LiveMerge merge({&lane}, milliseconds(60));
  CHECK(given(merge, at(0)) == std::vector{10, 500, 20});
  CHECK(merge.late() == 1);
  CHECK_FALSE(merge.holding());
}

TEST_CASE("lanes that all have frames are merged by time at once") {
  FakeLane one;
  FakeLane two;
  one.times = {at(1), at(4), at(5), at(9)};
  two.times = {at(2), at(3), at(7)};
  LiveMerge merge({&one, &two}, milliseconds(60));
  CHECK(given(merge, at(0)) == std::vector{1, 2, 3, 4, 5, 7});
  CHECK(merge.holding());
  CHECK(given(merge, at(69)) == std::vector{9});
}

TEST_CASE("a silent lane holds the others for no longer than the hold") {
  FakeLane one;
  FakeLane silent;
  LiveMerge merge({&one, &silent}, milliseconds(60));
  one.times = {at(100), at(130)};
  CHECK(given(merge, at(140)).empty());
  CHECK(merge.holding());
  CHECK(given(merge, at(160)) == std::vector{100});
  silent.times = {at(110)};
  CHECK(given(merge, at(161)) == std::vector{110});
  CHECK(given(merge, at(190)) == std::vector{130});
  CHECK_FALSE(merge.holding());
  CHECK(merge.late() == 0);
}

TEST_CASE("a frame that comes later than the hold is given out and counted") {
  FakeLane one;
  FakeLane slow;
  LiveMerge merge({&one, &slow}, milliseconds(60));
  one.times = {at(100)};
  CHECK(given(merge, at(200)) == std::vector{100});
  slow.times = {at(50)};
  CHECK(given(merge, at(201)) == std::vector{50});
  CHECK(merge.late() == 1);
}

TEST_CASE("frames of a clock that is ahead, or that stepped back, do not wait for the wall clock") {
  FakeLane one;
  FakeLane silent;
  LiveMerge merge({&one, &silent}, milliseconds(60));
  one.times = {at(37'000), at(37'020)};
  CHECK(given(merge, at(0)) == std::vector{37'000, 37'020});
}

}  // namespace tapestry::capture
