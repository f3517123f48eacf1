#include "tls/dtls_table.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/packet_builder.h"
#include "tests/support/recording_receiver.h"
#include "tests/support/tls_peers.h"

namespace tapestry::tls {
namespace {

using namespace tapestry::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A table and the keys that come out of it.
struct Tap {
  explicit Tap(bool with_keys = true, std::size_t most = DtlsTable::kMaxAssociations)
      : table(with_keys ? &log : nullptr, [this](const SrtpKeying& keying) { keyings.push_back(keying); }, most) {}

  void add(bool up, std::string_view bytes) {
    now += milliseconds(1);
    (void)table.add(now, up ? client : server, up ? server : client, as_bytes(bytes));
  }
  void add(const TlsPeers& peers) {
    for (const auto& piece : peers.pieces()) add(piece.up, piece.bytes);
  }
  [[nodiscard]] std::uint64_t counted(std::string_view name) const { return value_of(table.counters(), name); }

  KeyLog log;
  Endpoint client = endpoint("10.0.0.1:4000");
  Endpoint server = endpoint("10.0.0.2:6000");
  Time now{seconds(1'700'000'000)};
  std::vector<SrtpKeying> keyings;
  DtlsTable table;
};

std::string text(const Secret& secret) { return std::string(as_text(secret.bytes())); }

constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";

}  // namespace

TEST_CASE("keys are those that the ends' own library exports, for every profile and digest") {
  struct Row {
    const char* openssl;
    const char* name;
    std::size_t key;
    std::size_t salt;
  };
  const auto row = GENERATE(Row{"SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80", 16, 14},
                            Row{"SRTP_AES128_CM_SHA1_32", "AES_CM_128_HMAC_SHA1_32", 16, 14},
                            Row{"SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM", 16, 12},
                            Row{"SRTP_AEAD_AES_256_GCM", "AEAD_AES_256_GCM", 32, 12});
  const std::string suite = GENERATE("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                                     "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA");
  INFO(row.name << " " << suite);
  TlsPeers peers({.datagrams = true, .suite = suite, .srtp = row.openssl});
  peers.shake_hands();
  const std::string material = peers.exported(kLabel, 2 * (row.key + row.salt));
  Tap tap;
  tap.log.add(peers.key_log());
  tap.add(peers);
  REQUIRE(tap.keyings.size() == 1);
  const SrtpKeying& keying = tap.keyings.front();
  CHECK(keying.client == tap.client);
  CHECK(keying.server == tap.server);
  CHECK(keying.profile == row.name);
  const bool client = text(keying.client_key) == material.substr(0, row.key) + material.substr(2 * row.key, row.salt);
  const bool server =
      text(keying.server_key) == material.substr(row.key, row.key) + material.substr(2 * row.key + row.salt);
  CHECK(client);
  CHECK(server);
  CHECK(keying.mki.empty());
  CHECK(tap.counted("dtls.handshakes") == 1);
  CHECK(tap.counted("dtls.keyed") == 1);
}

TEST_CASE("a handshake repeated gives its keys once, a new one between the same endpoints others") {
  TlsPeers first({.datagrams = true, .srtp = "SRTP_AES128_CM_SHA1_80"});
  first.shake_hands();
  TlsPeers second({.datagrams = true, .srtp = "SRTP_AES128_CM_SHA1_80"});
  second.shake_hands();
  Tap tap;
  tap.log.add(first.key_log() + second.key_log());
  tap.add(first);
  tap.add(first);
  CHECK(tap.keyings.size() == 1);
  std::swap(tap.client, tap.server);
  tap.add(second);
  REQUIRE(tap.keyings.size() == 2);
  CHECK(tap.keyings[1].client == tap.client);
  CHECK_FALSE(tap.keyings[0].client_key.bytes()[0] == 0);
}

TEST_CASE("secrets that come later are used, at the latest at the end") {
  TlsPeers peers({.datagrams = true, .srtp = "SRTP_AES128_CM_SHA1_80"});
  peers.shake_hands();
  Tap tap;
  tap.add(peers);
  tap.table.retry(tap.now);
  CHECK(tap.keyings.empty());
  tap.log.add(peers.key_log());
  SECTION("while time goes on") { tap.table.retry(tap.now + seconds(1)); }
  SECTION("at the end") { tap.table.finish(); }
  REQUIRE(tap.keyings.size() == 1);
  CHECK(tap.keyings[0].time <= tap.now);
  tap.table.retry(tap.now + seconds(2));
  tap.table.finish();
  CHECK(tap.keyings.size() == 1);
  CHECK(tap.counted("dtls.no_key") == 0);
}

TEST_CASE("a handshake that gives no keys is counted by the reason") {
  SECTION("no key log") {
    TlsPeers peers({.datagrams = true, .srtp = "SRTP_AES128_CM_SHA1_80"});
    peers.shake_hands();
    Tap tap(false);
    tap.add(peers);
    tap.table.finish();
    CHECK(tap.counted("dtls.no_key") == 1);
  }
  SECTION("another's key log") {
    TlsPeers peers({.datagrams = true, .srtp = "SRTP_AES128_CM_SHA1_80"});
    peers.shake_hands();
    TlsPeers other({.datagrams = true});
    other.shake_hands();
    Tap tap;
    tap.log.add(other.key_log());
    tap.add(peers);
    tap.table.finish();
    CHECK(tap.keyings.empty());
    CHECK(tap.counted("dtls.no_key") == 1);
  }
  SECTION("no SRTP") {
    TlsPeers peers({.datagrams = true});
    peers.shake_hands();
    Tap tap;
    tap.log.add(peers.key_log());
    tap.add(peers);
    CHECK(tap.keyings.empty());
    CHECK(tap.counted("dtls.no_srtp") == 1);
  }
  SECTION("no ClientHello") {
    TlsPeers peers({.datagrams = true, .srtp = "SRTP_AES128_CM_SHA1_80"});
    peers.shake_hands();
    Tap tap;
    tap.log.add(peers.key_log());
    tap.add(false, peers.wire(false));
    CHECK(tap.keyings.empty());
    CHECK(tap.counted("dtls.no_client_hello") == 1);
  }
}

TEST_CASE("handshakes are bounded in number: the longest idle goes") {
  TlsPeers peers({.datagrams = true, .srtp = "SRTP_AES128_CM_SHA1_80"});
  peers.shake_hands();
  Tap tap(true, 2);
  for (std::uint16_t port = 1; port <= 5; ++port) {
    tap.client.port = port;
    tap.add(peers);
  }
  CHECK(tap.counted("dtls.forgotten") == 3);
  CHECK(tap.counted("dtls.no_key") == 3);
  tap.log.add(peers.key_log());
  tap.table.retry(tap.now);
  REQUIRE(tap.keyings.size() == 2);
  CHECK(tap.keyings[0].client.port == 4);
}

}  // namespace tapestry::tls
