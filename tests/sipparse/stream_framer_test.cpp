#include "sipparse/stream_framer.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

namespace tapestry::sip {
namespace {

struct Framed {
  std::vector<std::string> messages;
  std::uint64_t skipped = 0;
  friend bool operator==(const Framed&, const Framed&) = default;
};

template <class NextSize>
Framed frame(std::string_view stream, const NextSize& next_size) {
  StreamFramer framer;
  Framed framed;
  const auto use = [&framed](Bytes message) { framed.messages.emplace_back(as_text(message)); };
  while (!stream.empty()) {
    const std::string_view piece = stream.substr(0, next_size());
    framer.push(as_bytes(piece), false, use);
    stream.remove_prefix(piece.size());
  }
  framer.finish(use);
  framed.skipped = framer.skipped_bytes();
  return framed;
}

Framed frame_whole(std::string_view stream) {
  return frame(stream, [] { return std::string_view::npos; });
}

std::string message(std::string_view body, std::string_view line = "MESSAGE sip:a@b SIP/2.0") {
  return std::string(line) + "\r\nCall-ID: 1\r\nContent-Length : " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace

TEST_CASE("messages are cut by Content-Length, with keep-alives between them") {
  const std::string first = message("one");
  const std::string second = message("", "SIP/2.0 200 OK");
  const Framed framed = frame_whole("\r\n\r\n" + first + "\r\n\r\n" + second + "\r\n");
  REQUIRE(framed.messages.size() == 2);
  CHECK(framed.messages[0] == first);
  CHECK(framed.messages[1] == second);
  CHECK(framed.skipped == 0);
}

TEST_CASE("any segmentation of a stream gives the same messages") {
  const std::string stream =
      "\r\n" + message("hello") + "junk without sense\r\n" + message("\r\n\r\nv=0\r\n") + "\x80\x81\x82\n" +
      message(std::string(3000, 'x')) + "INVITE sip:a SIP/2.0\r\nl: 9999999\r\n\r\nA: b\r\n" +
      std::string(kMaxMessageBytes + 77, 'y') + "\r\n" + message("last") + message("cut").substr(0, 30);
  const Framed whole = frame_whole(stream);
  REQUIRE(whole.messages.size() == 4);
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::uniform_int_distribution<std::size_t> size(1, round < 5 ? 3 : std::size_t{1} << (round % 18));
    CHECK(frame(stream, [&] { return size(random); }) == whole);
  }
}

TEST_CASE("a stream of single bytes gives its messages") {
  const std::string stream = message("one") + message("two");
  CHECK(frame(stream, [] { return std::size_t{1}; }).messages.size() == 2);
}

TEST_CASE("after a loss the next start line begins anew") {
  StreamFramer framer;
  std::vector<std::string> messages;
  const auto use = [&messages](Bytes bytes) { messages.emplace_back(as_text(bytes)); };
  const std::string whole = message("body");
  framer.push(as_bytes(std::string_view(whole).substr(0, 20)), false, use);
  framer.push(as_bytes("of a body\r\nX: y\r\n"), true, use);
  framer.push(as_bytes(whole), false, use);
  framer.push(as_bytes(whole), true, use);
  CHECK(messages == std::vector<std::string>{whole, whole});
  CHECK(framer.skipped_bytes() == 20 + 17);
}

TEST_CASE("a message without a Content-Length that is a number has no body") {
  const Framed framed = frame_whole("BYE sip:a SIP/2.0\r\nCall-ID: 1\r\n\r\nBYE sip:b SIP/2.0\r\nl: -5\r\n\r\n");
  CHECK(framed.messages.size() == 2);
}

TEST_CASE("the end of the stream hands over a message whose headers are complete") {
  const Framed with_headers = frame_whole("BYE sip:a SIP/2.0\r\nl: 50\r\n\r\nhalf");
  REQUIRE(with_headers.messages.size() == 1);
  CHECK(with_headers.messages[0].ends_with("half"));
  const Framed without = frame_whole("BYE sip:a SIP/2.0\r\nl: 50\r\n");
  CHECK(without.messages.empty());
  CHECK(without.skipped == 26);
}

TEST_CASE("a message too long is skipped and the next one is found") {
  for (const std::string_view length : {"131072", "99999999999", "18446744073709551615"}) {
    const Framed framed =
        frame_whole("BYE sip:a SIP/2.0\r\nl: " + std::string(length) + "\r\n\r\nbody\r\n" + message("next"));
    REQUIRE(framed.messages.size() == 1);
    CHECK(framed.messages[0] == message("next"));
  }
}

TEST_CASE("a header block that never ends is dropped within bounded memory and time") {
  std::string stream;
  while (stream.size() < 8 * kMaxMessageBytes) stream += "BYE sip:a SIP/2.0\r\n";
  const Framed framed = frame(stream + "\r\n\r\n" + message("next"), [] { return std::size_t{100}; });
  REQUIRE_FALSE(framed.messages.empty());
  CHECK(framed.messages.back() == message("next"));
}

TEST_CASE("nothing comes of nothing") {
  CHECK(frame_whole("").messages.empty());
  CHECK(frame_whole("\r\n\r\n\r\n").skipped == 0);
}

}  // namespace tapestry::sip
