#include "spool/delay_clock.h"

#include <catch2/catch.hpp>

namespace tapestry::spool {
namespace {

using namespace std::chrono_literals;

Time at(Duration since) { return Time(since); }

}  // namespace

TEST_CASE("a delay clock follows packet time") {
  DelayClock clock;
  CHECK(clock.reading() == 0s);
  CHECK(clock.reading_at(at(50s)) == 0s);
  clock.advance(at(100s));
  CHECK(clock.reading() == 0s);
  clock.advance(at(100s + 100ms));
  CHECK(clock.reading() == 100ms);
  CHECK(clock.reading_at(at(100s + 300ms)) == 300ms);
  CHECK(clock.reading_at(at(99s)) == 100ms);
}

TEST_CASE("a step of the capture's clock counts as a second, and one back as nothing") {
  DelayClock clock;
  clock.advance(at(100s));
  clock.advance(at(100'000s));
  CHECK(clock.reading() == 1s);
  clock.advance(at(50s));
  CHECK(clock.reading() == 1s);
  CHECK(clock.reading_at(at(100'000s)) == 2s);
  clock.advance(at(50s + 200ms));
  CHECK(clock.reading() == 1200ms);
}

TEST_CASE("times as far apart as there are do not overflow a delay clock") {
  DelayClock clock;
  clock.advance(Time::min());
  clock.advance(Time::max());
  CHECK(clock.reading() == 1s);
  CHECK(clock.reading_at(Time::min()) == 1s);
  clock.advance(Time::min());
  CHECK(clock.reading_at(Time::max()) == 2s);
}

}  // namespace tapestry::spool
