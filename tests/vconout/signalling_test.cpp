#include "vconout/signalling.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;

TEST_CASE("the signalling is attached to the first dialog, without members that say nothing") {
  const json entry = attachment(json::parse(recorded_scene().build()), "call-signalling");
  CHECK(entry["dialog"] == 0);
  CHECK(entry["party"] == 2);
  CHECK(entry["start"] == "2026-11-20T07:59:58Z");
  const json& body = entry["body"];
  CHECK(body["dialogs"] ==
        json::array(
            {{{"call_id", "a84b4c76e66710@pc33.example.com"},
              {"from_tag", "1928301774"},
              {"to_tag", "314159"},
              {"hops",
               json::array({{{"source", "192.0.2.1:5060"}, {"destination", "10.1.0.7:5060"}, {"transport", "UDP"}}})},
              {"invited", "2026-11-20T07:59:58Z"},
              {"answered", "2026-11-20T08:00:00Z"},
              {"ended", "2026-11-20T08:00:04Z"},
              {"final_status", 200},
              {"final_reason", "OK"},
              {"ended_by", "bye caller"},
              {"messages", 7}}}));
  REQUIRE(body["streams"].size() == 2);
  CHECK(body["streams"][1] == json{{"ssrc", "0x00000007"},
                                   {"source", "192.0.2.1:4000"},
                                   {"destination", "10.1.0.7:5000"},
                                   {"sender", "caller"},
                                   {"media", "audio"},
                                   {"codecs", {"PCMA"}},
                                   {"packets", 198},
                                   {"lost", 2},
                                   {"use", "recording"}});
  CHECK_FALSE(body.contains("capture_drops"));
}

TEST_CASE("keys that other dialogs may share are attached") {
  auto scene = recorded_scene();
  scene.interaction.signalling.front().keys = {{"ucid", "00001093401581709030"}};
  CHECK(attachment(json::parse(scene.build()), "call-signalling")["body"]["dialogs"][0]["keys"] ==
        json::array({{{"kind", "ucid"}, {"value", "00001093401581709030"}}}));
}

TEST_CASE("a conversation that our bounds touched says so") {
  auto scene = busy_scene();
  scene.interaction.drops_touched = true;
  CHECK(attachment(json::parse(scene.build()), "call-signalling")["body"]["capture_drops"] == true);
}

}  // namespace tapestry::vconout::test
