#include "vconout/fingerprint.h"

#include <catch2/catch.hpp>
#include <utility>

#include "fixture.h"

namespace tapestry::vconout::test {

TEST_CASE("a fingerprint is the same in each replay, whatever the order and the roles") {
  const auto scene = recorded_scene();
  const std::string print = fingerprint(scene.interaction);
  CHECK(print.size() == 64);
  auto other = scene.interaction;
  other.number = 12;
  other.parties[0].role = calls::Role::Agent;
  other.parties[1].name = "Sam";
  other.dialogs.clear();
  std::swap(other.tracks[0], other.tracks[1]);
  other.tracks[0].use = calls::Use::Monitor;
  other.tracks[0].id = 99;
  CHECK(fingerprint(other) == print);
}

TEST_CASE("fingerprints differ with Call-ID, tag, time or stream") {
  const auto scene = recorded_scene();
  const std::string print = fingerprint(scene.interaction);
  const auto changed = [&](auto change) {
    auto other = scene.interaction;
    change(other);
    return fingerprint(other) != print;
  };
  CHECK(changed([](auto& i) { i.signalling[0].call_id += "x"; }));
  CHECK(changed([](auto& i) { i.signalling[0].to_tag.clear(); }));
  CHECK(changed([](auto& i) { i.signalling[0].invited += Duration(1); }));
  CHECK(changed([](auto& i) { i.signalling[0].ended.reset(); }));
  CHECK(changed([](auto& i) { i.tracks[0].flow.ssrc ^= 1U; }));
  CHECK(changed([](auto& i) { i.tracks[0].stats.packets += 1; }));
  CHECK(changed([](auto& i) { i.tracks.pop_back(); }));
}

TEST_CASE("moving characters from one field to the next changes the fingerprint") {
  auto scene = recorded_scene();
  auto& dialog = scene.interaction.signalling[0];
  dialog.call_id = "ab";
  dialog.from_tag = "c";
  const std::string print = fingerprint(scene.interaction);
  dialog.call_id = "a";
  dialog.from_tag = "bc";
  CHECK(fingerprint(scene.interaction) != print);
}

}  // namespace tapestry::vconout::test
