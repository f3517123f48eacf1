#include "sipparse/base64.h"

#include <catch2/catch.hpp>

namespace tapestry::sip {

TEST_CASE("base64 is decoded with or without padding and blanks, and nothing else is") {
  CHECK(decode_base64("") == "");
  CHECK(decode_base64("Zg==") == "f");
  CHECK(decode_base64("Zm8") == "fo");
  CHECK(decode_base64("Zm9v\r\n YmFy") == "foobar");
  CHECK(decode_base64("/+8=") == "\xff\xef");
  CHECK_FALSE(decode_base64("Z"));
  CHECK_FALSE(decode_base64("Zm9v*"));
  CHECK_FALSE(decode_base64("Zm=9"));
}

}  // namespace tapestry::sip
