#include "vconout/utf8.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace tapestry::vconout {
namespace {
const std::string kBad = "\xEF\xBF\xBD";
}

TEST_CASE("valid UTF-8 stays as it is") {
  const std::string text = "Zo\xC3\xAB \xE2\x82\xAC \xF0\x9F\x93\x9E \xED\x9F\xBF \xF4\x8F\xBF\xBF";
  CHECK(to_utf8(text) == text);
  CHECK(to_utf8(std::string("a\0b", 3)) == std::string("a\0b", 3));
}

TEST_CASE("each ill-formed sequence becomes one replacement character") {
  CHECK(to_utf8("caf\xE9!") == "caf" + kBad + "!");                             // Latin-1
  CHECK(to_utf8("\x80") == kBad);                                               // continuation alone
  CHECK(to_utf8("\xE2\x82x") == kBad + "x");                                    // cut short
  CHECK(to_utf8("\xE2\x82") == kBad);                                           // cut by the end
  CHECK(to_utf8("\xC0\xAF") == kBad + kBad);                                    // overlong
  CHECK(to_utf8("\xE0\x80\xAF") == kBad + kBad + kBad);                         // overlong
  CHECK(to_utf8("\xED\xA0\x80") == kBad + kBad + kBad);                         // surrogate
  CHECK(to_utf8("\xF4\x90\x80\x80") == kBad + kBad + kBad + kBad);              // above U+10FFFF
  CHECK(to_utf8("\xF0\x9F\x93\xF0\x9F\x93\x9E") == kBad + "\xF0\x9F\x93\x9E");  // resumes at the next lead
  CHECK(to_utf8("\xFF\xFE") == kBad + kBad);
}

TEST_CASE("every pair of bytes becomes text that JSON can hold") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second), 'x'};
      REQUIRE_NOTHROW(nlohmann::json(to_utf8(text)).dump());
    }
  }
}

}  // namespace tapestry::vconout
