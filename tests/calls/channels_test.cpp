#include "calls/channels.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Side;
using calls::Use;

namespace {

using Lines = std::vector<std::string>;

struct Stream {
  std::string from = "192.0.2.1:4000";
  std::string to = "192.0.2.9:4000";
  std::uint32_t ssrc = 1;
  double first = 2;
  double last = 20;
  std::size_t hop = 0;
  Side sender = Side::Caller;
  std::string codec = "PCMU";
};

/// A call with its tracks.
struct Planned {
  explicit Planned(const std::vector<Stream>& streams, std::size_t hops = 2) {
    call.hops.resize(hops);
    for (const Stream& stream : streams) {
      calls::OpenTrack open;
      open.track.flow = {endpoint(stream.from), endpoint(stream.to), stream.ssrc};
      open.track.sender = stream.sender;
      open.track.media = "audio";
      open.track.codecs = {stream.codec};
      open.track.stats.first = scene_time(stream.first);
      open.track.stats.last = scene_time(stream.last);
      open.track.stats.packets = 100;
      open.hop = stream.hop;
      open.source_matched = open.destination_matched = true;
      call.tracks.push_back(open);
      tracks.push_back(open.track);
    }
  }
  /// `track from-to`, of what `sender` sent in [2, 20).
  Lines plan(Side sender = Side::Caller, calls::Lines together = calls::Lines::Copies) {
    Lines lines;
    for (const calls::TrackSpan& span :
         calls::plan_channel(call, tracks, sender, {scene_time(2), scene_time(20)}, together)) {
      lines.push_back(fmt::format("{} {:.1f}-{:.1f}", span.track, scene_seconds(span.from), scene_seconds(span.to)));
    }
    return lines;
  }

  /// The callee's m-line `line` is at `at`.
  void claim(const std::string& at, std::size_t line) {
    calls::MediaClaim made;
    made.endpoint = endpoint(at);
    made.side = Side::Callee;
    made.media = "audio";
    made.lines.set(line);
    call.claims.push_back(made);
  }

  calls::Call call;
  std::vector<calls::Track> tracks;
};

/// The callee gets one stream on each of two lines.
Planned two_lines(const std::string& second_from, const std::string& second_to) {
  Planned planned({{}, {.from = second_from, .to = second_to, .ssrc = 2, .first = 8, .last = 14}}, 1);
  planned.claim("192.0.2.9:4000", 0);
  planned.claim(second_to, 1);
  return planned;
}

}  // namespace

TEST_CASE("of two hops the copy nearest to its sender is taken") {
  for (const Side sender : {Side::Caller, Side::Callee}) {
    Planned planned(
        {{.sender = sender}, {.from = "192.0.2.2:4000", .to = "192.0.2.8:4000", .hop = 1, .sender = sender}});
    const std::size_t nearer = sender == Side::Caller ? 0 : 1;
    CHECK(planned.plan(sender) == Lines{fmt::format("{} 2.0-20.0", nearer)});
    CHECK(planned.tracks[nearer].use == Use::Recording);
    CHECK(planned.tracks[1 - nearer].use == Use::SecondHop);
  }
}

TEST_CASE("another hop fills what the nearer one lacks for a second or more") {
  const auto plan = [](double last) {
    Planned planned({{.last = last}, {.from = "192.0.2.2:4000", .to = "192.0.2.8:4000", .hop = 1}});
    return planned.plan();
  };
  CHECK(plan(15) == Lines{"0 2.0-16.0", "1 15.0-20.0"});
  CHECK(plan(19.5) == Lines{"0 2.0-20.0"});
}

TEST_CASE("a copy in clear, or in a codec that is decoded, comes before a nearer one") {
  Planned sealed({{}, {.from = "192.0.2.2:4000", .to = "192.0.2.8:4000", .hop = 1}});
  sealed.tracks[0].encryption = "AES_CM_128_HMAC_SHA1_80";
  CHECK(sealed.plan() == Lines{"1 2.0-20.0"});
  Planned foreign({{.codec = "EVS"}, {.from = "192.0.2.2:4000", .to = "192.0.2.8:4000", .hop = 1}});
  CHECK(foreign.plan() == Lines{"1 2.0-20.0"});
  Planned keyed({{}, {.from = "192.0.2.2:4000", .to = "192.0.2.8:4000", .hop = 1}});
  for (calls::Track& track : keyed.tracks) {
    track.encryption = "AES_CM_128_HMAC_SHA1_80";
    track.srtp_keys.resize(1);
  }
  CHECK(keyed.plan() == Lines{"0 2.0-20.0"});
  keyed.tracks[0].guessed_keys = true;
  CHECK(keyed.plan() == Lines{"1 2.0-20.0"});
}

