#include "dtmf/code_matcher.h"

#include <catch2/catch.hpp>
#include <string_view>
#include <vector>

namespace tapestry::dtmf {
namespace {

using namespace std::chrono_literals;

Press press(char key, Duration at) { return {.key = key, .start = Time(at), .end = Time(at + 100ms)}; }

/// Keys at one a second; how often the code was found.
std::size_t found(std::string_view code, std::string_view keys) {
  CodeMatcher matcher{std::string(code)};
  std::size_t count = 0;
  Duration at = 1s;
  for (const char key : keys) {
    if (matcher.add(press(key, at))) ++count;
    at += 1s;
  }
  return count;
}

}  // namespace

TEST_CASE("a code is found among other keys, with the times of its first and last key") {
  CodeMatcher matcher("*91");
  CHECK_FALSE(matcher.add(press('5', 1s)));
  CHECK_FALSE(matcher.add(press('*', 2s)));
  CHECK_FALSE(matcher.add(press('9', 3s)));
  const auto match = matcher.add(press('1', 4s));
  REQUIRE(match);
  CHECK(match->start == Time(2s));
  CHECK(match->end == Time(4100ms));
}

TEST_CASE("a beginning that turns out to be none does not hide the code") {
  CHECK(found("*91", "**91") == 1);
  CHECK(found("*91", "*9*91") == 1);
  CHECK(found("112", "1112") == 1);
  CHECK(found("1212", "121212") == 1);
  CHECK(found("*91", "*19") == 0);
}

TEST_CASE("each key counts for one code only") {
  CHECK(found("*9", "*9*9") == 2);
  CHECK(found("11", "1111") == 2);
  CHECK(found("11", "111") == 1);
  CHECK(found("9", "999") == 3);
}

TEST_CASE("more than four seconds between two keys part them") {
  CodeMatcher matcher("*9");
  CHECK_FALSE(matcher.add(press('*', 1s)));
  CHECK_FALSE(matcher.add(press('9', 5101ms)));
  CHECK_FALSE(matcher.add(press('*', 6s)));
  CHECK(matcher.add(press('9', 10'100ms)));
}

TEST_CASE("presses that are told out of order are put in order") {
  CodeMatcher matcher("*91");
  CHECK_FALSE(matcher.add(press('*', 1s)));
  CHECK_FALSE(matcher.add(press('1', 3s)));
  const auto match = matcher.add(press('9', 2s));
  REQUIRE(match);
  CHECK(match->end == Time(3100ms));
}

TEST_CASE("an empty code and one that is too long are never found") {
  CHECK(found("", "123") == 0);
  CHECK(found(std::string(CodeMatcher::kMostKeys, '1'), std::string(40, '1')) == 2);
  CHECK(found(std::string(CodeMatcher::kMostKeys + 1, '1'), std::string(80, '1')) == 0);
}

}  // namespace tapestry::dtmf
