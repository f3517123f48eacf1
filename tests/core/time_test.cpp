#include "core/time.h"

#include <catch2/catch.hpp>

using namespace tapestry;
using namespace std::chrono_literals;

TEST_CASE("a time is written in RFC 8620's normal form") {
  const Time base = Time(1'795'161'600s);
  CHECK(to_rfc3339(base) == "2026-11-20T08:00:00Z");
  CHECK(to_rfc3339(base + 10s + 250ms) == "2026-11-20T08:00:10.25Z");
  CHECK(to_rfc3339(base + 1us) == "2026-11-20T08:00:00.000001Z");
  CHECK(to_rfc3339(base + 999ns) == "2026-11-20T08:00:00Z");
}

TEST_CASE("a written time reads back to the microsecond") {
  const Time time = Time(1'790'000'000s) + 20ms + 3us;
  CHECK(from_rfc3339(to_rfc3339(time)) == time);
  CHECK(from_rfc3339("2026-11-20T09:00:00+01:00") == Time(1'795'161'600s));
  CHECK(from_rfc3339("2026-11-20T08:00:00.5z") == Time(1'795'161'600s) + 500ms);
}

TEST_CASE("what is no date-time gives nothing") {
  for (const char* text : {"", "2026-11-20", "2026-13-20T08:00:00Z", "2026-11-20T25:00:00Z", "2026-11-20T08:00:00",
                           "2026-11-20T08:00:00.Z", "2026-11-20T08:00:00+1:00", "x026-11-20T08:00:00Z",
                           "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    CHECK_FALSE(from_rfc3339(text).has_value());
  }
}
