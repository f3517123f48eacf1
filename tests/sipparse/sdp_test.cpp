#include "sipparse/sdp.h"

#include <catch2/catch.hpp>
#include <string>

namespace tapestry::sip {
namespace {

Sdp parse(std::string_view text) {
  auto sdp = parse_sdp(as_bytes(text));
  REQUIRE(sdp);
  return *std::move(sdp);
}

}  // namespace

TEST_CASE("a description gives its session and media levels") {
  const Sdp sdp = parse(
      "v=0\r\no=- 1516628962 18446744073709551615 IN IP4 192.0.2.9\r\ns=Some call\r\nc=IN IP4 192.0.2.1/127\r\nt=0 "
      "0\r\n"
      "a=recvonly\r\na=group:BUNDLE 1 2\r\na=fingerprint:sha-256 AA\r\n"
      "m=audio 4000/2 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 "
      "0-16\r\na=ptime:20\r\na=label:1\r\n"
      "m=video 0 RTP/AVP 31\r\nc=IN IP6 2001:db8::1\r\na=sendonly\r\na=fingerprint:sha-1 BB\r\n");
  CHECK(sdp.origin == "- 1516628962 18446744073709551615 IN IP4 192.0.2.9");
  CHECK(sdp.session_version == 18446744073709551615U);
  CHECK(sdp.session_name == "Some call");
  CHECK(sdp.attributes.size() == 3);
  REQUIRE(sdp.media.size() == 2);

  const MediaDescription& audio = sdp.media[0];
  CHECK(audio.media == "audio");
  CHECK(audio.protocol == "RTP/AVP");
  CHECK(audio.port == 4000);
  CHECK(audio.port_count == 2);
  CHECK(audio.connection_host == "192.0.2.1");
  CHECK(audio.connection == IpAddress::parse("192.0.2.1"));
  CHECK(audio.direction == Direction::RecvOnly);
  CHECK(audio.fingerprint == "sha-256 AA");
  CHECK(audio.ptime_ms == 20);
  CHECK(audio.label == "1");
  CHECK(audio.attributes.size() == 4);
  REQUIRE(audio.formats.size() == 3);
  CHECK(audio.formats[0].encoding == "PCMA");
  CHECK(audio.formats[2].encoding == "TELEPHONE-EVENT");
  CHECK(audio.formats[2].clock_hz == 8000);
  CHECK(audio.formats[2].parameters == "0-16");

  const MediaDescription& video = sdp.media[1];
  CHECK(video.port == 0);
  CHECK(video.connection == IpAddress::parse("2001:db8::1"));
  CHECK(video.direction == Direction::SendOnly);
  CHECK(video.fingerprint == "sha-1 BB");
  CHECK(video.formats[0].clock_hz == 90000);
}

TEST_CASE("the session's connection holds for media even when it comes late") {
  const Sdp sdp = parse("m=audio 4000 RTP/AVP 0\nc=IN IP4 0.0.0.0\n");
  CHECK(sdp.media[0].black_hole());
  CHECK_FALSE(parse("v=0\nc=IN IP4 host.example.com\nm=audio 4000 RTP/AVP 0\n").media[0].connection);
  CHECK(parse("v=0\nc=IN IP4 host.example.com\nm=audio 4000 RTP/AVP 0\n").media[0].connection_host ==
        "host.example.com");
  CHECK(parse("v=0\nc=IN IP6 ::\nm=audio 4000 RTP/AVP 0\n").media[0].black_hole());
}

TEST_CASE("ports out of range refuse the stream") {
  for (const std::string_view port : {"65536", "-1", "99999999999999999999", "x", "", "$"}) {
    INFO(port);
    CHECK(parse("v=0\nm=audio " + std::string(port) + " RTP/AVP 0\n").media[0].port == 0);
  }
  CHECK(parse("m=audio 4000/0 RTP/AVP 0\n").media[0].port_count == 1);
  CHECK(parse("m=audio 4000/99999 RTP/AVP 0\n").media[0].port_count == 1);
}

TEST_CASE("formats are the payload types of RTP, once each and within range") {
  const Sdp sdp =
      parse("m=audio 4000 RTP/SAVP 0 0 128 256 x -1 96 127\nm=image 4000 udptl t38\nm=message 9 TCP/MSRP 5\n");
  REQUIRE(sdp.media[0].formats.size() == 3);
  CHECK(sdp.media[0].formats[1].payload_type == 96);
  CHECK(sdp.media[0].formats[1].encoding.empty());
  CHECK(sdp.media[1].formats.empty());
  CHECK(sdp.media[2].formats.empty());
}

TEST_CASE("an origin with blanks in the user name still tells its version") {
  CHECK(parse("v=0\no=My PBX 12 34 IN IP4 192.0.2.1\n").session_version == 34);
  CHECK(parse("v=0\no=x\n").session_version == 0);
  CHECK(parse("v=0\no=\n").session_version == 0);
}

TEST_CASE("what has neither a version nor a media line is no description") {
  for (const std::string_view text : {"", "hello", "o=- 1 1 IN IP4 1.2.3.4\r\n", "=\n==\n", "\n\n\n"}) {
    INFO(text);
    CHECK_FALSE(parse_sdp(as_bytes(text)));
  }
  CHECK(parse_sdp(as_bytes("v=0")));
  CHECK(parse_sdp(as_bytes("m=")));
}

TEST_CASE("media, formats and attributes beyond their bounds are dropped and told") {
  std::string media = "v=0\n";
  for (std::size_t i = 0; i < kMaxMedia + 3; ++i)
    media += "m=audio 4000 RTP/AVP 0\na=label:" + std::to_string(i) + "\n";
  const Sdp many_media = parse(media);
  CHECK(many_media.media.size() == kMaxMedia);
  CHECK(many_media.overflowed);
  CHECK(many_media.media.back().label == std::to_string(kMaxMedia - 1));

  std::string formats = "m=audio 4000 RTP/AVP";
  for (int i = 0; i < 128; ++i) formats += " " + std::to_string(i);
  const Sdp many_formats = parse(formats);
  CHECK(many_formats.media[0].formats.size() == kMaxFormats);
  CHECK(many_formats.overflowed);

  std::string attributes = "m=audio 4000 RTP/AVP 0\n";
  for (std::size_t i = 0; i < kMaxAttributes + 9; ++i) attributes += "a=candidate:x\n";
  const Sdp many_attributes = parse(attributes);
  CHECK(many_attributes.media[0].attributes.size() == kMaxAttributes);
  CHECK(many_attributes.media[0].candidates.size() == kMaxAttributes);
  CHECK(many_attributes.overflowed);
}

TEST_CASE("an rtcp attribute without an address means the connection's") {
  const Sdp sdp = parse("v=0\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0\na=rtcp:4005\n");
  REQUIRE(sdp.media[0].rtcp);
  CHECK(sdp.media[0].rtcp->to_string() == "192.0.2.1:4005");
}

}  // namespace tapestry::sip
