#include "calls/call.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

calls::Branch branch(const std::string& tag, std::optional<double> answered, std::optional<double> ended) {
  calls::Branch made;
  made.to_tag = tag;
  if (answered) made.answered = scene_time(*answered);
  if (ended) made.ended = scene_time(*ended);
  return made;
}

std::string chosen(const std::vector<calls::Branch>& branches) {
  calls::Call call;
  call.last_seen = scene_time(30);
  call.branches = branches;
  const calls::Branch* best = call.answered_branch();
  return best == nullptr ? "" : best->to_tag;
}

}  // namespace

TEST_CASE("of the branches that were answered the one that is open counts, else the one that lasted") {
  CHECK(chosen({branch("a", std::nullopt, std::nullopt)}).empty());
  CHECK(chosen({branch("a", std::nullopt, 4), branch("b", 3, 5)}) == "b");
  CHECK(chosen({branch("a", 2, 4), branch("b", 3, 9), branch("c", 3, 5)}) == "b");
  CHECK(chosen({branch("a", 2, 29), branch("b", 20, std::nullopt)}) == "b");
  CHECK(chosen({branch("a", 2, std::nullopt), branch("b", 20, std::nullopt)}) == "a");
}

TEST_CASE("a call is up from the answer until it ends or is set aside") {
  calls::Call call;
  CHECK_FALSE(call.is_up());
  call.branches = {branch("a", 2, std::nullopt)};
  CHECK(call.is_up());
  call.set_aside = true;
  CHECK_FALSE(call.is_up());
  call.set_aside = false;
  call.find_branch("a")->ended = scene_time(3);
  CHECK_FALSE(call.is_up());
  CHECK(call.find_branch("b") == nullptr);
}

TEST_CASE("tracks are in order of their first packets, those of one moment by addresses, whichever came first") {
  const auto track = [](double first, const std::string& source, std::uint32_t ssrc, calls::TrackId id) {
    calls::OpenTrack open;
    open.track.id = id;
    open.track.flow = {endpoint(source), endpoint("192.0.2.9:4000"), ssrc};
    open.track.stats.first = scene_time(first);
    return open;
  };
  calls::Call call;
  call.tracks = {track(2, "192.0.2.3:4000", 1, 1), track(2, "192.0.2.2:4000", 9, 2), track(1, "192.0.2.4:4000", 1, 3),
                 track(2, "192.0.2.2:4000", 3, 4)};
  calls::sort_tracks(call);
  std::vector<calls::TrackId> order;
  for (const calls::OpenTrack& open : call.tracks) order.push_back(open.track.id);
  CHECK(order == std::vector<calls::TrackId>{3, 4, 2, 1});
}

TEST_CASE("a list that is full refuses what is not in it") {
  std::vector<int> list;
  CHECK(calls::add_once(list, 1, 2));
  CHECK(calls::add_once(list, 1, 2));
  CHECK(calls::add_once(list, 2, 2));
  CHECK_FALSE(calls::add_once(list, 3, 2));
  CHECK(calls::add_once(list, 2, 2));
  CHECK(list == std::vector{1, 2});
}
