#include "pause/pauses.h"

#include <catch2/catch.hpp>

using namespace tapestry;
using pause::Holder;
using pause::Pause;
using pause::PauseEnd;
using pause::PauseMark;
using pause::Pauses;

namespace {

Time at(double seconds) {
  return Time(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds + 1000)));
}

PauseMark mark(const std::string& rule, double seconds) { return {.rule = rule, .message = "INFO", .at = at(seconds)}; }

Holder holder(const std::string& name, double seconds) {
  return {.name = name, .mark = mark(name, seconds), .since = at(seconds)};
}

void release(Pauses& pauses, const std::string& name, double seconds) {
  REQUIRE(pauses.release(name, at(seconds), mark(name, seconds), PauseEnd::Resume));
}

}  // namespace

TEST_CASE("a pause covers its start, and its end no longer") {
  Pauses pauses;
  CHECK(pauses.empty());
  CHECK(pauses.hold(holder("a", 10)));
  CHECK_FALSE(pauses.covers(at(9.999)));
  CHECK(pauses.covers(at(10)));
  CHECK(pauses.covers(at(5000)));
  release(pauses, "a", 20);
  CHECK(pauses.covers(at(19.999)));
  CHECK_FALSE(pauses.covers(at(20)));
}

TEST_CASE("who holds already does not hold twice, and who does not hold cannot let go") {
  Pauses pauses;
  CHECK(pauses.hold(holder("a", 10)));
  CHECK_FALSE(pauses.hold(holder("a", 11)));
  CHECK_FALSE(pauses.release("b", at(12), {}, PauseEnd::Resume));
  release(pauses, "a", 13);
  CHECK_FALSE(pauses.release("a", at(14), {}, PauseEnd::Resume));
  const auto list = pauses.finished(at(100));
  REQUIRE(list.size() == 1);
  CHECK(list[0].start == at(10));
  CHECK(list[0].end == at(13));
  CHECK(list[0].opened == mark("a", 10));
  CHECK(list[0].closed == mark("a", 13));
  CHECK(list[0].how == PauseEnd::Resume);
}

TEST_CASE("a pause lasts until its last holder lets go") {
  Pauses pauses;
  CHECK(pauses.hold(holder("a", 10)));
  CHECK(pauses.hold(holder("b", 12)));
  release(pauses, "a", 15);
  CHECK(pauses.covers(at(16)));
  release(pauses, "b", 18);
  const auto list = pauses.finished(at(100));
  REQUIRE(list.size() == 1);
  CHECK(list[0].opened.rule == "a");
  CHECK(list[0].closed->rule == "b");
  CHECK(list[0].end == at(18));
}

TEST_CASE("a pause lasts until the latest time at which a holder let go, in whatever order that is told") {
  Pauses pauses;
  CHECK(pauses.hold(holder("a", 10)));
  CHECK(pauses.hold(holder("b", 12)));
  release(pauses, "b", 18);
  release(pauses, "a", 15);
  CHECK(pauses.covers(at(17)));
  const auto list = pauses.finished(at(100));
  REQUIRE(list.size() == 1);
  CHECK(list[0].end == at(18));
  CHECK(list[0].closed->rule == "b");
  CHECK(pauses.hold(holder("a", 30)));
  release(pauses, "a", 31);
  CHECK_FALSE(pauses.covers(at(31)));
}

TEST_CASE("rolls are in a pause, and one that begins within them goes on") {
  Pauses pauses;
  Holder early = holder("a", 10);
  early.since = at(8);
  early.post_roll = std::chrono::seconds(2);
  CHECK(pauses.hold(early));
  release(pauses, "a", 12);
  CHECK(pauses.covers(at(8)));
  CHECK(pauses.covers(at(13.9)));
  CHECK_FALSE(pauses.covers(at(14)));
  CHECK(pauses.hold(holder("b", 13)));
  release(pauses, "b", 20);
  const auto list = pauses.finished(at(100));
  REQUIRE(list.size() == 1);
  CHECK(list[0].start == at(8));
  CHECK(list[0].end == at(20));
}

