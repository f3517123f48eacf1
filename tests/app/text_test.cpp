#include "app/text.h"

#include <catch2/catch.hpp>

using namespace tapestry;
using namespace tapestry::app;

TEST_CASE("nothing that a terminal acts on gets through") {
  CHECK(printable("a\x1b[31mb\r\n\tc\x7f") == "a?[31mb???c?");
  CHECK(printable("\xc2\x9b"
                  "1m") == "?1m");  // CSI as C1
  CHECK(printable("a\xe2\x80\xae"
                  "b") == "a?b");  // right-to-left override
  CHECK(printable("M\xc3\xbcller") == "M\xc3\xbcller");
  CHECK(printable("M\xc3\xbcller", false) == "M?ller");
}

TEST_CASE("malformed UTF-8 becomes question marks") {
  CHECK(printable("\xff") == "?");
  CHECK(printable("\xc0\x80") == "??");            // overlong
  CHECK(printable("\xed\xa0\x80") == "???");       // surrogate
  CHECK(printable("a\xe2\x82") == "a??");          // cut
  CHECK(printable("\xf4\x90\x80\x80") == "????");  // beyond U+10FFFF
}

TEST_CASE("text is cut and padded by characters, not bytes") {
  CHECK(fit("abc", 5) == "abc  ");
  CHECK(fit("abcdef", 4) == "abc~");
  CHECK(fit("\xc3\xbc\xc3\xbc\xc3\xbc", 2) == "\xc3\xbc~");
  CHECK(fit("abc", 0).empty());
  CHECK(fit("", 2) == "  ");
  CHECK(width_of("M\xc3\xbcller") == 6);
}

TEST_CASE("numbers and times are written for people") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(clock_text(std::chrono::milliseconds(123'450)) == "2:03");
  CHECK(clock_text(std::chrono::milliseconds(123'450), true) == "2:03.5");
  CHECK(clock_text(std::chrono::milliseconds(59'960), true) == "1:00.0");
  CHECK(clock_text(std::chrono::seconds(3723)) == "1:02:03");
  CHECK(clock_text(-std::chrono::milliseconds(1500), true) == "-0:01.5");
  CHECK(date_text(*from_rfc3339("2026-11-20T08:00:00.9Z")) == "2026-11-20 08:00:00");
}
