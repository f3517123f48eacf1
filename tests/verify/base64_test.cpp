#include "verify/base64.h"

#include <catch2/catch.hpp>

using namespace tapestry::verify;

TEST_CASE("base64url without padding is decoded") {
  CHECK(from_base64url("") == "");
  CHECK(from_base64url("Zg") == "f");
  CHECK(from_base64url("Zm8") == "fo");
  CHECK(from_base64url("Zm9v") == "foo");
  CHECK(from_base64url("-_8") == "\xfb\xff");
}

TEST_CASE("padding, the other alphabet, odd lengths and unused bits are no base64url") {
  for (const char* text : {"Zg==", "+/8", "Z", "Zm9vY", "Zh", "Zm9", "Zm 9", "Zm\n9v"}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("certificates are in padded standard base64") {
  CHECK(from_base64("Zg==") == "f");
  CHECK(from_base64("Zm8=") == "fo");
  CHECK(from_base64("+/8=") == "\xfb\xff");
  for (const char* text : {"Zg", "Zg=", "-_8=", "Z===", "Zh==", "Zg==Zg=="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
}
