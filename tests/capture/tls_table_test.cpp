#include "capture/tls_table.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "capture/decoder.h"
#include "tests/support/packet_builder.h"
#include "tests/support/recording_receiver.h"
#include "tests/support/tls_peers.h"
#include "tests/support/websocket_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Texts = std::vector<std::string>;

const std::string kInvite = "INVITE sip:bob@example.com SIP/2.0\r\n\r\n";
const std::string kAnswer = "SIP/2.0 200 OK\r\n\r\n";

/// TLS connections over TCP through a whole decoder.
struct Bench : Receiver {
  explicit Bench(bool with_keys = true, const DecoderLimits& limits = {})
      : decoder(*this, limits, with_keys ? &keys : nullptr) {}
  FrameEnd on_datagram(const Datagram&) override { return FrameEnd::OtherDatagram; }
  void on_stream(const StreamBytes& bytes) override {
    if (bytes.closed) ++closed;
    if (bytes.bytes.empty()) return;
    (bytes.tls ? opened : plain).push_back((bytes.message ? "ws " : "") + std::string(as_text(bytes.bytes)));
  }
  void segment(const Endpoint& phone, bool up, std::string_view text, std::uint8_t flags = kAck) {
    now += milliseconds(1);
    std::uint32_t& next = sequences[{phone, up}];
    const Buffer frame = tcp_frame(up ? phone : server, up ? server : phone, {next, 0, flags}, as_bytes(text));
    next += static_cast<std::uint32_t>(text.size()) + ((flags & kSyn) != 0 ? 1 : 0);
    decoder.decode({now, kEthernet, static_cast<std::uint32_t>(frame.size()), frame});
  }
  void carry(const TlsPeers& peers, std::size_t from = 0, const Endpoint& phone = endpoint("10.0.0.1:40000")) {
    for (std::size_t n = from; n < peers.pieces().size(); ++n) {
      const auto& piece = peers.pieces()[n];
      for (std::size_t at = 0; at < piece.bytes.size(); at += 1000)
        segment(phone, piece.up, piece.bytes.substr(at, 1000));
    }
  }
  [[nodiscard]] std::uint64_t counted(std::string_view name) const { return value_of(decoder.counters(), name); }

