#include "tls/srtp_profile.h"

#include <catch2/catch.hpp>

namespace tapestry::tls {

TEST_CASE("profiles have the names that SDP gives them, those without encryption are none") {
  REQUIRE(srtp_profile(1));
  CHECK(srtp_profile(1)->name == "AES_CM_128_HMAC_SHA1_80");
  CHECK(srtp_profile(2)->name == "AES_CM_128_HMAC_SHA1_32");
  CHECK(srtp_profile(7)->name == "AEAD_AES_128_GCM");
  CHECK(srtp_profile(8)->key == 32);
  CHECK_FALSE(srtp_profile(5));
  CHECK_FALSE(srtp_profile(0));
}

}  // namespace tapestry::tls