TEST_CASE("a new SSRC on the same way follows the one before, both are recorded") {
  Planned planned({{.last = 10}, {.ssrc = 2, .first = 10}});
  CHECK(planned.plan() == Lines{"0 2.0-11.0", "1 9.0-20.0"});
}

TEST_CASE("what lies before the answer or after the end is said to") {
  Planned planned({{.first = 0, .last = 1.9}, {.ssrc = 2, .first = 20.1, .last = 22}, {.ssrc = 3}});
  CHECK(planned.plan() == Lines{"2 2.0-20.0"});
  CHECK(planned.tracks[0].use == Use::EarlyMedia);
  CHECK(planned.tracks[1].use == Use::AfterEnd);
}

TEST_CASE("a second source at another address loses, and the other side's streams are left alone") {
  Planned planned({{}, {.from = "192.0.2.1:4002", .to = "192.0.2.9:4002", .ssrc = 2}, {.sender = Side::Callee}});
  planned.tracks[2].use = Use::Unassigned;
  CHECK(planned.plan() == Lines{"0 2.0-20.0"});
  CHECK(planned.tracks[1].use == Use::OtherSource);
  CHECK(planned.tracks[2].use == Use::Unassigned);
}

TEST_CASE("what is heard of a track is told by its encryption and codecs") {
  calls::Track track;
  CHECK(calls::use_when_heard(track) == Use::Recording);
  track.codecs = {"EVS"};
  CHECK(calls::use_when_heard(track) == Use::Codec);
  track.codecs = {"EVS", "PCMU"};
  CHECK(calls::use_when_heard(track) == Use::Recording);
  track.encryption = "SRTP";
  CHECK(calls::use_when_heard(track) == Use::Undecryptable);
  track.in_clear = {{scene_time(1), scene_time(2)}};
  CHECK(calls::use_when_heard(track) == Use::Recording);
}

TEST_CASE("streams of two audio lines are heard together where they arrive, and one of them where they were sent") {
  const std::string peer = "192.0.2.3:4000";
  const std::string host = "192.0.2.1:4002";
  const std::string second = "192.0.2.9:4002";
  for (const std::string& from : {peer, host}) {
    CHECK(two_lines(from, second).plan(Side::Caller, calls::Lines::Sum) == Lines{"0 2.0-20.0", "1 7.0-15.0"});
    CHECK(two_lines(from, second).plan(Side::Caller, calls::Lines::Copies) == Lines{"0 2.0-20.0"});
  }
}

TEST_CASE("one host's streams to two others are copies, wherever they are planned") {
  CHECK(two_lines("192.0.2.1:4002", "192.0.2.7:4000").plan(Side::Caller, calls::Lines::Sum) == Lines{"0 2.0-20.0"});
}

TEST_CASE("a second source on one audio line is not heard beside the first") {
  Planned planned = two_lines("192.0.2.3:4000", "192.0.2.9:4002");
  planned.call.claims.back().lines.reset().set(0);
  CHECK(planned.plan(Side::Caller, calls::Lines::Sum) == Lines{"0 2.0-20.0"});
}

TEST_CASE("while one of two audio lines is held, the other has the voice") {
  Planned planned({{}, {.from = "192.0.2.1:4002", .to = "192.0.2.3:4000", .ssrc = 2}}, 1);
  planned.tracks[0].stats.packets = planned.call.tracks[0].track.stats.packets = 200;
  planned.claim("192.0.2.9:4000", 0);
  planned.claim("192.0.2.3:4000", 1);
  calls::LineHold hold{.side = Side::Caller, .line = 0};
  hold.held.past = {{scene_time(9), scene_time(14)}};
  planned.call.line_holds = {hold, {.side = Side::Caller, .line = 1}};
  CHECK(planned.plan() == Lines{"0 2.0-9.0", "1 9.0-14.0", "0 14.0-20.0"});
}
