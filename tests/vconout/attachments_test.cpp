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
                        {"media", {"audio"}}});
  CHECK(gaps[3]["detail"] == "2 packets");
}

TEST_CASE("without a pci gap nothing is called redacted, without any gap no gaps are attached") {
  auto scene = recorded_scene();
  scene.dialogs[0].rendered[0].gaps.erase(scene.dialogs[0].rendered[0].gaps.begin() + 2);
  CHECK_FALSE(json::parse(scene.build()).contains("redacted"));
  scene.dialogs[0].rendered[0].gaps.clear();
  CHECK(attachment(json::parse(scene.build()), "recording-gaps").is_null());
}

}  // namespace tapestry::vconout::test
