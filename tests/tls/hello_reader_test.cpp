#include "tls/hello_reader.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/tls_peers.h"
#include "tls/record.h"

namespace tapestry::tls {
namespace {

bool is_none(const HelloReader& reader) { return std::holds_alternative<HelloReader::None>(reader.result()); }
bool is_open(const HelloReader& reader) { return std::holds_alternative<HelloReader::Incomplete>(reader.result()); }

/// The handshake message in records with bodies of `size` octets.
std::string records_of(const std::string& message, std::size_t size) {
  std::string out;
  for (std::size_t at = 0; at < message.size(); at += size) {
    const std::string body = message.substr(at, size);
    out +=
        std::string("\x16\x03\x01", 3) + static_cast<char>(body.size() >> 8U) + static_cast<char>(body.size()) + body;
  }
  return out;
}

}  // namespace

TEST_CASE("hellos are found however they are cut into records and pushes") {
  testing::TlsPeers peers;
  peers.shake_hands();
  const std::string hello = peers.pieces()[0].bytes.substr(kRecordHeader);
  const auto record = GENERATE(as<std::size_t>(), 1, 3, 50, 5000);
  const auto push = GENERATE(as<std::size_t>(), 1, 4, 1000);
  const std::string wire = records_of(hello, record) + "more";
  HelloReader reader;
  for (std::size_t at = 0; at < wire.size(); at += push)
    (void)reader.add(as_bytes(wire).subspan(at, std::min(push, wire.size() - at)));
  REQUIRE(std::holds_alternative<Random>(reader.result()));
  CHECK(as_bytes(peers.pieces()[0].bytes)[11] == std::get<Random>(reader.result())[0]);
  reader.lose();
  CHECK(std::holds_alternative<Random>(reader.result()));
  HelloReader server;
  REQUIRE(std::holds_alternative<ServerHello>(server.add(as_bytes(peers.wire(false)))));
  CHECK(std::get<ServerHello>(server.result()).version == 0x0304);
}

TEST_CASE("what does not begin with a hello has none") {
  HelloReader text;
  (void)text.add(as_bytes("INVITE sip:bob"));
  CHECK(is_none(text));
  HelloReader finished;
  (void)finished.add(as_bytes(records_of(std::string("\x14\0\0\x0c", 4), 4)));
  CHECK(is_none(finished));
  HelloReader longest;
  (void)longest.add(as_bytes(records_of(std::string("\x01\x00\x40\x01", 4), 4)));
  CHECK(is_none(longest));
  HelloReader empty;
  (void)empty.add(as_bytes(std::string_view("\x16\x03\x01\0\0", 5)));
  CHECK(is_none(empty));
}

TEST_CASE("an unfinished hello is lost with the bytes that are missing") {
  testing::TlsPeers peers;
  peers.shake_hands();
  HelloReader reader;
  (void)reader.add(as_bytes(peers.wire(true)).first(30));
  CHECK(is_open(reader));
  reader.lose();
  CHECK(is_none(reader));
}

}  // namespace tapestry::tls
