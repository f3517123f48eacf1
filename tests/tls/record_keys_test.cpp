#include "tls/record_keys.h"

#include <array>
#include <catch2/catch.hpp>
#include <vector>

namespace tapestry::tls {
namespace {

Secret secret_of(std::uint8_t octet, std::size_t size) { return Secret(Bytes(std::vector<std::uint8_t>(size, octet))); }

}  // namespace

TEST_CASE("records too short for nonce and tag are not opened") {
  const std::vector<std::uint8_t> body(40);
  RecordKeys tls13(suite_of(0x1301), secret_of(1, 32));
  auto [client, server] = RecordKeys::of_master_secret(suite_of(0xC02F), secret_of(1, 48), {}, {});
  for (std::size_t size = 0; size <= body.size(); ++size) {
    const RecordHeader header{kApplicationData, kTls12, size};
    CHECK_FALSE(tls13.open(header, Bytes(body).first(size), 0));
    CHECK_FALSE(client.open(header, Bytes(body).first(size), 0));
    CHECK_FALSE(server.open(header, Bytes(body).first(size), 0));
  }
}

TEST_CASE("only TLS 1.3 has keys that come after") {
  const RecordKeys tls13(suite_of(0x1302), secret_of(1, 48));
  CHECK(tls13.can_update());
  CHECK(tls13.updated().updated().can_update());
  const auto pair = RecordKeys::of_master_secret(suite_of(0xCCA8), secret_of(1, 48), {}, {});
  CHECK_FALSE(pair.first.can_update());
}

}  // namespace tapestry::tls
