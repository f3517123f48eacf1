#include "vconout/suspicion.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;

namespace {

json built(const Scene& scene, const Circumstances& circumstances = {}) {
  return json::parse(
      build_vcon(scene.interaction, scene.dialogs, std::string(kUuid), "interaction-1", options(), circumstances));
}

}  // namespace

TEST_CASE("nothing is suspected of a conversation with an ordinary pause") {
  const Scene scene = paused_scene();
  CHECK_FALSE(is_pci_suspected(scene.interaction));
  CHECK(attachment(built(scene), "pci-suspected").is_null());
}

TEST_CASE("a card number that was keyed without a pause is told of the whole conversation") {
  Scene scene = recorded_scene();
  scene.interaction.pci_suspected = true;
  CHECK(is_pci_suspected(scene.interaction));
  const json entry = attachment(built(scene), "pci-suspected");
  CHECK(entry["party"] == 2);
  CHECK(entry["dialog"] == 0);
  CHECK(
      entry["body"] ==
      json{{"times", {{{"start", "2026-11-20T07:59:58Z"}, {"end", "2026-11-20T08:00:04Z"}, {"by", "keyed-digits"}}}}});
}

TEST_CASE("a pause that only keyed digits asked for is suspected, once, and quarantine is told") {
  Scene scene = paused_scene();
  scene.interaction.pauses[0].opened.rule = "keyed-digits";
  calls::Gap gap = scene.dialogs[0].rendered[0].gaps[2];
  gap.pause = scene.interaction.pauses[0];
  scene.interaction.dialogs[0].recording[0].gaps = {gap};
  const json body = attachment(built(scene, {.quarantined = true}), "pci-suspected")["body"];
  CHECK(body ==
        json{{"times",
              {{{"start", "2026-11-20T08:00:02.5Z"}, {"end", "2026-11-20T08:00:03.5Z"}, {"by", "keyed-digits"}}}},
             {"quarantined", true}});
  scene.interaction.pci_suspected = true;
  CHECK(attachment(built(scene), "pci-suspected")["body"]["times"] == body["times"]);
  scene.interaction.pci_suspected = false;
  scene.interaction.pauses.clear();
  CHECK(is_pci_suspected(scene.interaction));
}

TEST_CASE("the first gaps of a vCon name the audit log's head when there is one") {
  const Scene scene = paused_scene();
  const json body =
      attachment(built(scene, {.quarantined = false, .audit = AuditHead{17, "ab12"}}), "recording-gaps")["body"];
  CHECK(body["audit"] == json{{"seq", 17}, {"hash", "ab12"}});
  CHECK_FALSE(attachment(built(scene), "recording-gaps")["body"].contains("audit"));
}

}  // namespace tapestry::vconout::test
