#include "calls/key_book.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

namespace tapestry::calls {
namespace {

using testing::endpoint;

SrtpKey named(const std::string& profile) { return {.profile = profile}; }

std::vector<std::string> found(const KeyBook& book, const std::string& source, const std::string& destination) {
  std::vector<SrtpKey> keys;
  book.find(endpoint(source), endpoint(destination), keys);
  std::vector<std::string> names;
  for (const SrtpKey& key : keys) names.push_back(key.profile);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("keys are found by the way that media takes") {
  KeyBook book;
  book.add(endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:6000"), named("up"));
  book.add(endpoint("10.0.0.2:6000"), endpoint("10.0.0.1:4000"), named("down"));
  book.add(endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:6000"), named("up again"));
  CHECK(found(book, "10.0.0.1:4000", "10.0.0.2:6000") == Names{"up", "up again"});
  CHECK(found(book, "10.0.0.2:6000", "10.0.0.1:4000") == Names{"down"});
  CHECK(found(book, "10.0.0.1:4000", "10.0.0.2:6002").empty());
}

TEST_CASE("a way keeps its last keys, and the ways known longest go") {
  KeyBook book(2);
  for (int n = 0; n < 10; ++n) {
    book.add(endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:6000"), named(std::to_string(n)));
  }
  const Names last = found(book, "10.0.0.1:4000", "10.0.0.2:6000");
  CHECK(last.size() == KeyBook::kMaxKeys);
  CHECK(last.back() == "9");
  book.add(endpoint("10.0.0.3:4000"), endpoint("10.0.0.2:6000"), named("x"));
  CHECK(book.dropped() == 0);
  book.add(endpoint("10.0.0.4:4000"), endpoint("10.0.0.2:6000"), named("y"));
  CHECK(book.dropped() == 1);
  CHECK(found(book, "10.0.0.1:4000", "10.0.0.2:6000").empty());
  CHECK(found(book, "10.0.0.4:4000", "10.0.0.2:6000") == Names{"y"});
}

TEST_CASE("a way that was keyed again stays longer") {
  KeyBook book(2);
  book.add(endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:6000"), named("first"));
  book.add(endpoint("10.0.0.3:4000"), endpoint("10.0.0.2:6000"), named("x"));
  book.add(endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:6000"), named("second"));
  book.add(endpoint("10.0.0.4:4000"), endpoint("10.0.0.2:6000"), named("y"));
  CHECK(found(book, "10.0.0.1:4000", "10.0.0.2:6000") == Names{"first", "second"});
  CHECK(found(book, "10.0.0.3:4000", "10.0.0.2:6000").empty());
}

TEST_CASE("ways of one end are found, the last ones, since a time") {
  KeyBook book(20);
  const auto near = [&book](bool from, const std::string& end, Time since = Time::min()) {
    std::vector<SrtpKey> keys;
    from ? book.find_from(endpoint(end), since, keys) : book.find_to(endpoint(end), since, keys);
    std::vector<std::string> names;
    for (const SrtpKey& key : keys) names.push_back(key.profile);
    return names;
  };
  for (int n = 0; n < 30; ++n) {
    const Endpoint source = endpoint("10.0.0.1:" + std::to_string(4000 + n % 25));
    book.add(source, endpoint("10.0.0.2:6000"), {.since = testing::scene_time(n), .profile = std::to_string(n)});
  }
  CHECK(near(true, "10.0.0.1:4024") == Names{"24"});
  CHECK(near(true, "10.0.0.1:4003") == Names{"28"});
  CHECK(near(true, "10.0.0.1:4007").empty());
  CHECK(near(true, "10.0.0.2:6000").empty());
  CHECK(near(false, "10.0.0.2:6000").size() == KeyBook::kMaxNear);
  CHECK(near(false, "10.0.0.2:6000").front() == "29");
  CHECK(near(false, "10.0.0.2:6000", testing::scene_time(29)) == Names{"29"});
}

TEST_CASE("keys of a handshake reach media that has another address at one end, but not those of an earlier call") {
  const std::string fingerprint = "a=fingerprint:sha-256 4A:AD:B9:B1\r\n";
  const auto play = [&](double handshake, const std::string& source, const std::string& destination) {
    testing::Scene scene;
    const std::string a = "10.9.0.10:5060";
    const std::string b = "10.1.0.21:5060";
    scene.message(1, a, b,
                  {.start = "INVITE sip:1001@pbx.example.com",
                   .cseq = "1 INVITE",
                   .sdp = testing::sdp("10.9.0.10:4000", "sendrecv", "0", fingerprint)});
    scene.message(2, b, a,
                  {.start = "200 OK",
                   .cseq = "1 INVITE",
                   .to_tag = "agent",
                   .sdp = testing::sdp("10.1.0.21:6000", "sendrecv", "0", fingerprint)});
    scene.rtp({.from = "203.0.113.7:31000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 6});
    scene.correlator.on_srtp_key(endpoint(source), endpoint(destination),
                                 {.since = testing::scene_time(handshake), .profile = "up"});
    scene.play();
    REQUIRE(scene.interactions.size() == 1);
    REQUIRE(scene.interactions.front().tracks.size() == 1);
    return scene.interactions.front().tracks.front();
  };
  for (const char* const source : {"203.0.113.7:30000", "10.9.0.10:4000"}) {
    const Track track = play(2, source, "10.1.0.21:6000");
    CHECK(track.srtp_keys.size() == 1);
    CHECK(track.guessed_keys);
    CHECK(track.use == Use::Recording);
  }
  CHECK(play(2, "203.0.113.7:31000", "192.0.2.1:9").srtp_keys.size() == 1);
  CHECK(play(2, "10.9.0.10:4000", "192.0.2.1:9").srtp_keys.size() == 1);
  CHECK_FALSE(play(0.5, "203.0.113.7:31000", "10.1.0.21:6000").guessed_keys);
  CHECK(play(0.5, "203.0.113.7:30000", "10.1.0.21:6000").srtp_keys.empty());
  CHECK(play(2, "203.0.113.8:30000", "192.0.2.1:9").use == Use::Undecryptable);
}

TEST_CASE("a copy whose keys were agreed on for it comes before a nearer one whose keys are guessed") {
  const std::string fingerprint = "a=fingerprint:sha-256 4A:AD:B9:B1\r\n";
  const std::string a = "10.9.0.10:5060";
  const std::string proxy = "10.2.0.1:5060";
  const std::string b = "10.1.0.21:5060";
  testing::Scene scene;
  const auto exchange = [&](double at, const std::string& from, const std::string& to, const std::string& offered,
                            const std::string& answered) {
    scene.message(at, from, to,
                  {.start = "INVITE sip:1001@pbx.example.com",
                   .cseq = "1 INVITE",
                   .sdp = testing::sdp(offered, "sendrecv", "0", fingerprint)});
    scene.message(at + 0.5, to, from,
                  {.start = "200 OK",
                   .cseq = "1 INVITE",
                   .to_tag = "agent",
                   .sdp = testing::sdp(answered, "sendrecv", "0", fingerprint)});
  };
  exchange(1, a, proxy, "10.9.0.10:4000", "10.2.0.1:7002");
  exchange(1.01, proxy, b, "10.2.0.1:7000", "10.1.0.21:6000");
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.2.0.1:7002", .ssrc = 1, .begin = 2, .end = 9});
  scene.rtp({.from = "10.2.0.1:7000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 9});
  const auto key = [&scene](const std::string& from, const std::string& to) {
    scene.correlator.on_srtp_key(endpoint(from), endpoint(to), {.since = testing::scene_time(2), .profile = "up"});
  };
  key("10.9.0.10:4444", "10.2.0.1:7002");
  key("10.2.0.1:7000", "10.1.0.21:6000");
  scene.play();
  CHECK(scene.stream("10.9.0.10:4000", "10.2.0.1:7002").use == Use::SecondHop);
  CHECK(scene.stream("10.2.0.1:7000", "10.1.0.21:6000").use == Use::Recording);
}

TEST_CASE("keys of a handshake reach the media of a call, in the direction that they are for") {
  testing::Scene scene;
  const std::string a = "10.9.0.10:5060";
  const std::string b = "10.1.0.21:5060";
  const auto dtls = [](std::string sdp) { return sdp.replace(sdp.find("RTP/AVP"), 7, "UDP/TLS/RTP/SAVPF"); };
  scene.message(
      1, a, b,
      {.start = "INVITE sip:1001@pbx.example.com", .cseq = "1 INVITE", .sdp = dtls(testing::sdp("10.9.0.10:4000"))});
  scene.message(
      2, b, a, {.start = "200 OK", .cseq = "1 INVITE", .to_tag = "agent", .sdp = dtls(testing::sdp("10.1.0.21:6000"))});
  scene.rtp({.from = "10.9.0.10:4000", .to = "10.1.0.21:6000", .ssrc = 1, .begin = 2, .end = 6});
  scene.rtp({.from = "10.1.0.21:6000", .to = "10.9.0.10:4000", .ssrc = 2, .begin = 2, .end = 6});
  scene.correlator.on_srtp_key(endpoint("10.9.0.10:4000"), endpoint("10.1.0.21:6000"), named("up"));
  scene.play();
  REQUIRE(scene.interactions.size() == 1);
  REQUIRE(scene.interactions.front().tracks.size() == 2);
  for (const Track& track : scene.interactions.front().tracks) {
    const bool up = track.flow.ssrc == 1;
    CHECK(track.encryption == "DTLS-SRTP");
    CHECK(track.srtp_keys.size() == (up ? 1 : 0));
    CHECK(track.use == (up ? Use::Recording : Use::Undecryptable));
  }
}

}  // namespace tapestry::calls