  tls::KeyLog keys;
  Endpoint server = endpoint("10.0.0.2:5061");
  Time now{seconds(1'700'000'000)};
  std::map<std::pair<Endpoint, bool>, std::uint32_t> sequences;
  Texts opened;
  Texts plain;
  int closed = 0;
  Decoder decoder;
};

void talk(TlsPeers& peers) {
  peers.shake_hands();
  peers.send(true, kInvite);
  peers.send(false, kAnswer);
}

}  // namespace

TEST_CASE("what TLS carries comes out marked so, on whatever port") {
  TlsPeers peers;
  talk(peers);
  Bench bench;
  bench.server.port = static_cast<std::uint16_t>(GENERATE(5061, 443, 5060));
  bench.keys.add(peers.key_log());
  bench.carry(peers);
  CHECK(bench.opened == Texts{kInvite, kAnswer});
  bench.decoder.finish();
  CHECK(bench.closed == 2);
  CHECK(bench.plain.empty());
  CHECK(bench.counted("tls.opened") == 1);
}

TEST_CASE("a WebSocket inside TLS is unwrapped") {
  TlsPeers peers;
  peers.shake_hands();
  peers.send(true, websocket_request());
  peers.send(false, websocket_answer());
  peers.send(true, websocket_frame(kInvite, {.masked = true}));
  peers.send(false, websocket_frame(kAnswer));
  Bench bench;
  bench.server.port = 443;
  bench.keys.add(peers.key_log());
  bench.carry(peers);
  CHECK(bench.opened == Texts{"ws " + kInvite, "ws " + kAnswer});
}

TEST_CASE("keys that come later are found while packet time goes on, and at the end") {
  TlsPeers peers;
  talk(peers);
  Bench bench;
  bench.carry(peers);
  CHECK(bench.opened.empty());
  bench.keys.add(peers.key_log());
  SECTION("with the next frame, whatever it is") {
    bench.now += milliseconds(200);
    bench.segment(endpoint("10.0.0.7:1000"), true, "x");
    CHECK(bench.opened == Texts{kInvite, kAnswer});
  }
  SECTION("at the end") {
    bench.decoder.finish();
    CHECK(bench.opened == Texts{kInvite, kAnswer});
    CHECK(bench.closed == 2);
  }
}

TEST_CASE("without a key log TLS is counted on SIP's ports, passed over elsewhere, and nothing comes out") {
  TlsPeers peers;
  talk(peers);
  Bench bench(false);
  bench.carry(peers);
  bench.server.port = 443;
  bench.carry(peers, 0, endpoint("10.0.0.1:40002"));
  bench.decoder.finish();
  CHECK(bench.opened.empty());
  CHECK(bench.plain.empty());
  CHECK(bench.counted("tls.connections") == 1);
  CHECK(bench.counted("tls.no_key") == 1);
  CHECK(bench.counted("capture.tcp_ignored") > 0);
}

TEST_CASE("a connection that nobody closed is counted by what it lacked") {
  TlsPeers peers;
  talk(peers);
  Bench bench;
  SECTION("its key") {
    bench.carry(peers);
    bench.decoder.finish();
    CHECK(bench.counted("tls.no_key") == 1);
  }
  SECTION("its beginning") {
    bench.keys.add(peers.key_log());
    bench.carry(peers, peers.pieces().size() - 2);
    bench.decoder.finish();
    CHECK(bench.counted("tls.no_hello") == 1);
  }
  CHECK(bench.opened.empty());
}

TEST_CASE("SIP in the clear on TLS's port is still read") {
  Bench bench;
  bench.segment(endpoint("10.0.0.1:40000"), true, kInvite);
  CHECK(bench.plain == Texts{kInvite});
}

TEST_CASE("ports used again begin a new connection") {
  TlsPeers first;
  talk(first);
  TlsPeers second({.tls13 = false});
  talk(second);
  Bench bench;
  bench.keys.add(first.key_log() + second.key_log());
  const Endpoint phone = endpoint("10.0.0.1:40000");
  bench.segment(phone, true, {}, kSyn);
  bench.segment(phone, false, {}, kSyn | kAck);
  bench.carry(first);
  bench.sequences.clear();
  bench.sequences[{phone, true}] = 700'000'000;
  bench.sequences[{phone, false}] = 900'000'000;
  bench.segment(phone, true, {}, kSyn);
  bench.segment(phone, false, {}, kSyn | kAck);
  bench.carry(second);
  CHECK(bench.opened == Texts{kInvite, kAnswer, kInvite, kAnswer});
  CHECK(bench.closed == 2);
}

TEST_CASE("ports used again are seen as such even when nothing of the new connection's SYN was captured") {
  TlsPeers first;
  talk(first);
  TlsPeers second;
  talk(second);
  Bench bench;
  bench.keys.add(first.key_log() + second.key_log());
  bench.carry(first);
  bench.sequences[{endpoint("10.0.0.1:40000"), true}] = 3'500'000'000;
  bench.sequences[{endpoint("10.0.0.1:40000"), false}] = 3'600'000'000;
  bench.carry(second);
  CHECK(bench.opened == Texts{kInvite, kAnswer, kInvite, kAnswer});
  CHECK(bench.counted("tls.no_hello") == 0);
}

TEST_CASE("TLS that will never be opened does not push SIP out of the table") {
  TlsPeers peers;
  talk(peers);
  TlsPeers other;
  talk(other);
  Bench bench(true, {.streams = 6});
  bench.keys.add(peers.key_log());
  const std::size_t pieces = peers.pieces().size();
  for (std::size_t n = 0; n + 1 < pieces; ++n) {
    const auto& piece = peers.pieces()[n];
    bench.segment(endpoint("10.0.0.1:40000"), piece.up, piece.bytes);
  }
  bench.server.port = 443;
  for (std::uint16_t port = 50'000; port < 50'010; ++port) {
    const Endpoint phone{endpoint("10.0.0.9:1").ip, port};
    bench.segment(phone, true, other.pieces()[0].bytes);
    bench.segment(phone, false, "\x16\x03\x03" + std::string(200, '\xff'));
  }
  bench.server.port = 5061;
  bench.segment(endpoint("10.0.0.1:40000"), false, peers.pieces().back().bytes);
  CHECK(bench.opened == Texts{kInvite, kAnswer});
}

TEST_CASE("TLS that waits for keys pushes neither opened TLS nor SIP out of the table") {
  TlsPeers peers;
  talk(peers);
  Bench bench(true, {.streams = 6});
  bench.keys.add(peers.key_log());
  const Endpoint phone = endpoint("10.0.0.1:40000");
  const Endpoint clear = endpoint("10.0.0.1:40002");
  bench.server.port = static_cast<std::uint16_t>(GENERATE(5061, 443));
  const std::uint16_t port = bench.server.port;
  for (std::size_t n = 0; n + 1 < peers.pieces().size(); ++n) {
    bench.segment(phone, peers.pieces()[n].up, peers.pieces()[n].bytes);
  }
  bench.server.port = 5060;
  bench.segment(clear, true, kInvite.substr(0, 20));
  bench.server.port = 443;
  TlsPeers other;
  other.shake_hands();
  for (std::uint16_t at = 50'000; at < 50'020; ++at) bench.carry(other, 0, {endpoint("10.0.0.9:1").ip, at});
  bench.server.port = port;
  bench.segment(phone, false, peers.pieces().back().bytes);
  CHECK(bench.opened == Texts{kInvite, kAnswer});
  bench.server.port = 5060;
  bench.segment(clear, true, kInvite.substr(20));
  CHECK(bench.plain == Texts{kInvite.substr(0, 20), kInvite.substr(20)});
}

TEST_CASE("a connection whose keys came after its last segment is kept before others that wait") {
  TlsPeers peers;
  talk(peers);
  Bench bench(true, {.streams = 6});
  bench.server.port = 443;
  const Endpoint phone = endpoint("10.0.0.1:40000");
  for (std::size_t n = 0; n + 1 < peers.pieces().size(); ++n) {
    bench.segment(phone, peers.pieces()[n].up, peers.pieces()[n].bytes);
  }
  bench.keys.add(peers.key_log());
  bench.now += milliseconds(200);
  TlsPeers other;
  other.shake_hands();
  for (std::uint16_t at = 50'000; at < 50'020; ++at) bench.carry(other, 0, {endpoint("10.0.0.9:1").ip, at});
  bench.segment(phone, false, peers.pieces().back().bytes);
  CHECK(bench.opened == Texts{kInvite, kAnswer});
}

TEST_CASE("when too many bytes wait, the connection that holds the most gives up") {
  TlsPeers peers;
  talk(peers);
  TlsPeers large;
  large.shake_hands();
  large.send(false, std::string(15'000, 'x'));
  RecordingReceiver receiver;
  tls::KeyLog keys;
  TlsTable table(receiver, &keys, 20'000);
  const Time now{seconds(1'700'000'000)};
  const auto carry = [&](const TlsPeers& from, std::uint64_t first, const Endpoint& phone) {
    const Endpoint server = endpoint("10.0.0.2:5061");
    for (const auto& piece : from.pieces()) {
      table.on_stream({.time = now,
                       .source = piece.up ? phone : server,
                       .destination = piece.up ? server : phone,
                       .stream = first + (piece.up ? 0U : 1U),
                       .bytes = as_bytes(piece.bytes)});
    }
  };
  carry(large, 1, endpoint("10.0.0.1:40000"));
  carry(peers, 3, endpoint("10.0.0.1:40002"));
  carry(peers, 5, endpoint("10.0.0.1:40004"));
  keys.add(large.key_log() + peers.key_log());
  table.retry(now);
  CHECK(receiver.streams[2].bytes.empty());
  CHECK(receiver.streams[3].bytes == kInvite);
  CHECK(receiver.streams[5].bytes == kInvite);
  CHECK(value_of(table.counters(), "tls.no_key") == 1);
}

}  // namespace tapestry::capture
