#include "sipparse/media_attribute.h"

#include <array>
#include <catch2/catch.hpp>

namespace tapestry::sip {
namespace {

MediaDescription apply(std::initializer_list<std::string_view> attributes) {
  MediaDescription media;
  for (const auto number : std::to_array<std::uint8_t>({0, 96})) media.formats.emplace_back().payload_type = number;
  for (const std::string_view attribute : attributes) apply_attribute(media, attribute);
  return media;
}

}  // namespace

TEST_CASE("an rtpmap names a format of the m-line") {
  const MediaDescription media =
      apply({"rtpmap:96 opus/48000/2", "rtpmap:97 x/1", "rtpmap:0 pcmu", "fmtp:96 useinbandfec=1"});
  CHECK(media.formats[1].encoding == "OPUS");
  CHECK(media.formats[1].clock_hz == 48000);
  CHECK(media.formats[1].channels == 2);
  CHECK(media.formats[1].parameters == "useinbandfec=1");
  CHECK(media.formats[0].encoding == "PCMU");
}

TEST_CASE("broken attributes change nothing") {
  const MediaDescription media =
      apply({"", ":", "rtpmap", "rtpmap:", "rtpmap:96", "rtpmap:96 /8000", "rtpmap:999 x/1", "fmtp:", "rtcp:", "rtcp:0",
             "rtcp:99999", "crypto:", "crypto:1", "crypto:x A B", "ptime:", "ptime:x", "ptime:99999999999999"});
  CHECK(media.formats[1].encoding.empty());
  CHECK_FALSE(media.rtcp);
  CHECK(media.crypto.empty());
  CHECK(media.ptime_ms == 0);
}

TEST_CASE("a packet time may have a fraction or text behind it") {
  CHECK(apply({"ptime:20"}).ptime_ms == 20);
  CHECK(apply({"ptime: 22.5"}).ptime_ms == 22);
  CHECK(apply({"ptime:30ms"}).ptime_ms == 30);
  CHECK(apply({"ptime:10001"}).ptime_ms == 0);
}

TEST_CASE("an rtcp attribute gives port and address") {
  CHECK(apply({"rtcp:53020 IN IP6 2001:db8::1"}).rtcp->to_string() == "[2001:db8::1]:53020");
  CHECK(apply({"rtcp:53020"}).rtcp->ip.is_unspecified());
  CHECK(apply({"rtcp-mux"}).rtcp_mux);
}

TEST_CASE("a crypto attribute is kept whole") {
  const MediaDescription media = apply({"crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc|2^20 UNENCRYPTED_SRTCP WSH=64"});
  REQUIRE(media.crypto.size() == 1);
  CHECK(media.crypto[0].tag == 1);
  CHECK(media.crypto[0].suite == "AES_CM_128_HMAC_SHA1_80");
  CHECK(media.crypto[0].key_params == "inline:abc|2^20");
  CHECK(media.crypto[0].session_params == "UNENCRYPTED_SRTCP WSH=64");
}

TEST_CASE("the last direction counts, in any case") {
  CHECK(apply({"sendonly", "InActive"}).direction == Direction::Inactive);
  CHECK_FALSE(parse_direction("send"));
}

TEST_CASE("labels, identifiers and candidates are kept") {
  const MediaDescription media = apply({"label:7", "mid:audio", "candidate:1 1 UDP 1 192.0.2.1 4000 typ host"});
  CHECK(media.label == "7");
  CHECK(media.mid == "audio");
  CHECK(media.candidates.size() == 1);
}

}  // namespace tapestry::sip
