#include "calls/leg.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Side;

namespace {

calls::OpenTrack track(Side sender, double first, double last, const std::string& media = "audio") {
  calls::OpenTrack open;
  open.track.sender = sender;
  open.track.media = media;
  open.track.stats.first = scene_time(first);
  open.track.stats.last = scene_time(last);
  open.track.stats.packets = 100;
  open.source_matched = open.destination_matched = true;
  return open;
}

calls::Call call(std::optional<double> answered, std::optional<double> ended) {
  calls::Call made;
  made.first_seen = scene_time(1);
  made.last_seen = scene_time(50);
  calls::Branch branch;
  if (answered) branch.answered = scene_time(*answered);
  if (ended) branch.ended = scene_time(*ended);
  made.branches = {branch};
  return made;
}

/// From the answer to the end, in seconds; nothing when the call never was up.
std::optional<std::pair<double, double>> window(const calls::Call& of) {
  const calls::Leg leg = calls::leg_of(of, calls::CloseReason::Over, calls::Roles({}), calls::Registrations());
  if (!leg.answer) return std::nullopt;
  return std::pair(scene_seconds(leg.answer->window.start), scene_seconds(leg.answer->window.end));
}

void check(const std::optional<std::pair<double, double>>& is, double from, double to) {
  REQUIRE(is);
  CHECK(is->first == Approx(from));
  CHECK(is->second == Approx(to));
}

}  // namespace

TEST_CASE("a call is up from its answer to its end") {
  check(window(call(2, 9)), 2, 9);
  CHECK_FALSE(window(call(std::nullopt, std::nullopt)));
}

TEST_CASE("without a BYE a call ends with its last packet, without media with its last message") {
  calls::Call lost = call(2, std::nullopt);
  check(window(lost), 2, 50);
  lost.tracks = {track(Side::Caller, 2, 8), track(Side::Callee, 2, 10), track(Side::Caller, 2, 30, "video")};
  check(window(lost), 2, 10.02);
}

TEST_CASE("a call without an answer is up while both ends are heard, unless it failed") {
  calls::Call unanswered = call(std::nullopt, std::nullopt);
  unanswered.tracks = {track(Side::Caller, 2, 8), track(Side::Callee, 4, 10)};
  check(window(unanswered), 4, 10.02);
  calls::Call failed = unanswered;
  failed.final_status = 486;
  CHECK_FALSE(window(failed));
  calls::Call cancelled = unanswered;
  cancelled.cancelled = scene_time(5);
  CHECK_FALSE(window(cancelled));
  calls::Call one_way = unanswered;
  one_way.tracks.pop_back();
  CHECK_FALSE(window(one_way));
  calls::Call noise = unanswered;
  noise.tracks[1].track.stats.packets = 9;
  CHECK_FALSE(window(noise));
  one_way.unsignalled = true;
  check(window(one_way), 2, 8.02);
}

TEST_CASE("a call that began before the capture is up from its first certain packet on") {
  calls::Call late = call(20, 30);
  late.tracks = {track(Side::Caller, 3, 30), track(Side::Callee, 2, 30)};
  late.tracks[1].source_matched = false;
  check(window(late), 20, 30);
  late.begins_before_capture = true;
  check(window(late), 3, 30);
}

TEST_CASE("no recording is longer than a day, and none ends before it begins") {
  check(window(call(2, 200'000)), 2, 2 + 86'400);
  check(window(call(9, 2)), 9, 9);
}

TEST_CASE("holds are told inside the window, the last one up to its end") {
  calls::Call held = call(2, 30);
  auto& state = held.holds[calls::index_of(Side::Callee)];
  state.past = {{scene_time(1), scene_time(4)}, {scene_time(10), scene_time(12)}, {scene_time(40), scene_time(41)}};
  state.on = true;
  state.since = scene_time(20);
  const auto holds = calls::holds_of(held, Side::Callee, {scene_time(2), scene_time(30)});
  REQUIRE(holds.size() == 3);
  CHECK(scene_seconds(holds[0].start) == Approx(2));
  CHECK(scene_seconds(holds[0].end) == Approx(4));
  CHECK(scene_seconds(holds[2].start) == Approx(20));
  CHECK(scene_seconds(holds[2].end) == Approx(30));
  CHECK(calls::holds_of(held, Side::Caller, {scene_time(2), scene_time(30)}).empty());
}

TEST_CASE("hold music lies inside its sender's hold, but for a second") {
  calls::Call held = call(2, 30);
  held.holds[calls::index_of(Side::Callee)].past = {{scene_time(10), scene_time(20)}};
  const auto is_music = [&held](Side sender, double first, double last) {
    return calls::is_hold_music(held, track(sender, first, last).track, {scene_time(2), scene_time(30)});
  };
  CHECK(is_music(Side::Callee, 9.1, 20.9));
  CHECK_FALSE(is_music(Side::Callee, 8.9, 20));
  CHECK_FALSE(is_music(Side::Callee, 10, 21.1));
  CHECK_FALSE(is_music(Side::Caller, 11, 19));
}

TEST_CASE("tracks are said to be audio or not, of an answered call or not, of a recording session") {
  calls::Call made = call(2, 9);
  made.tracks = {track(Side::Caller, 2, 9), track(Side::Caller, 2, 9, "video")};
  CHECK(calls::tracks_of(made, true)[0].use == calls::Use::OtherSource);
  CHECK(calls::tracks_of(made, false)[0].use == calls::Use::NotAnswered);
  CHECK(calls::tracks_of(made, true)[1].use == calls::Use::NotAudio);
  made.recording_session = true;
  CHECK(calls::tracks_of(made, true)[1].use == calls::Use::RecordingSession);
}

TEST_CASE("why a call was closed without an end of its own has a name") {
  CHECK(calls::to_string(calls::CloseReason::CaptureEnd) == "capture end");
  CHECK(calls::to_string(calls::CloseReason::Timeout) == "timeout");
}
