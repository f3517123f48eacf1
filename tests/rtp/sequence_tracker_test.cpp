#include "rtp/sequence_tracker.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace tapestry;
using rtp::SequenceTracker;
using Verdict = SequenceTracker::Verdict;

namespace {
const Time kTime = Time(std::chrono::seconds(1000));
SequenceTracker::Placed add(SequenceTracker& tracker, int sequence) {
  return tracker.add(static_cast<std::uint16_t>(sequence), 0, kTime, 160);
}
}  // namespace

TEST_CASE("extended numbers grow over the wrap-around") {
  SequenceTracker tracker;
  const auto before = add(tracker, 65535).extended;
  CHECK(add(tracker, 0).extended == before + 1);
  CHECK(add(tracker, 1).extended == before + 2);
  CHECK(tracker.stats().expected == 3);
  CHECK(tracker.stats().restarts == 0);
}

TEST_CASE("loss, reordering and duplicates are told apart") {
  SequenceTracker tracker;
  for (const int sequence : {10, 11, 14, 13, 13, 14, 15}) add(tracker, sequence);
  CHECK(tracker.stats().packets == 5);
  CHECK(tracker.stats().expected == 6);
  CHECK(tracker.stats().lost() == 1);
  CHECK(tracker.stats().reordered == 1);
  CHECK(tracker.stats().duplicates == 2);
}

TEST_CASE("a copy that comes late does not make a stream longer") {
  SequenceTracker tracker;
  tracker.add(1, 0, kTime, 160);
  tracker.add(2, 0, kTime + std::chrono::milliseconds(20), 160);
  tracker.add(2, 0, kTime + std::chrono::milliseconds(55), 160);
  CHECK(tracker.stats().last == kTime + std::chrono::milliseconds(20));
  tracker.add(3, 0, kTime + std::chrono::milliseconds(60), 160);
  CHECK(tracker.stats().last == kTime + std::chrono::milliseconds(60));
}

TEST_CASE("a late packet from before the first one counts as expected") {
  SequenceTracker tracker;
  for (const int sequence : {5, 4, 6}) add(tracker, sequence);
  CHECK(tracker.stats().expected == 3);
  CHECK(tracker.stats().lost() == 0);
}

TEST_CASE("a jump that no loss explains is a restart and not a loss") {
  SequenceTracker tracker;
  for (const int sequence : {100, 101, 102, 30000, 30001}) add(tracker, sequence);
  CHECK(tracker.stats().lost() == 0);
  CHECK(tracker.stats().restarts == 1);
  CHECK(add(tracker, 100).verdict == Verdict::Restart);
}

TEST_CASE("any order within the window gives the same totals") {
  std::vector<int> order;
  for (int n = 0; n < 500; ++n) order.push_back(65300 + n);
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    std::vector<int> shuffled = order;
    for (std::size_t n = 0; n + 20 < shuffled.size(); n += 20) {
      std::shuffle(shuffled.begin() + static_cast<std::ptrdiff_t>(n),
                   shuffled.begin() + static_cast<std::ptrdiff_t>(n + 20), random);
    }
    SequenceTracker tracker;
    for (const int sequence : shuffled) add(tracker, sequence);
    CHECK(tracker.stats().packets == 500);
    CHECK(tracker.stats().expected == 500);
    CHECK(tracker.stats().duplicates == 0);
  }
}
