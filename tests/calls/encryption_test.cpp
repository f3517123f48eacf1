#include "calls/encryption.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

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

/// A way between two hosts, and the media addresses that the SDP on it names.
struct Way {
  std::string from = kA;
  std::string to = kB;
  std::string offerer = kMediaA;
  std::string answerer = kMediaB;
};

/// What `crypto` lines the two ends have in an INVITE and its answer, half a second later.
void exchange(Scene& scene, double at, const std::string& offered, const std::string& answered, int cseq = 1,
              const std::string& answer = "200 OK", const Way& way = {}) {
  const std::string number = std::to_string(cseq) + " INVITE";
  const std::string branch = "z9hG4bK" + std::to_string(cseq);
  scene.message(at, way.from, way.to,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = number,
                 .to_tag = cseq > 1 ? "agent" : "",
                 .branch = branch + way.from,
                 .sdp = sdp(way.offerer, "sendrecv", "0", offered)});
  scene.message(at + 0.5, way.to, way.from,
                {.start = answer,
                 .cseq = number,
                 .to_tag = "agent",
                 .branch = branch + way.from,
                 .sdp = sdp(way.answerer, "sendrecv", "0", answered)});
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

TEST_CASE("a stream that changes between clear and SRTP is in clear from the answer that says so to the next") {
  const std::string line = crypto(1, kCm, inline_key('B'));
  for (const calls::Side side : {calls::Side::Caller, calls::Side::Callee}) {
    Scene scene;
    exchange(scene, 1, "", "");
    exchange(scene, 4, line, line, 2);
    exchange(scene, 6, "", "", 3);
    exchange(scene, 8, line, line, 4);
    play_to(scene, 12);
    const auto track = track_from(scene, side);
    CHECK(track.encryption == kCm);
    CHECK(digits(track.srtp_keys) == "B");
    CHECK(track.use == Use::Recording);
    REQUIRE(track.in_clear.size() == 2);
    CHECK(track.in_clear[0].from == Time::min());
    CHECK(track.in_clear[0].to == scene_time(4.5));
    CHECK(track.in_clear[1].from == scene_time(6.5));
    CHECK(track.in_clear[1].to == scene_time(8.5));
  }
}

TEST_CASE("a stream whose encryption has no keys is recorded where it is in clear") {
  Scene scene;
  exchange(scene, 1, "", "");
  exchange(scene, 4, "a=crypto:1 F8_128_HMAC_SHA1_80 x\r\n", "a=crypto:1 F8_128_HMAC_SHA1_80 x\r\n", 2);
  play_to(scene, 9);
  CHECK(track_from(scene, calls::Side::Caller).use == Use::Recording);
  CHECK(track_from(scene, calls::Side::Caller).in_clear.size() == 1);
}

TEST_CASE("an offer that is refused, or only answered provisionally, changes nothing") {
  const std::string line = crypto(1, kCm, inline_key('B'));
  for (const char* const answer : {"488 Not Acceptable Here", "183 Session Progress"}) {
    Scene scene;
    exchange(scene, 1, line, line);
    exchange(scene, 4, "", "", 2, answer);
    play_to(scene, 9);
    CHECK(track_from(scene, calls::Side::Caller).encryption == kCm);
    CHECK(track_from(scene, calls::Side::Caller).in_clear.empty());
    Scene other;
    exchange(other, 1, "", "");
    exchange(other, 4, line, line, 2, answer);
    play_to(other, 9);
    CHECK(track_from(other, calls::Side::Caller).encryption.empty());
  }
}

TEST_CASE("a provisional answer to a re-INVITE counts once a 2xx without SDP settles it") {
  const std::string line = crypto(1, kCm, inline_key('B'));
  Scene scene;
  exchange(scene, 1, line, line);
  exchange(scene, 4, "", "", 2, "183 Session Progress");
  scene.message(5, kB, kA, {.start = "200 OK", .cseq = "2 INVITE", .to_tag = "agent"});
  play_to(scene, 9);
  const auto track = track_from(scene, calls::Side::Caller);
  REQUIRE(track.in_clear.size() == 1);
  CHECK(track.in_clear.front().from == scene_time(5));
}