TEST_CASE("what nobody resumes ends with the call") {
  Pauses pauses;
  CHECK(pauses.hold(holder("a", 10)));
  const auto list = pauses.finished(at(30));
  REQUIRE(list.size() == 1);
  CHECK(list[0].end == at(30));
  CHECK(list[0].how == PauseEnd::CallEnd);
  CHECK_FALSE(list[0].closed);
}

TEST_CASE("pauses of two conversations that are one add up") {
  Pauses one;
  CHECK(one.hold(holder("a", 10)));
  release(one, "a", 20);
  CHECK(one.hold(holder("a", 40)));
  Pauses another;
  CHECK(another.hold(holder("b", 15)));
  release(another, "b", 25);
  CHECK(another.hold(holder("b", 38)));
  one.join(std::move(another));
  CHECK(one.covers(at(22)));
  CHECK(one.covers(at(39)));
  CHECK_FALSE(one.covers(at(30)));
  release(one, "a", 50);
  CHECK(one.covers(at(51)));
  release(one, "b", 55);
  CHECK_FALSE(one.covers(at(55)));
  const auto list = one.finished(at(100));
  REQUIRE(list.size() == 2);
  CHECK(list[0].start == at(10));
  CHECK(list[0].end == at(25));
  CHECK(list[1].start == at(38));
  CHECK(list[1].end == at(55));
}

TEST_CASE("a conversation that is not paused takes over another one's open pause") {
  Pauses one;
  Pauses another;
  CHECK(another.hold(holder("b", 15)));
  one.join(std::move(another));
  CHECK(one.covers(at(100)));
  release(one, "b", 110);
  CHECK_FALSE(one.covers(at(110)));
}

TEST_CASE("a pause that is over when it is known becomes longer, and lies beside others") {
  Pauses pauses;
  CHECK(pauses.hold(holder("a", 10)));
  const auto keyed = [](double from, double to) {
    return Pause{.start = at(from), .end = at(to), .opened = mark("keyed", from), .closed = mark("keyed", to)};
  };
  pauses.add(keyed(2, 4));
  pauses.add(keyed(2, 6));
  CHECK(pauses.list().size() == 2);
  CHECK(pauses.covers(at(5)));
  CHECK(pauses.is_covered_only_by("keyed", at(5)));
  CHECK_FALSE(pauses.is_covered_only_by("keyed", at(11)));
  CHECK_FALSE(pauses.is_covered_only_by("keyed", at(7)));
  release(pauses, "a", 12);
  CHECK_FALSE(pauses.covers(at(12)));
  CHECK(pauses.finished(at(100)).size() == 2);
}

TEST_CASE("beyond the bound of pauses the last one never ends") {
  Pauses pauses;
  for (std::size_t n = 0; n < pause::kMaxPauses + 5; ++n) {
    const double start = 10 + 2 * static_cast<double>(n);
    CHECK(pauses.hold(holder("a", start)));
    release(pauses, "a", start + 1);
  }
  CHECK(pauses.list().size() == pause::kMaxPauses);
  CHECK(pauses.covers(at(1e6)));
  Pause late{.start = at(2e6), .end = at(3e6), .opened = mark("keyed", 2e6)};
  pauses.add(late);
  CHECK(pauses.list().size() == pause::kMaxPauses);
}

TEST_CASE("a holder within the roll of the pause before does not shorten that roll") {
  Pauses pauses;
  Holder first = holder("a", 2);
  first.post_roll = std::chrono::seconds(8);
  REQUIRE(pauses.hold(first));
  release(pauses, "a", 5);
  REQUIRE(pauses.hold(holder("b", 6)));
  release(pauses, "b", 7);
  REQUIRE(pauses.list().size() == 1);
  CHECK(pauses.list().front().end == at(13));
  CHECK(pauses.covers(at(12)));
}

TEST_CASE("an open pause covers what comes when the clock went back") {
  Pauses pauses;
  pauses.begin_by(at(1));
  CHECK(pauses.empty());
  REQUIRE(pauses.hold(holder("a", 10)));
  pauses.begin_by(at(12));
  CHECK_FALSE(pauses.covers(at(9)));
  pauses.begin_by(at(4));
  CHECK(pauses.covers(at(4)));
  release(pauses, "a", 20);
  pauses.begin_by(at(1));
  CHECK_FALSE(pauses.covers(at(2)));
}
