#include "calls/encryption.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::SrtpKey;
using calls::Use;

namespace {

const std::string kA = "10.9.0.10:5060";
const std::string kB = "10.1.0.21:5060";
const std::string kMediaA = "10.9.0.10:4000";
const std::string kMediaB = "10.1.0.21:6000";
const std::string kCm = "AES_CM_128_HMAC_SHA1_80";
const std::string kGcm = "AEAD_AES_128_GCM";

/// A key of `octets` octets that are all made of `digit`.
std::string inline_key(char digit, std::size_t octets = 30) {
  std::string text((octets * 8 + 5) / 6, digit);
  if (octets * 8 % 6 != 0) text.back() = 'A';
  return "inline:" + text;
}

std::string crypto(int tag, const std::string& suite, const std::string& rest) {
  return "a=crypto:" + std::to_string(tag) + " " + suite + " " + rest + "\r\n";
}

/// What `crypto` lines the two ends have in an INVITE and its 2xx.
void exchange(Scene& scene, double at, const std::string& offered, const std::string& answered, int cseq = 1) {
  const std::string number = std::to_string(cseq) + " INVITE";
  const std::string branch = "z9hG4bK" + std::to_string(cseq);
  scene.message(at, kA, kB,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = number,
                 .to_tag = cseq > 1 ? "agent" : "",
                 .branch = branch,
                 .sdp = sdp(kMediaA, "sendrecv", "0", offered)});
  scene.message(at + 0.5, kB, kA,
                {.start = "200 OK",
                 .cseq = number,
                 .to_tag = "agent",
                 .branch = branch,
                 .sdp = sdp(kMediaB, "sendrecv", "0", answered)});
}

void play_to(Scene& scene, double end) {
  scene.rtp({.from = kMediaA, .to = kMediaB, .ssrc = 1, .begin = 2, .end = end});
  scene.rtp({.from = kMediaB, .to = kMediaA, .ssrc = 2, .begin = 2, .end = end});
  scene.message(end, kA, kB, {.start = "BYE sip:1001@10.1.0.21", .cseq = "99 BYE", .to_tag = "agent"});
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  REQUIRE(scene.interactions.front().tracks.size() == 2);
}

const calls::Track& track_from(const Scene& scene, calls::Side sender) {
  const auto& tracks = scene.interactions.front().tracks;
  return tracks[tracks[0].sender == sender ? 0 : 1];
}

/// The base64 digits that the keys are made of.
std::string digits(const std::vector<SrtpKey>& keys) {
  std::string all;
  for (const SrtpKey& key : keys) all += static_cast<char>('A' + (key.secret.bytes().front() >> 2U));
  return all;
}

calls::Track simple(const std::string& offered, const std::string& answered, calls::Side sender, Use* use = nullptr) {
  Scene scene;
  exchange(scene, 1, offered, answered);
  play_to(scene, 6);
  if (use != nullptr) *use = track_from(scene, sender).use;
  return track_from(scene, sender);
}

}  // namespace

TEST_CASE("what an end sends is keyed by its own line") {
  for (const auto& [side, digit] : {std::pair(calls::Side::Caller, "B"), std::pair(calls::Side::Callee, "C")}) {
    const auto track = simple(crypto(1, kCm, inline_key('B')), crypto(1, kCm, inline_key('C')), side);
    CHECK(track.encryption == kCm);
    CHECK(track.use == Use::Recording);
    CHECK(digits(track.srtp_keys) == digit);
    REQUIRE(track.srtp_keys.size() == 1);
    CHECK(track.srtp_keys.front().profile == kCm);
    CHECK(track.srtp_keys.front().secret.bytes().size() == 30);
    CHECK(track.srtp_keys.front().since == scene_time(side == calls::Side::Caller ? 1 : 1.5));
  }
}

TEST_CASE("of several lines the answer's tag names the suite, and all offered keys stay candidates") {
  const std::string offered = crypto(1, kCm, inline_key('B')) + crypto(2, kGcm, inline_key('C', 28));
  const std::string answered = crypto(2, kGcm, inline_key('D', 28));
  const auto from_caller = simple(offered, answered, calls::Side::Caller);
  CHECK(from_caller.encryption == kGcm);
  CHECK(from_caller.srtp_keys.size() == 2);
  const auto from_callee = simple(offered, answered, calls::Side::Callee);
  CHECK(from_callee.encryption == kGcm);
  CHECK(digits(from_callee.srtp_keys) == "D");
}

TEST_CASE("a re-INVITE adds keys from its own time on, and repeated ones change nothing") {
  Scene scene;
  exchange(scene, 1, crypto(1, kCm, inline_key('B')), crypto(1, kCm, inline_key('C')));
  exchange(scene, 3, crypto(1, kCm, inline_key('B')), crypto(1, kCm, inline_key('C')), 2);
  exchange(scene, 4, crypto(1, kCm, inline_key('D')), crypto(1, kCm, inline_key('E')), 3);
  play_to(scene, 6);
  const auto& keys = track_from(scene, calls::Side::Caller).srtp_keys;
  CHECK(digits(keys) == "BD");
  REQUIRE(keys.size() == 2);
  CHECK(keys[1].since == scene_time(4));
  CHECK(digits(track_from(scene, calls::Side::Callee).srtp_keys) == "CE");
}

