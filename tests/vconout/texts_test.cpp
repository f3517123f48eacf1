#include "vconout/texts.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;

TEST_CASE("a text is a dialog behind all others, with its body inside") {
  auto scene = recorded_scene();
  scene.interaction.texts.list = {
      {.party = 1, .time = at("2026-11-20T08:00:01.5Z"), .mediatype = "text/plain", .text = "good morning"}};
  const json vcon = json::parse(scene.build());
  REQUIRE(vcon["dialog"].size() == 2);
  CHECK(vcon["dialog"][1] == json{{"type", "text"},
                                  {"start", "2026-11-20T08:00:01.5Z"},
                                  {"duration", 0},
                                  {"parties", 1},
                                  {"mediatype", "text/plain"},
                                  {"body", "good morning"},
                                  {"encoding", "none"},
                                  {"interaction_id", "interaction-1"}});
}

}  // namespace tapestry::vconout::test
