#include "capture/websocket_table.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "capture/decoder.h"
#include "tests/support/packet_builder.h"
#include "tests/support/recording_receiver.h"
#include "tests/support/websocket_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::seconds;

const Endpoint kPhone = endpoint("10.0.0.1:43380");
const Endpoint kServer = endpoint("10.0.0.2:8080");
const std::string kInvite = "INVITE sip:bob@example.com SIP/2.0\r\n\r\n";
const std::string kAnswer = "SIP/2.0 200 OK\r\n\r\n";

/// Both directions of a TCP connection through a whole decoder.
struct Bench : Receiver {
  FrameEnd on_datagram(const Datagram&) override { return FrameEnd::OtherDatagram; }
  void on_stream(const StreamBytes& bytes) override {
    auto& list = bytes.message ? messages : plain;
    if (!bytes.bytes.empty()) list.emplace_back(as_text(bytes.bytes));
    closed += bytes.closed ? 1 : 0;
  }
  void send(bool up, std::string_view text, std::uint8_t flags = kAck) {
    std::uint32_t& next = up ? up_next : down_next;
    const Buffer frame = tcp_frame(up ? kPhone : kServer, up ? kServer : kPhone, {next, 0, flags}, as_bytes(text));
    next += static_cast<std::uint32_t>(text.size()) + ((flags & kSyn) != 0 ? 1 : 0);
    decoder.decode({Time(seconds(1'700'000'000)), kEthernet, static_cast<std::uint32_t>(frame.size()), frame});
  }
  std::vector<std::string> messages;
  std::vector<std::string> plain;
  int closed = 0;
  std::uint32_t up_next = 100;
  std::uint32_t down_next = 900;
  Decoder decoder{*this};
};

TEST_CASE("a connection on any port is followed from its handshake on") {
  Bench bench;
  bench.send(true, {}, kSyn);
  bench.send(false, {}, kSyn | kAck);
  bench.send(true, websocket_request());
  bench.send(false, websocket_answer());
  const std::string invite = websocket_frame(kInvite, {.masked = true});
  bench.send(true, invite.substr(0, 20));
  bench.send(true, invite.substr(20));
  bench.send(false, websocket_frame(kAnswer));
  REQUIRE(bench.messages == std::vector{kInvite, kAnswer});
  REQUIRE(bench.plain.empty());
  bench.decoder.finish();
  REQUIRE(bench.closed == 2);
  REQUIRE(value_of(bench.decoder.counters(), "capture.websocket_messages") == 2);
}

TEST_CASE("a connection whose handshake was not seen is followed from its first message on") {
  Bench bench;
  bench.send(false, websocket_frame(kAnswer));
  bench.send(true, websocket_frame(kInvite, {.masked = true}));
  REQUIRE(bench.messages == std::vector{kAnswer, kInvite});
}

TEST_CASE("a WebSocket of another protocol is not followed") {
  Bench bench;
  std::string request = websocket_request();
  request.replace(request.find("chat, sip"), 9, "chat, mqt");
  bench.send(true, request);
  bench.send(true, websocket_frame("{}", {.masked = true}));
  REQUIRE(value_of(bench.decoder.counters(), "capture.tcp_ignored") == 2);
}

TEST_CASE("SIP over TCP goes on as it is, and says when it is over") {
  Bench bench;
  bench.send(true, kInvite);
  bench.send(true, kAnswer, kFin | kAck);
  REQUIRE(bench.plain == std::vector{kInvite, kAnswer});
  REQUIRE(bench.closed == 1);
  REQUIRE(bench.messages.empty());
}

TEST_CASE("HTTP that is followed as text goes on whole, also where it begins like a handshake") {
  DecoderLimits limits;
  limits.http = true;
  RecordingReceiver receiver;
  Decoder decoder(receiver, limits);
  const std::string get = "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n";
  const Buffer frame = tcp_frame(kPhone, kServer, {100, 0, kAck}, as_bytes(get));
  decoder.decode({Time(seconds(1'700'000'000)), kEthernet, static_cast<std::uint32_t>(frame.size()), frame});
  REQUIRE(receiver.streams.size() == 1);
  REQUIRE(receiver.streams.begin()->second.bytes == "|" + get);
}

}  // namespace
}  // namespace tapestry::capture
