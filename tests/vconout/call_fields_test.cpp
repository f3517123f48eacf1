#include "vconout/call_fields.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;
using namespace std::chrono_literals;

TEST_CASE("what the map found is in every dialog and in the customer's party") {
  auto scene = busy_scene();
  scene.interaction.fields = {"autumn", "sales", "recall", "", ""};
  scene.interaction.parties[0].contact_list = "list-7";
  scene.interaction.parties[0].stir = "a.b.c";
  const json vcon = json::parse(scene.build());
  CHECK(vcon["dialog"][0]["campaign"] == "autumn");
  CHECK(vcon["dialog"][0]["skill"] == "sales");
  CHECK(vcon["dialog"][0]["interaction_type"] == "recall");
  CHECK(vcon["parties"][0]["contact_list"] == "list-7");
  CHECK(vcon["parties"][0]["stir"] == "a.b.c");
  CHECK_FALSE(vcon["parties"][1].contains("stir"));
}

TEST_CASE("session ids have the shape of the parties, an empty object where there is none") {
  const auto scene = recorded_scene();
  const Time start = scene.interaction.dialogs[0].start;
  auto interaction = scene.interaction;
  interaction.sessions = {{0, start, "aa", "00"}, {0, start + 1s, "aa", "bb"}, {0, start + 9s, "aa", "cc"}};
  Json dialog = {{"type", "recording"}, {"parties", {0U, {0U, 1U}, nullptr}}};
  add_call_fields(dialog, interaction, start + 4s);
  const json known = {{"local", "aa"}, {"remote", "bb"}};
  CHECK(json(dialog["session_id"]) == json{known, {known, json::object()}, json::object()});
  Json single = {{"type", "recording"}, {"parties", 0U}};
  add_call_fields(single, interaction, start);
  CHECK(single["session_id"]["remote"] == "00");
  Json without = {{"type", "recording"}, {"parties", {1U}}};
  add_call_fields(without, interaction, start + 4s);
  CHECK_FALSE(without.contains("session_id"));
  interaction.fields.skill = "sales";
  Json transfer = {{"type", "transfer"}};
  add_call_fields(transfer, interaction, start + 4s);
  CHECK(transfer.size() == 1);
}

}  // namespace tapestry::vconout::test
