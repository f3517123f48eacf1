#include "app/intake_meter.h"

#include <catch2/catch.hpp>

namespace tapestry::app {

using namespace std::chrono_literals;

TEST_CASE("rates are those of the last ten seconds") {
  IntakeMeter meter;
  const IntakeMeter::Clock::time_point start{};
  CHECK(meter.rate().packets == 0);
  for (std::uint64_t n = 0; n < 20; ++n) {
    meter.note({.packets = 100 * n, .bytes = 1000 * n, .sip_messages = n}, start + n * 1s);
    meter.note({.packets = 7777}, start + n * 1s + 500ms);
  }
  CHECK(meter.rate().packets == Approx(100));
  CHECK(meter.rate().bytes == Approx(1000));
  CHECK(meter.rate().sip_messages == Approx(1));
  for (std::uint64_t n = 20; n < 31; ++n) meter.note({1900, 19'000, 19}, start + n * 1s);
  CHECK(meter.rate().packets == 0);
}

}  // namespace tapestry::app