TEST_CASE("without an answer's line the media is in clear and has no keys") {
  const auto track = simple(crypto(1, kCm, inline_key('B')), "", calls::Side::Caller);
  CHECK(track.encryption.empty());
  CHECK(track.srtp_keys.empty());
  CHECK(track.use == Use::Recording);
}

TEST_CASE("media that was in clear stays so when the offer of encryption is not repeated") {
  Scene scene;
  exchange(scene, 1, crypto(1, kCm, inline_key('B')), "");
  exchange(scene, 6, "", "", 2);
  play_to(scene, 10);
  for (const calls::Side side : {calls::Side::Caller, calls::Side::Callee}) {
    CHECK(track_from(scene, side).encryption.empty());
    CHECK(track_from(scene, side).use == Use::Recording);
  }
}

TEST_CASE("fingerprints of both ends mean DTLS-SRTP under RTP/AVP, too, that of one end nothing") {
  const std::string fingerprint = "a=fingerprint:sha-256 4A:AD:B9:B1\r\n";
  CHECK(simple(fingerprint, fingerprint, calls::Side::Caller).encryption == "DTLS-SRTP");
  CHECK(simple(fingerprint, fingerprint, calls::Side::Caller).use == Use::Undecryptable);
  CHECK(simple(fingerprint, "", calls::Side::Callee).encryption.empty());
}

TEST_CASE("what cannot be taken off is undecryptable under its suite's name") {
  const std::string suite = "F8_128_HMAC_SHA1_80";
  for (const std::string& line :
       {crypto(1, suite, inline_key('B')), crypto(1, kCm, inline_key('B', 16)), crypto(1, kCm, "uri:somewhere"),
        crypto(1, kCm, inline_key('B') + " UNAUTHENTICATED_SRTP"), crypto(1, kCm, inline_key('B') + " KDR=4")}) {
    const auto track = simple(line, line, calls::Side::Caller);
    CHECK(track.use == Use::Undecryptable);
    CHECK(track.srtp_keys.empty());
    CHECK(track.encryption == (line.find(suite) == std::string::npos ? kCm : suite));
  }
}

TEST_CASE("session parameters that do not matter for RTP do no harm") {
  const std::string line =
      crypto(1, kCm, inline_key('B') + "|2^31|1:4 KDR=0 UNENCRYPTED_SRTCP UNENCRYPTED_SRTP WSH=64");
  const auto track = simple(line, line, calls::Side::Caller);
  REQUIRE(track.srtp_keys.size() == 1);
  CHECK(track.srtp_keys.front().mki == std::vector<std::uint8_t>{0, 0, 0, 1});
  CHECK_FALSE(track.srtp_keys.front().encrypts);
}

TEST_CASE("what stands in a suite's place is not named when it may be a key") {
  for (const std::string& suite : {inline_key('B'), inline_key('B').substr(7), std::string(65, '_')}) {
    const std::string line = crypto(1, suite, "x");
    CHECK(simple(line, line, calls::Side::Caller).encryption == "SRTP");
  }
}

TEST_CASE("a profile is known by its registered name, and by its draft's") {
  CHECK(calls::srtp_profile("aes_cm_128_hmac_sha1_32")->name == "AES_CM_128_HMAC_SHA1_32");
  CHECK(calls::srtp_profile("AES_CM_256_HMAC_SHA1_80")->name == "AES_256_CM_HMAC_SHA1_80");
  CHECK(calls::srtp_profile("AEAD_AES_256_GCM")->secret == 44);
  CHECK_FALSE(calls::srtp_profile("F8_128_HMAC_SHA1_80"));
  CHECK_FALSE(calls::srtp_profile(""));
}

TEST_CASE("of an end's keys the last are kept") {
  std::string offered;
  for (int n = 0; n < 200; ++n) {
    offered += crypto(
        n, kCm, "inline:" + std::string(38, 'A') + static_cast<char>('A' + n / 26) + static_cast<char>('A' + n % 26));
  }
  Scene scene;
  exchange(scene, 1, offered, crypto(1, kCm, inline_key('C')));
  play_to(scene, 6);
  const auto& keys = track_from(scene, calls::Side::Caller).srtp_keys;
  REQUIRE(keys.size() == calls::kMaxSrtpKeys);
  CHECK(std::ranges::any_of(keys, [](const SrtpKey& key) { return key.secret.bytes().back() == 0xd1; }));
  CHECK(scene.interactions.front().drops_touched);
  CHECK(digits(track_from(scene, calls::Side::Callee).srtp_keys) == "C");
}
