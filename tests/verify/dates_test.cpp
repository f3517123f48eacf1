#include "verify/dates.h"

#include <catch2/catch.hpp>

using namespace tapestry::verify;

TEST_CASE("dates in the normal form are read") {
  for (const char* text : {"2026-11-20T08:00:00Z", "2026-11-20T08:00:10.25Z", "2026-11-20T08:00:10.250Z",
                           "2026-11-20T08:00:00+01:00", "2024-02-29T23:59:59.000001-12:30"}) {
    CAPTURE(text);
    CHECK(normal_date(text));
  }
  CHECK(*normal_date("2026-11-20T09:00:00+01:00") == *normal_date("2026-11-20T08:00:00Z"));
}

TEST_CASE("other dates are refused") {
  for (const char* text :
       {"", "2026-11-20", "2026-11-20T08:00:00", "2026-11-20t08:00:00Z", "2026-11-20T08:00:00z",
        "2026-11-20T08:00:00.000Z", "2026-11-20T08:00:00.Z", "2026-11-20T08:00:00.5", "2026-02-30T08:00:00Z",
        "2026-11-20T24:00:00Z", "2026-11-20T08:00:00Z\n", "2026-11-20T08:00:00+0100", "9999-11-20T08:00:00Z",
        "1969-12-31T23:59:59Z", "0000-11-20T08:00:00Z", "2026-11-20 08:00:00Z", "2026-11-20T08:00:00.5z",
        "2026-11-20T08:00:00.0+01:00"}) {
    CAPTURE(text);
    CHECK_FALSE(normal_date(text));
  }
}
