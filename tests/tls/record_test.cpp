#include "tls/record.h"

#include <catch2/catch.hpp>

#include "tests/support/tls_peers.h"

namespace tapestry::tls {
namespace {

using Octets = std::vector<std::uint8_t>;
bool is_header(const Octets& octets) { return parse_record_header(octets).has_value(); }

}  // namespace

TEST_CASE("a record's header is read, and what cannot be one is refused") {
  const auto header = parse_record_header(Octets{0x17, 0x03, 0x03, 0x01, 0x02});
  REQUIRE(header);
  CHECK(header->type == kApplicationData);
  CHECK(header->version == 0x0303);
  CHECK(header->length == 0x0102);
  CHECK(is_header({0x16, 0x03, 0x01, 0x00, 0x00}));
  CHECK(is_header({0x17, 0x03, 0x03, 0x48, 0x00}));
  CHECK_FALSE(is_header({0x17, 0x03, 0x03, 0x48, 0x01}));
  CHECK_FALSE(is_header({0x18, 0x03, 0x03, 0x00, 0x01}));
  CHECK_FALSE(is_header({0x13, 0x03, 0x03, 0x00, 0x01}));
  CHECK_FALSE(is_header({0x16, 0x02, 0x03, 0x00, 0x01}));
  CHECK_FALSE(is_header({0x16, 0x03, 0x05, 0x00, 0x01}));
  CHECK_FALSE(is_header({0x16, 0x03, 0x03, 0x00}));
}

TEST_CASE("both ends' first segments begin like TLS, later ones and other protocols do not") {
  testing::TlsPeers peers;
  peers.shake_hands();
  peers.send(true, "x");
  CHECK(begins_like_tls(as_bytes(peers.pieces()[0].bytes)));
  CHECK(begins_like_tls(as_bytes(peers.pieces()[1].bytes)));
  CHECK_FALSE(begins_like_tls(as_bytes(peers.pieces().back().bytes)));
  CHECK_FALSE(begins_like_tls(as_bytes("SIP/2.0 200 OK\r\n")));
  CHECK_FALSE(begins_like_tls(as_bytes(peers.pieces()[0].bytes.substr(0, 5))));
  CHECK_FALSE(begins_like_tls({}));
}

}  // namespace tapestry::tls