TEST_CASE("encryption that was tried and refused before the call was set up in clear leaves no trace") {
  const std::string line = crypto(1, kCm, inline_key('B'));
  Scene scene;
  exchange(scene, 1, line, line, 1, "488 Not Acceptable Here");
  scene.message(1.7, kA, kB, {.start = "INVITE sip:1001@pbx.example.com", .cseq = "2 INVITE", .sdp = sdp(kMediaA)});
  scene.message(1.9, kB, kA, {.start = "200 OK", .cseq = "2 INVITE", .to_tag = "agent", .sdp = sdp(kMediaB)});
  play_to(scene, 9);
  CHECK(track_from(scene, calls::Side::Caller).encryption.empty());
  CHECK(track_from(scene, calls::Side::Callee).encryption.empty());
}

TEST_CASE("an offer in the 2xx is agreed on by the ACK, one in clear by its 183") {
  const std::string line = crypto(1, kCm, inline_key('B'));
  Scene scene;
  exchange(scene, 1, "", "", 1, "183 Session Progress");
  scene.message(1.8, kB, kA, {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "agent"});
  scene.message(4, kA, kB, {.start = "INVITE sip:1001@10.1.0.21", .cseq = "2 INVITE", .to_tag = "agent"});
  scene.message(4.5, kB, kA,
                {.start = "200 OK", .cseq = "2 INVITE", .to_tag = "agent", .sdp = sdp(kMediaB, "sendrecv", "0", line)});
  scene.message(5, kA, kB,
                {.start = "ACK sip:1001@10.1.0.21",
                 .cseq = "2 ACK",
                 .to_tag = "agent",
                 .sdp = sdp(kMediaA, "sendrecv", "0", line)});
  play_to(scene, 9);
  const auto track = track_from(scene, calls::Side::Callee);
  CHECK(track.encryption == kCm);
  REQUIRE(track.in_clear.size() == 1);
  CHECK(track.in_clear.front().to == scene_time(5));
}

TEST_CASE("each hop has its own keys, and the copy that they open is recorded though the other is nearer") {
  const std::string proxy = "10.2.0.1:5060";
  const std::string near = "10.2.0.1:7002";
  const std::string far = "10.2.0.1:7000";
  const auto play = [&](const std::string& near_line, const std::string& near_answer, const std::string& far_line) {
    Scene scene;
    exchange(scene, 1, near_line, near_answer, 1, "200 OK", {kA, proxy, kMediaA, near});
    exchange(scene, 1.01, far_line, far_line, 1, "200 OK", {proxy, kB, far, kMediaB});
    scene.rtp({.from = kMediaA, .to = near, .ssrc = 1, .begin = 2, .end = 9});
    scene.rtp({.from = far, .to = kMediaB, .ssrc = 1, .begin = 2, .end = 9});
    scene.message(9, kA, proxy, {.start = "BYE sip:1001@10.1.0.21", .cseq = "99 BYE", .to_tag = "agent"});
    scene.play();
    const auto tracks = scene.interactions.at(0).tracks;
    REQUIRE(tracks.size() == 2);
    return tracks[0].flow.source == endpoint(kMediaA) ? std::pair(tracks[0], tracks[1])
                                                      : std::pair(tracks[1], tracks[0]);
  };
  const auto both =
      play(crypto(1, kCm, inline_key('B')), crypto(1, kCm, inline_key('C')), crypto(1, kCm, inline_key('D')));
  CHECK(digits(both.first.srtp_keys) == "B");
  CHECK(digits(both.second.srtp_keys) == "D");
  CHECK(both.first.use == Use::Recording);
  CHECK(both.second.use == Use::SecondHop);
  const std::string f8 = crypto(1, "F8_128_HMAC_SHA1_80", inline_key('B'));
  const auto one = play(f8, f8, crypto(1, kCm, inline_key('D')));
  CHECK(one.first.encryption == "F8_128_HMAC_SHA1_80");
  CHECK(one.first.srtp_keys.empty());
  CHECK(one.first.use == Use::SecondHop);
  CHECK(one.second.use == Use::Recording);
  // Only one end of the near hop wants encryption: that hop is in clear, whatever the other agreed on.
  const auto clear = play(crypto(1, kCm, inline_key('B')), "", crypto(1, kCm, inline_key('D')));
  CHECK(clear.first.encryption.empty());
  CHECK(clear.second.encryption == kCm);
}

