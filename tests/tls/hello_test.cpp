#include "tls/hello.h"

#include <catch2/catch.hpp>
#include <vector>

namespace tapestry::tls {
namespace {

using Octets = std::vector<std::uint8_t>;

Octets operator+(Octets left, const Octets& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}
const Octets kVersion{0x03, 0x03};
/// ServerHello without extensions: a session of two octets, suite C02F.
const Octets kBare = kVersion + Octets(32, 7) + Octets{2, 1, 1, 0xC0, 0x2F, 0};

}  // namespace

TEST_CASE("a ClientHello gives its random, whatever follows") {
  const auto random = parse_client_hello(kVersion + Octets(32, 9) + Octets{1, 2, 3});
  REQUIRE(random);
  CHECK((*random)[0] == 9);
  CHECK((*random)[31] == 9);
  CHECK_FALSE(parse_client_hello(kVersion + Octets(31, 9)));
}

TEST_CASE("a ServerHello gives version, random, suite and SRTP profile") {
  const auto bare = parse_server_hello(kBare);
  REQUIRE(bare);
  CHECK(bare->version == 0x0303);
  CHECK(bare->suite == 0xC02F);
  CHECK(bare->random[5] == 7);
  CHECK_FALSE(bare->srtp_profile);
  const auto newer = parse_server_hello(kBare + Octets{0, 6, 0, 43, 0, 2, 0x03, 0x04});
  REQUIRE(newer);
  CHECK(newer->version == 0x0304);
  const Octets octets = kBare + Octets{0, 13, 0, 14, 0, 9, 0, 2, 0, 7, 4, 1, 2, 3, 4};
  const auto srtp = parse_server_hello(octets);
  REQUIRE(srtp);
  CHECK(srtp->srtp_profile == 7);
  CHECK(Octets(srtp->mki.begin(), srtp->mki.end()) == Octets{1, 2, 3, 4});
}

TEST_CASE("lengths that do not fit make a ServerHello malformed") {
  CHECK_FALSE(parse_server_hello(Octets(kBare.begin(), kBare.end() - 1)));
  CHECK_FALSE(parse_server_hello(kBare + Octets{0}));
  CHECK_FALSE(parse_server_hello(kBare + Octets{0, 7, 0, 43, 0, 2, 0x03, 0x04}));
  CHECK_FALSE(parse_server_hello(kBare + Octets{0, 5, 0, 43, 0, 2, 0x03, 0x04}));
  CHECK_FALSE(parse_server_hello(kBare + Octets{0, 6, 0, 43, 0, 9, 0x03, 0x04}));
  CHECK_FALSE(parse_server_hello(kBare + Octets{0, 9, 0, 14, 0, 5, 0, 2, 0, 7, 4}));
  CHECK_FALSE(parse_server_hello(kBare + Octets{0, 9, 0, 14, 0, 5, 0, 4, 0, 7, 0}));
}

}  // namespace tapestry::tls
