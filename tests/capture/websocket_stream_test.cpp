#include "capture/websocket_stream.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/websocket_builder.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

const std::string kInvite = "INVITE sip:bob@example.com SIP/2.0\r\nCall-ID: 1\r\n\r\nv=0\r\n";
const std::string kAnswer = "SIP/2.0 200 OK\r\nCall-ID: 1\r\n\r\n";

struct Bench {
  void add(std::string_view bytes, bool lost_before = false) {
    const Bytes rest = stream.add(as_bytes(bytes), lost_before, tally,
                                  [this](Bytes message) { messages.emplace_back(as_text(message)); });
    plain += as_text(rest);
  }
  WebSocketStream stream;
  WebSocketTally tally;
  std::vector<std::string> messages;
  std::string plain;
};

TEST_CASE("messages behind a handshake come out whole, however the bytes are cut") {
  const std::string pings = websocket_frame("", {.opcode = kWebSocketPing}) +
                            websocket_frame(std::string(125, 'p'), {.opcode = kWebSocketPing, .masked = true});
  const std::string frames = websocket_frame(kInvite, {.masked = true}) + pings + websocket_frame("\r\n\r\n") +
                             websocket_frame(kAnswer, {.length_octets = 8}) +
                             websocket_frame("\x03\xe8", {.opcode = kWebSocketClose});
  for (const std::string& handshake : {websocket_request(), websocket_answer()}) {
    const std::string all = handshake + frames;
    for (const std::size_t piece : {all.size(), std::size_t{13}, std::size_t{100}}) {
      Bench bench;
      for (std::size_t at = 0; at < all.size(); at += piece) bench.add(std::string_view(all).substr(at, piece));
      REQUIRE(bench.messages == std::vector{kInvite, kAnswer});
      REQUIRE(bench.plain.empty());
      REQUIRE(bench.tally.messages == 2);
      REQUIRE(bench.tally.lost == 0);
    }
  }
}

TEST_CASE("a fragmented message is put together, control frames between its parts") {
  Bench bench;
  bench.add(websocket_answer());
  bench.add(websocket_frame(kInvite.substr(0, 10), {.final = false, .masked = true}));
  bench.add(websocket_frame("x", {.opcode = kWebSocketPing}));
  bench.add(websocket_frame(kInvite.substr(10, 20), {.opcode = kWebSocketContinuation, .final = false}));
  bench.add(websocket_frame(kInvite.substr(30), {.opcode = kWebSocketContinuation, .masked = true}));
  bench.add(websocket_frame("orphan", {.opcode = kWebSocketContinuation}));
  bench.add(websocket_frame(kAnswer));
  REQUIRE(bench.messages == std::vector{kInvite, kAnswer});
}

TEST_CASE("a message that another one interrupts is dropped") {
  Bench bench;
  bench.add(websocket_answer());
  bench.add(websocket_frame(kInvite.substr(0, 10), {.final = false}));
  bench.add(websocket_frame(kAnswer));
  REQUIRE(bench.messages == std::vector{kAnswer});
}

TEST_CASE("a capture that begins inside the connection finds the next message") {
  Bench bench;
  const std::string first = websocket_frame(kInvite, {.masked = true});
  bench.add(first.substr(20), true);
  REQUIRE(bench.plain == first.substr(20));
  bench.add(websocket_frame(kAnswer) + websocket_frame(kInvite, {.masked = true}));
  REQUIRE(bench.messages == std::vector{kAnswer, kInvite});
  Bench at_frame;
  at_frame.add(first, true);
  REQUIRE(at_frame.messages == std::vector{kInvite});
}

TEST_CASE("behind a loss the next message is searched, and the loss is counted") {
  Bench bench;
  bench.add(websocket_request());
  bench.add(websocket_frame(kInvite, {.masked = true}).substr(0, 30));
  bench.add("the rest of something" + websocket_frame(kAnswer) + websocket_frame(kInvite), true);
  REQUIRE(bench.messages == std::vector{kAnswer, kInvite});
  REQUIRE(bench.tally.lost == 1);
  REQUIRE(bench.tally.skipped_bytes == 30 + 21);
}

TEST_CASE("bytes that are no frame are skipped up to the next message") {
  Bench bench;
  bench.add(websocket_answer());
  bench.add("\xff\xff junk" + websocket_frame(kInvite));
  REQUIRE(bench.messages == std::vector{kInvite});
  REQUIRE(bench.tally.lost == 1);
  REQUIRE(bench.tally.skipped_bytes == 7);
}

TEST_CASE("messages longer than the bound are dropped, whole or fragmented") {
  const std::string large(WebSocketStream::kMaxMessage, 'x');
  Bench bench;
  bench.add(websocket_answer());
  bench.add(websocket_frame(large));
  REQUIRE(bench.messages == std::vector{large});
  bench.add(websocket_frame(large + "x") + websocket_frame(kInvite));
  bench.add(websocket_frame(large, {.final = false}));
  bench.add(websocket_frame("y", {.opcode = kWebSocketContinuation}) + websocket_frame(kAnswer));
  REQUIRE(bench.messages == std::vector{large, kInvite, kAnswer});
  REQUIRE(bench.tally.lost == 2);
}

TEST_CASE("HTTP that becomes no WebSocket, and SIP over TCP, are handed on") {
  Bench http;
  http.add("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest");
  http.add("more");
  REQUIRE(http.plain == "restmore");
  Bench sip;
  sip.add(kInvite, true);
  sip.add(kAnswer);
  REQUIRE(sip.plain == kInvite + kAnswer);
  REQUIRE(sip.messages.empty());
}

TEST_CASE("a handshake longer than the bound makes no WebSocket") {
  Bench bench;
  bench.add("GET / HTTP/1.1\r\n");
  for (std::size_t sent = 0; sent < WebSocketStream::kMaxHandshake; sent += 1000) bench.add(std::string(1000, 'h'));
  bench.add(kInvite);
  REQUIRE(bench.plain.ends_with(kInvite));
}

}  // namespace
}  // namespace tapestry::capture
