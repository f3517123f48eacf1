#include "vconout/parties.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;

TEST_CASE("parties carry sip, name, uuid, type and role, and the recorder comes last") {
  const json parties = json::parse(recorded_scene().build())["parties"];
  REQUIRE(parties.size() == 3);
  CHECK(parties[0] == json{{"sip", "sip:+12025550101@sbc.example.net"}, {"type", "person"}, {"role", "customer"}});
  CHECK(parties[1] == json{{"sip", "sip:1042@pbx.example.com"},
                           {"name", "Alex"},
                           {"validation", "none"},
                           {"uuid", "agent-1042"},
                           {"type", "person"},
                           {"role", "agent"}});
  CHECK(parties[2] == json{{"name", "Tapestry recorder recorder.example.com"},
                           {"validation", "recorder.example.com"},
                           {"type", "organization"}});
}

TEST_CASE("tel, sips, anonymous and foreign identities each find their member") {
  auto scene = busy_scene();
  auto& parties = scene.interaction.parties;
  parties.resize(5);
  parties[0] = {};
  parties[0].uri = "tel:+12025550101";
  parties[1] = {};
  parties[1].uri = "SIPS:alex@example.com";
  parties[3].uuid = "agent-7";
  parties[4].uri = "urn:service:sos";
  const json built = json::parse(scene.build())["parties"];
  REQUIRE(built.size() == 6);
  CHECK(built[0] == json{{"tel", "tel:+12025550101"}});
  CHECK(built[1] == json{{"sip", "SIPS:alex@example.com"}});
  CHECK(built[2] == json{{"name", "anonymous"}, {"validation", "none"}});
  CHECK(built[3] == json{{"uuid", "agent-7"}});
  CHECK(built[4] == json{{"name", "urn:service:sos"}, {"validation", "none"}});
}

}  // namespace tapestry::vconout::test
