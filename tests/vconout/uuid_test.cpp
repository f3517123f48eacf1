#include "vconout/uuid.h"

#include <catch2/catch.hpp>

namespace tapestry::vconout {

TEST_CASE("a uuid of version 8 carries milliseconds, counter and the host's SHA-1") {
  const Time time{std::chrono::milliseconds(0x019f15a6a752)};
  CHECK(uuid8("recorder.example.com", time, 0x26f) == "019f15a6-a752-826f-bb82-041452eb905f");
  CHECK(uuid8("recorder.example.com", time + Duration(999'999), 0x26f) == "019f15a6-a752-826f-bb82-041452eb905f");
}

TEST_CASE("uuids of one millisecond differ by their counter, which is cut to 12 bits") {
  const Time time{std::chrono::milliseconds(1)};
  CHECK(uuid8("a", time, 1) != uuid8("a", time, 2));
  CHECK(uuid8("a", time, 0x1001) == uuid8("a", time, 1));
}

TEST_CASE("a time before 1970 still gives a well-formed uuid") {
  const std::string uuid = uuid8("a", Time{std::chrono::seconds(-1)}, 0xfff);
  CHECK(uuid.size() == 36);
  CHECK(uuid.substr(0, 18) == "ffffffff-fc18-8fff");
}

TEST_CASE("a UUID is known by its form") {
  CHECK(is_uuid("019f15a6-a752-826f-bb82-041452eb905f"));
  CHECK(is_uuid("0A1B2C3D-0000-4000-8000-0123456789AB"));
  CHECK_FALSE(is_uuid("019f15a6-a752-826f-bb82-041452eb905"));
  CHECK_FALSE(is_uuid("019f15a6xa752-826f-bb82-041452eb905f"));
  CHECK_FALSE(is_uuid("../..5a6-a752-826f-bb82-041452eb905f"));
  CHECK_FALSE(is_uuid(""));
}

}  // namespace tapestry::vconout
