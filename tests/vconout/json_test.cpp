#include "vconout/json.h"

#include <catch2/catch.hpp>

namespace tapestry::vconout {

TEST_CASE("members that say nothing are left out, the others keep their order") {
  Json object = Json::object();
  add_text(object, "z", "last");
  add_text(object, "empty", "");
  add_count(object, "zero", 0);
  add_count(object, "a", 5);
  CHECK(object.dump() == R"({"z":"last","a":5})");
}

TEST_CASE("seconds are rounded to the microsecond") {
  CHECK(json_seconds(Duration(1'000'000'499)) == 1.0);
  CHECK(json_seconds(Duration(100'000'000)) == 0.1);
  CHECK(Json(json_seconds(std::chrono::hours(1))).dump() == "3600.0");
}

}  // namespace tapestry::vconout
