#include "vconout/attachments.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;

TEST_CASE("the gaps of a recording are attached to it, cut to its length") {
  const json entry = attachment(json::parse(recorded_scene().build()), "recording-gaps");
  CHECK(entry["start"] == "2026-11-20T08:00:00Z");
  CHECK(entry["party"] == 2);
  CHECK(entry["dialog"] == 0);
  CHECK(entry["mediatype"] == "application/json");
  CHECK(entry["encoding"] == "json");
  const json& gaps = entry["body"]["gaps"];
  REQUIRE(gaps.size() == 4);
  CHECK(gaps[0]["reason"] == "late-start");
  CHECK(gaps[0]["start"] == "2026-11-20T08:00:00Z");
  CHECK(gaps[0]["duration_s"] == 0.1);
  CHECK(gaps[1]["reason"] == "hold");
  CHECK(gaps[2] == json{{"reason", "pci"},
                        {"start", "2026-11-20T08:00:02.5Z"},
                        {"end", "2026-11-20T08:00:03.5Z"},
                        {"file_offset_s", 2.5},
                        {"duration_s", 1.0},
                        {"channels", {0, 1}},
                        {"fill", "silence"},
                        {"media", {"audio", "dtmf", "text"}}});
  CHECK(gaps[3]["detail"] == "2 packets");
}

TEST_CASE("a pause's gap tells what began and ended it") {
  const json mark{{"rule", "record-header"},
                  {"message", "INFO"},
                  {"from", "sip:1042@pbx.example.com"},
                  {"call_id", "a84b4c76e66710@pc33.example.com"},
                  {"at", "2026-11-20T08:00:05.5Z"}};
  json resume = mark;
  resume["message"] = "200 INFO";
  resume["at"] = "2026-11-20T08:00:03.5Z";
  const json vcon = json::parse(paused_scene().build());
  const json gap = attachment(vcon, "recording-gaps")["body"]["gaps"][2];
  CHECK(gap["reason"] == "pci");
  CHECK(gap["fill"] == "silence");
  CHECK(gap["pause"] == mark);
  CHECK(gap["resume"] == resume);
  CHECK(gap["closed_by"] == "resume");
  CHECK(vcon["redacted"] == json{{"type", "PCI"}});
}

TEST_CASE("a pause that nobody ended has no resume, and says what ended it") {
  auto scene = paused_scene();
  auto& pause = *scene.dialogs[0].rendered[0].gaps[2].pause;
  pause.closed.reset();
  pause.how = calls::PauseEnd::LegEnd;
  const json gap = attachment(json::parse(scene.build()), "recording-gaps")["body"]["gaps"][2];
  CHECK_FALSE(gap.contains("resume"));
  CHECK(gap["closed_by"] == "leg-end");
}

TEST_CASE("a pause for another reason than card data is told as policy, in the vCon's redacted, too") {
  auto scene = paused_scene();
  scene.dialogs[0].rendered[0].gaps[2].pause->reason = "privacy";
  scene.interaction.pauses[0].reason = "privacy";
  json vcon = json::parse(scene.build());
  CHECK(attachment(vcon, "recording-gaps")["body"]["gaps"][2]["reason"] == "policy");
  CHECK(vcon["redacted"] == json{{"type", "policy"}});
  scene.interaction.pauses.push_back(pause(at("2026-11-20T08:00:03.9Z"), at("2026-11-20T08:00:04Z")));
  CHECK(json::parse(scene.build())["redacted"] == json{{"type", "PCI"}});
}

TEST_CASE("a file that beeps says so of its pauses only") {
  auto scene = paused_scene();
  scene.dialogs[0].rendered[0].beeps = true;
  const json gaps = attachment(json::parse(scene.build()), "recording-gaps")["body"]["gaps"];
  CHECK(gaps[2]["beep"] == json{{"hertz", 440}, {"duration_s", 0.1}});
  CHECK_FALSE(gaps[1].contains("beep"));
}

TEST_CASE("what a pause's marks say holds no card number") {
  auto scene = paused_scene();
  auto& opened = scene.dialogs[0].rendered[0].gaps[2].pause->opened;
  opened.from = opened.call_id = opened.message = opened.rule = "sip:9*4111111111111111@pay.example.com";
  CHECK(scene.build().find("4111111111111111") == std::string::npos);
}

TEST_CASE("without a pci gap nothing is called redacted, without any gap no gaps are attached") {
  auto scene = recorded_scene();
  scene.dialogs[0].rendered[0].gaps.erase(scene.dialogs[0].rendered[0].gaps.begin() + 2);
  CHECK_FALSE(json::parse(scene.build()).contains("redacted"));
  scene.dialogs[0].rendered[0].gaps.clear();
  CHECK(attachment(json::parse(scene.build()), "recording-gaps").is_null());
}

}  // namespace tapestry::vconout::test
