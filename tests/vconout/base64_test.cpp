#include "vconout/base64.h"

#include <array>
#include <catch2/catch.hpp>
#include <utility>

namespace tapestry::vconout {

TEST_CASE("base64 gives the vectors of RFC 4648 section 10") {
  const std::array<std::pair<const char*, const char*>, 7> vectors{{{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}}};
  for (const auto& [plain, encoded] : vectors) {
    CHECK(base64(as_bytes(plain)) == encoded);
    const std::string unpadded(encoded);
    CHECK(base64url(as_bytes(plain)) == unpadded.substr(0, unpadded.find('=')));
  }
}

TEST_CASE("base64url replaces plus and slash, base64 does not") {
  const std::array<std::uint8_t, 4> bytes{0xfb, 0xff, 0xfe, 0xff};
  CHECK(base64(bytes) == "+//+/w==");
  CHECK(base64url(bytes) == "-__-_w");
}

TEST_CASE("base64url gives the example of RFC 7515 appendix C") {
  const std::array<std::uint8_t, 5> bytes{3, 236, 255, 224, 193};
  CHECK(base64url(bytes) == "A-z_4ME");
}

}  // namespace tapestry::vconout
