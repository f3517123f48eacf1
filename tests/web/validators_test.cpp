#include "web/validators.h"

#include <catch2/catch.hpp>

namespace tapestry::web {

TEST_CASE("a tag changes with size, time and file, a date is an HTTP-date") {
  struct stat status{};
  status.st_ino = 1;
  status.st_size = 16;
  status.st_mtim = {.tv_sec = 784'111'777, .tv_nsec = 5};
  const Validators first = validators_of(status);
  CHECK(first.etag == "\"1-10-2ebc98a1.5\"");
  CHECK(first.modified == "Sun, 06 Nov 1994 08:49:37 GMT");
  status.st_mtim.tv_nsec = 6;
  CHECK(validators_of(status).etag != first.etag);
}

TEST_CASE("If-None-Match is compared weakly, with each tag of its list") {
  const std::string tag = "\"a\"";
  for (const char* value : {"\"a\"", "W/\"a\"", "\"b\", \"a\"", "*", "  \"x,y\" ,W/\"a\"",
                            ","
                            "\"a\""}) {
    INFO(value);
    CHECK(names_tag(value, tag));
  }
  for (const char* value : {"", "a", "\"b\"", "\"a", "b, \"a\"", "W/", ",,", "\""}) {
    INFO(value);
    CHECK_FALSE(names_tag(value, tag));
  }
}

TEST_CASE("If-Range holds for the same strong tag or date alone") {
  const Validators validators{.etag = "\"a\"", .modified = "Sun, 06 Nov 1994 08:49:37 GMT"};
  CHECK(is_unchanged("\"a\"", validators));
  CHECK(is_unchanged("Sun, 06 Nov 1994 08:49:37 GMT", validators));
  CHECK_FALSE(is_unchanged("W/\"a\"", validators));
  CHECK_FALSE(is_unchanged("Sun, 06 Nov 1994 08:49:38 GMT", validators));
  CHECK_FALSE(is_unchanged("", validators));
}

}  // namespace tapestry::web
