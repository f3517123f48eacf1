#include "vconout/vcon.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;

TEST_CASE("the top level names draft, uuid, date and extension") {
  const json vcon = json::parse(recorded_scene().build());
  CHECK(vcon["vcon"] == "0.4.0");
  CHECK(vcon["uuid"] == kUuid);
  CHECK(vcon["created_at"] == "2026-11-20T08:20:00Z");
  CHECK(vcon["extensions"] == json{"CC"});
  CHECK(vcon["redacted"] == json{{"type", "PCI"}});
  CHECK_FALSE(vcon.contains("subject"));
  CHECK_FALSE(vcon.contains("critical"));
}

TEST_CASE("the same conversation gives the same bytes") { CHECK(recorded_scene().build() == recorded_scene().build()); }

TEST_CASE("what the wire said in no valid UTF-8 is replaced wherever it stands") {
  auto scene = recorded_scene();
  const std::string odd = "a\xE9\xFF\"\\\x01z";
  const std::string clean = "a\xEF\xBF\xBD\xEF\xBF\xBD\"\\\x01z";
  scene.interaction.parties[0].uri = "sip:" + odd;
  scene.interaction.parties[0].name = odd;
  scene.interaction.parties[0].type = odd;
  auto& dialog = scene.interaction.signalling[0];
  for (std::string* text : {&dialog.call_id, &dialog.from_tag, &dialog.to_tag, &dialog.final_reason, &dialog.ended_by,
                            &dialog.caller_user_agent, &dialog.callee_user_agent, &dialog.hops[0].transport}) {
    *text = odd;
  }
  scene.interaction.tracks[0].media = odd;
  scene.interaction.tracks[0].codecs = {odd};
  scene.dialogs[0].rendered[0].gaps[1].detail = odd;
  scene.dialogs[0].media[0].filename = odd;
  const json vcon = json::parse(scene.build());
  CHECK(vcon["parties"][0]["sip"] == "sip:" + clean);
  CHECK(vcon["parties"][0]["name"] == clean);
  CHECK(attachment(vcon, "call-signalling")["body"]["dialogs"][0]["call_id"] == clean);
  CHECK(attachment(vcon, "call-signalling")["body"]["streams"][0]["codecs"][0] == clean);
}

TEST_CASE("a conversation without dialogs is still a vCon, with nothing attached") {
  auto scene = busy_scene();
  scene.interaction.dialogs.clear();
  scene.dialogs.clear();
  const json vcon = json::parse(scene.build());
  CHECK(vcon["parties"].size() == 3);
  CHECK_FALSE(vcon.contains("dialog"));
  CHECK_FALSE(vcon.contains("attachments"));
}

TEST_CASE("without a fixed clock created_at is now") {
  const auto scene = busy_scene();
  const Time before = std::chrono::system_clock::now() - std::chrono::milliseconds(1);
  const json vcon = json::parse(build_vcon(scene.interaction, scene.dialogs, std::string(kUuid), "i", Options{}));
  CHECK(at(vcon["created_at"].get<std::string>()) >= before);
}

}  // namespace tapestry::vconout::test