TEST_CASE("a hop whose answer was not captured stays encrypted though the next one is in clear") {
  Scene scene;
  const std::string proxy = "10.2.0.1:5060";
  scene.message(1, kA, proxy,
                {.start = "INVITE sip:1001@pbx.example.com",
                 .cseq = "1 INVITE",
                 .sdp = sdp(kMediaA, "sendrecv", "0", crypto(1, kCm, "uri:somewhere"))});
  exchange(scene, 1.01, "", "", 1, "200 OK", {proxy, kB, "10.2.0.1:7000", kMediaB});
  scene.rtp({.from = kMediaA, .to = "10.2.0.1:7002", .ssrc = 1, .begin = 2, .end = 9});
  scene.message(9, kA, proxy, {.start = "BYE sip:1001@10.1.0.21", .cseq = "99 BYE", .to_tag = "agent"});
  scene.play();
  const auto& tracks = scene.interactions.at(0).tracks;
  REQUIRE(tracks.size() == 1);
  CHECK(tracks.front().encryption == kCm);
  CHECK(tracks.front().use == Use::Undecryptable);
}

TEST_CASE("of lines that differ only in what they encrypt the one that the answer chose is in use") {
  const std::string encrypting = crypto(1, kCm, inline_key('B'));
  const std::string open = crypto(2, kCm, inline_key('B') + " UNENCRYPTED_SRTP");
  for (const bool encrypts : {true, false}) {
    const std::string chosen =
        encrypts ? crypto(1, kCm, inline_key('C')) : crypto(2, kCm, inline_key('C') + " UNENCRYPTED_SRTP");
    for (const std::string& offered : {encrypting + open, open + encrypting}) {
      const auto keys = simple(offered, chosen, calls::Side::Caller).srtp_keys;
      REQUIRE(keys.size() == 1);
      CHECK(keys.front().encrypts == encrypts);
      const auto answered = simple(offered, chosen, calls::Side::Callee).srtp_keys;
      REQUIRE(answered.size() == 1);
      CHECK(answered.front().encrypts == encrypts);
    }
  }
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

TEST_CASE("a track of an open call is in clear as soon as its ends agreed on that, whatever one of them had offered") {
  calls::Call call;
  call.claims.resize(2);
  call.claims[0].endpoint = endpoint(kMediaA);
  call.claims[1].endpoint = endpoint(kMediaB);
  call.claims[1].side = calls::Side::Callee;
  for (calls::MediaClaim& claim : call.claims) {
    claim.media = "audio";
    claim.encryption = kCm;
  }
  calls::Track track;
  track.media = "audio";
  track.sender = calls::Side::Callee;
  track.flow = {.source = endpoint(kMediaB), .destination = endpoint(kMediaA), .ssrc = 1};
  CHECK_FALSE(calls::is_clear_at(call, track, scene_time(2)));
  call.agreements = {{.ends = calls::ClaimSet(3), .since = scene_time(4), .encryption = {}},
                     {.ends = calls::ClaimSet(3), .since = scene_time(9), .encryption = kCm}};
  CHECK(calls::is_clear_at(call, track, scene_time(5)));
  CHECK_FALSE(calls::is_clear_at(call, track, scene_time(10)));
  call.agreements.clear();
  call.claims[1].encryption.clear();
  CHECK(calls::is_clear_at(call, track, scene_time(2)));
}
