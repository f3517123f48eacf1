#include "tls/connection.h"

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/recording_receiver.h"
#include "tests/support/tls_peers.h"

namespace tapestry::tls {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::TlsPeers;
using testing::value_of;
using Texts = std::vector<std::string>;

const std::string kInvite = "INVITE sip:bob@example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n";
const std::string kAnswer = "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n";
const std::string kBye = "BYE sip:bob@example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n";
constexpr Time kStart(seconds(1'700'000'000));

/// A connection and all that comes out of it.
struct Tap {
  Connection connection;
  KeyLog keys;
  bool has_keys = true;
  Tally tally;
  Time now = kStart;
  Texts texts;  ///< `>` before what the client sent, `<` before what the server did; `|` where some are lost
  std::vector<Time> times;

  void add(bool up, std::string_view bytes, bool lost = false) {
    now += milliseconds(1);
    connection.add(up ? 0 : 1, now, as_bytes(bytes), lost, has_keys ? &keys : nullptr, tally, use());
  }
  void retry() { connection.retry(now, has_keys ? &keys : nullptr, tally, use()); }
  void add(const TlsPeers& peers, std::size_t size = 1U << 20U, std::size_t from = 0) {
    for (std::size_t n = from; n < peers.pieces().size(); ++n) {
      const auto& piece = peers.pieces()[n];
      for (std::size_t at = 0; at < piece.bytes.size(); at += size) add(piece.up, piece.bytes.substr(at, size));
    }
  }
  Connection::Use use() {
    return [this](const Connection::Data& data) {
      texts.push_back((data.lost_before ? "|" : "") + std::string(data.side == 0 ? ">" : "<") +
                      std::string(as_text(data.bytes)));
      times.push_back(data.time);
    };
  }
  [[nodiscard]] std::uint64_t counted(std::string_view name) const {
    Counters counters;
    append(counters, tally);
    return value_of(counters, name);
  }
};

/// Handshake, INVITE, 200, BYE.
void talk(TlsPeers& peers) {
  peers.shake_hands();
  peers.send(true, kInvite);
  peers.send(false, kAnswer);
  peers.send(true, kBye);
}

const Texts kTalk{">" + kInvite, "<" + kAnswer, ">" + kBye};

}  // namespace

TEST_CASE("every AEAD suite of TLS 1.3 and 1.2 is opened") {
  const bool tls13 = GENERATE(true, false);
  const std::string suite =
      tls13
          ? GENERATE("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
          : GENERATE("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305");
  INFO(suite);
  TlsPeers peers({.tls13 = tls13, .suite = suite});
  talk(peers);
  const auto size = GENERATE(as<std::size_t>(), 1, 7, 100, 1000, 100'000);
  Tap tap;
  tap.keys.add(peers.key_log());
  tap.add(peers, size);
  CHECK(tap.texts == kTalk);
  CHECK(tap.counted("tls.connections") == 1);
  CHECK(tap.counted("tls.opened") == 1);
  CHECK(tap.counted("tls.bytes") == kInvite.size() + kAnswer.size() + kBye.size());
  CHECK_FALSE(tap.connection.waiting());
  CHECK(tap.connection.held_bytes() == 0);
}

TEST_CASE("padding, a HelloRetryRequest and changes of keys are followed") {
  TlsPeers peers({.retry = true, .padding = 512});
  talk(peers);
  peers.update_keys(true);
  peers.send(true, kInvite);
  peers.send(false, kAnswer);
  peers.update_keys(false);
  peers.update_keys(false);
  peers.send(false, kAnswer);
  peers.send(true, kBye);
  Tap tap;
  tap.keys.add(peers.key_log());
  tap.add(peers);
  Texts expected = kTalk;
  expected.insert(expected.end(), {">" + kInvite, "<" + kAnswer, "<" + kAnswer, ">" + kBye});
  CHECK(tap.texts == expected);
  CHECK(tap.counted("tls.given_up") == 0);
}

TEST_CASE("a message longer than a record comes whole") {
  TlsPeers peers;
  peers.shake_hands();
  const std::string text(50'000, 'x');
  peers.send(true, text);
  Tap tap;
  tap.keys.add(peers.key_log());
  tap.add(peers, 1400);
  std::string all;
  for (const std::string& part : tap.texts) all += part.substr(1);
  CHECK(all == text);
}

TEST_CASE("bytes wait for keys that the log gets after them, and keep their times and order") {
  const bool tls13 = GENERATE(true, false);
  TlsPeers peers({.tls13 = tls13});
  talk(peers);
  Tap tap;
  tap.add(peers);
  CHECK(tap.texts.empty());
  CHECK(tap.connection.waiting());
  CHECK(tap.connection.held_bytes() > 0);
  tap.keys.add(peers.key_log());
  const Time before = tap.now;
  tap.now += seconds(2);
  tap.retry();
  CHECK(tap.texts == kTalk);
  REQUIRE(tap.times.size() == 3);
  CHECK(tap.times[0] < tap.times[1]);
  CHECK(tap.times[1] < tap.times[2]);
  CHECK(tap.times[2] <= before);
  CHECK(tap.connection.held_bytes() == 0);
}

TEST_CASE("a secret of the wrong length, as of a line half written, is waited on") {
  TlsPeers peers({.suite = "TLS_AES_256_GCM_SHA384"});
  talk(peers);
  std::istringstream lines(peers.key_log());
  std::string cut;
  for (std::string line; std::getline(lines, line);) cut += line.substr(0, line.size() - 32) + "\n";
  Tap tap;
  tap.keys.add(cut);
  REQUIRE(tap.keys.generation() > 0);
  tap.add(peers);
  CHECK(tap.connection.waiting());
  tap.keys.add(peers.key_log());
  tap.retry();
  CHECK(tap.texts == kTalk);
}

TEST_CASE("the server's bytes may come before the client's") {
  TlsPeers peers;
  talk(peers);
  Tap tap;
  tap.keys.add(peers.key_log());
  tap.add(false, peers.wire(false));
  tap.add(true, peers.wire(true));
  CHECK(tap.texts == Texts{"<" + kAnswer, ">" + kInvite, ">" + kBye});
}

TEST_CASE("waiting for keys is bounded in bytes and in time") {
  TlsPeers peers;
  peers.shake_hands();
  peers.send(true, std::string(10'000, 'x'));
  Tap tap;
  tap.add(peers);
  SECTION("bytes") {
    for (int n = 0; n < 60 && tap.connection.waiting(); ++n) {
      tap.add(true, peers.pieces().back().bytes);
      CHECK(tap.connection.held_bytes() <= Connection::kMaxHeld);
    }
  }
  SECTION("tiny pieces") {
    for (std::size_t n = 0; n < Connection::kMaxHeld / 64 && tap.connection.waiting(); ++n) tap.add(true, "x");
  }
  SECTION("time") {
    tap.now += Connection::kMaxWait + seconds(1);
    tap.retry();
  }
  CHECK(tap.connection.useless());
  CHECK(tap.connection.held_bytes() == 0);
  CHECK(tap.counted("tls.no_key") == 1);
  CHECK(tap.counted("tls.held_dropped_bytes") > 0);
  tap.keys.add(peers.key_log());
  tap.retry();
  CHECK(tap.texts.empty());
}

TEST_CASE("behind a loss the next record is found again") {
  const bool tls13 = GENERATE(true, false);
  const auto skip = GENERATE(as<std::size_t>(), 0, 1, 3, 40, 60);
  TlsPeers peers({.tls13 = tls13});
  peers.shake_hands();
  peers.send(true, kInvite);
  const std::size_t before = peers.wire(true).size();
  for (int n = 0; n < 30; ++n) peers.send(true, kAnswer);
  const std::size_t lost_end = peers.wire(true).size();
  peers.send(true, kInvite);
  peers.send(true, kBye);
  Tap tap;
  tap.keys.add(peers.key_log());
  const std::string up = peers.wire(true);
  tap.add(false, peers.wire(false));
  tap.add(true, up.substr(0, before + 10));
  tap.add(true, up.substr(lost_end + skip), true);
  CHECK(tap.texts.front() == ">" + kInvite);
  CHECK(tap.texts.back() == (skip == 0 ? ">" + kBye : "|>" + kBye));
  CHECK(tap.texts.size() == (skip == 0 ? 3 : 2));
  CHECK(tap.counted("tls.resumed") == 1);
  CHECK(tap.counted("tls.given_up") == 0);
}

TEST_CASE("behind a loss of thousands of records the next ones are found again") {
  TlsPeers peers({.tls13 = GENERATE(true, false)});
  peers.shake_hands();
  peers.send(true, kInvite);
  const std::size_t before = peers.wire(true).size();
  for (int n = 0; n < 1500; ++n) peers.send(true, kAnswer);
  const std::size_t lost_end = peers.wire(true).size();
  for (int n = 0; n < 100; ++n) peers.send(true, kAnswer);
  peers.send(true, kBye);
  Tap tap;
  tap.keys.add(peers.key_log());
  const std::string up = peers.wire(true);
  tap.add(false, peers.wire(false));
  tap.add(true, up.substr(0, before));
  for (std::size_t at = lost_end; at < up.size(); at += 1400) tap.add(true, up.substr(at, 1400), at == lost_end);
  CHECK(tap.texts.back() == ">" + kBye);
  CHECK(tap.texts.size() > 50);
  CHECK(tap.counted("tls.given_up") == 0);
}

TEST_CASE("a KeyUpdate inside a loss does not end a direction") {
  TlsPeers peers;
  peers.shake_hands();
  peers.send(true, kInvite);
  const std::size_t before = peers.wire(true).size();
  peers.update_keys(true);
  peers.send(true, kAnswer);
  const std::size_t after = peers.wire(true).size();
  peers.send(true, kBye);
  Tap tap;
  tap.keys.add(peers.key_log());
  const std::string up = peers.wire(true);
  tap.add(false, peers.wire(false));
  tap.add(true, up.substr(0, before));
  tap.add(true, up.substr(after), true);
  CHECK(tap.texts == Texts{">" + kInvite, "|>" + kBye});
}

TEST_CASE("a loss inside the handshake does not matter as long as both hellos are there") {
  TlsPeers peers({.tls13 = GENERATE(true, false)});
  talk(peers);
  Tap tap;
  tap.keys.add(peers.key_log());
  const auto& pieces = peers.pieces();
  for (std::size_t n = 0; n < pieces.size(); ++n) {
    if (n == 1) {
      tap.add(false, pieces[n].bytes.substr(0, 200));
      tap.add(false, pieces[n].bytes.substr(300), true);
    } else {
      tap.add(pieces[n].up, pieces[n].bytes);
    }
  }
  REQUIRE(tap.texts.size() == 3);
  CHECK(tap.texts[0] == ">" + kInvite);
  CHECK(tap.texts[1] == "|<" + kAnswer);
}

TEST_CASE(
    "without a key, with a wrong one, or with a suite that is no AEAD nothing comes out, and the reason is counted") {
  SECTION("no key log") {
    TlsPeers peers;
    talk(peers);
    Tap tap;
    tap.has_keys = false;
    tap.add(peers);
    CHECK(tap.texts.empty());
    CHECK(tap.connection.useless());
    CHECK(tap.counted("tls.no_key") == 1);
    CHECK(tap.connection.held_bytes() == 0);
  }
  SECTION("another connection's secrets under this one's random") {
    TlsPeers peers;
    talk(peers);
    TlsPeers other;
    talk(other);
    const std::string random = peers.key_log().substr(peers.key_log().find(' ') + 1, 64);
    const std::string foreign = other.key_log().substr(other.key_log().find(' ') + 1, 64);
    std::string log = other.key_log();
    for (std::size_t at = 0; (at = log.find(foreign, at)) != std::string::npos;) log.replace(at, 64, random);
    for (unsigned n = 0; n <= RecordReader::kMaxMisses; ++n) peers.send(true, kBye);
    Tap tap;
    tap.keys.add(log);
    tap.add(peers);
    CHECK(tap.texts.empty());
    CHECK(tap.counted("tls.opened") == 1);
    CHECK(tap.counted("tls.records") == 0);
    CHECK(tap.counted("tls.given_up") == 1);
  }
  SECTION("CBC") {
    TlsPeers peers({.tls13 = false, .suite = "ECDHE-ECDSA-AES256-SHA384"});
    talk(peers);
    Tap tap;
    tap.keys.add(peers.key_log());
    tap.add(peers);
    CHECK(tap.texts.empty());
    CHECK(tap.connection.useless());
    CHECK(tap.counted("tls.suite_cbc") == 1);
  }
  SECTION("CCM") {
    TlsPeers peers({.tls13 = false, .suite = "ECDHE-ECDSA-AES128-CCM"});
    talk(peers);
    Tap tap;
    tap.keys.add(peers.key_log());
    tap.add(peers);
    CHECK(tap.texts.empty());
    CHECK(tap.counted("tls.suite_other") == 1);
  }
  SECTION("in mid-connection") {
    TlsPeers peers;
    talk(peers);
    Tap tap;
    tap.keys.add(peers.key_log());
    tap.add(peers, 1U << 20U, peers.pieces().size() - 3);
    CHECK(tap.texts.empty());
    CHECK(tap.connection.useless());
    CHECK(tap.counted("tls.no_hello") == 1);
  }
  SECTION("two clients") {
    TlsPeers peers;
    talk(peers);
    Tap tap;
    tap.add(true, peers.wire(true));
    tap.add(false, peers.wire(true));
    CHECK(tap.connection.useless());
    CHECK(tap.counted("tls.no_hello") == 1);
  }
}

TEST_CASE("bytes changed on their way do not come out, and those behind them do") {
  TlsPeers peers;
  talk(peers);
  peers.send(true, kBye);
  Tap tap;
  tap.keys.add(peers.key_log());
  std::size_t up = 0;
  for (const auto& piece : peers.pieces()) {
    std::string bytes = piece.bytes;
    if (piece.up && ++up == 4) bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    tap.add(piece.up, bytes);
  }
  CHECK(tap.texts == Texts{">" + kInvite, "<" + kAnswer, "|>" + kBye});
}

}  // namespace tapestry::tls
