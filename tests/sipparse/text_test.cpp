#include "sipparse/text.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("a quoted string ends at its first quote that is not escaped") {
  CHECK(quoted_end(R"("a\"b"c)", 0) == 6);
  CHECK(quoted_end(R"("a\)", 0) == std::string_view::npos);
  CHECK(quoted_end(R"(")", 0) == std::string_view::npos);
}

TEST_CASE("characters inside quotes are not found") {
  CHECK(find_unquoted(R"("a,b",c)", ",") == 5);
  CHECK(find_unquoted(R"("a,b)", ",") == std::string_view::npos);
  CHECK(find_unquoted("", ",") == std::string_view::npos);
}

TEST_CASE("numbers fill their text and fit their type") {
  CHECK(parse_number<std::uint8_t>("255") == 255);
  CHECK(parse_number<std::uint16_t>("0068") == 68);
  for (const std::string_view text : {"", "256", "-1", "+1", " 1", "1 ", "1x", "99999999999999999999999"}) {
    INFO(text);
    CHECK_FALSE(parse_number<std::uint8_t>(text));
  }
}

TEST_CASE("words and separated pieces are taken off the front") {
  std::string_view rest = "one \r\n two";
  CHECK(take_word(rest) == "one");
  CHECK(take_word(rest) == "two");
  CHECK(take_word(rest).empty());
  rest = "a/b";
  CHECK(take_until(rest, '/') == "a");
  CHECK(take_until(rest, '/') == "b");
  CHECK(take_until(rest, '/').empty());
}

TEST_CASE("comparison ignores case and nothing else") {
  CHECK(equals_ignore_case("SiP", "sIp"));
  CHECK_FALSE(equals_ignore_case("sip", "sips"));
  CHECK_FALSE(equals_ignore_case("@", "`"));
  CHECK(starts_with_ignore_case("MULTIPART/x", "multipart/"));
  CHECK_FALSE(starts_with_ignore_case("multi", "multipart/"));
}

}  // namespace tapestry::sip
