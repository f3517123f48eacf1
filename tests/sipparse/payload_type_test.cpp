#include "sipparse/payload_type.h"

#include <array>
#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("static payload types are those of RFC 3551") {
  REQUIRE(static_payload_type(0) != nullptr);
  CHECK(static_payload_type(0)->encoding == "PCMU");
  CHECK(static_payload_type(9)->encoding == "G722");
  CHECK(static_payload_type(9)->clock_hz == 8000);
  CHECK(static_payload_type(10)->channels == 2);
  CHECK(static_payload_type(11)->channels == 1);
  CHECK(static_payload_type(14)->clock_hz == 90000);
  CHECK(static_payload_type(17)->clock_hz == 22050);
  CHECK(static_payload_type(34)->encoding == "H263");
}

TEST_CASE("reserved, unassigned and dynamic numbers have none") {
  for (const auto number : std::to_array<std::uint8_t>({1, 2, 19, 24, 35, 72, 96, 127, 255}))
    CHECK(static_payload_type(number) == nullptr);
}

}  // namespace tapestry::sip
