#include "vconout/recording_set.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;
using namespace std::chrono_literals;

TEST_CASE("a recording that is cut is a recording-set in its place, its members behind all other dialogs") {
  const json vcon = json::parse(cut_scene().build());
  const json& dialogs = vcon["dialog"];
  REQUIRE(dialogs.size() == 5);
  const json& set = dialogs[0];
  CHECK(set["type"] == "recording-set");
  CHECK(set["start"] == "2026-11-20T08:00:00Z");
  CHECK(set["duration"] == 4.0);
  CHECK(set["parties"] == json{0, 1});
  CHECK(set["party_history"].size() == 5);
  CHECK(set["recordings"] == json{2, 3, 4});
  for (const char* key : {"url", "content_hash", "mediatype", "filename"}) CHECK_FALSE(set.contains(key));
  CHECK(dialogs[1]["type"] == "text");
  CHECK(dialogs[2] == json{{"type", "recording"},
                           {"start", "2026-11-20T08:00:00Z"},
                           {"duration", 2.5},
                           {"parties", {0, 1}},
                           {"recording_set", 0},
                           {"mediatype", "audio/x-wav"},
                           {"filename", "alex.wav"},
                           {"url", options().base_url + "2026/11/20/" + std::string(kUuid) + "/alex.wav"},
                           {"content_hash", "sha512-" + std::string(86, 'A')},
                           {"interaction_id", "interaction-1"}});
  CHECK(dialogs[3] == json{{"type", "recording"},
                           {"start", "2026-11-20T08:00:02.5Z"},
                           {"duration", 1.0},
                           {"parties", {0, 1}},
                           {"recording_set", 0},
                           {"interaction_id", "interaction-1"}});
  CHECK(dialogs[4]["start"] == "2026-11-20T08:00:03.5Z");
  CHECK(dialogs[4]["duration"] == 0.5);
  CHECK(dialogs[4]["filename"] == "alex~s2.wav");
  CHECK(vcon["redacted"] == json{{"type", "PCI"}});
}

TEST_CASE("the shell of a pause has a recording-gap, and the set all gaps with the member that each is in") {
  const json vcon = json::parse(cut_scene().build());
  const json shell = attachment(vcon, "recording-gap");
  CHECK(shell["dialog"] == 3);
  CHECK(shell["party"] == 2);
  CHECK(shell["start"] == "2026-11-20T08:00:02.5Z");
  CHECK(shell["body"] == json{{"reason", "pci"},
                              {"start", "2026-11-20T08:00:02.5Z"},
                              {"end", "2026-11-20T08:00:03.5Z"},
                              {"duration", 1.0},
                              {"media", "not-recorded"},
                              {"before", 2},
                              {"after", 4},
                              {"parties", {0, 1}},
                              {"trigger", "record-header"}});
  const json all = attachment(vcon, "recording-gaps");
  CHECK(all["dialog"] == 0);
  const json& gaps = all["body"]["gaps"];
  REQUIRE(gaps.size() == 3);
  CHECK(gaps[0]["reason"] == "hold");
  CHECK(gaps[0]["recording"] == 2);
  CHECK(gaps[0]["file_offset_s"] == 1.0);
  CHECK(gaps[0]["fill"] == "silence");
  CHECK(gaps[1]["reason"] == "pci");
  CHECK(gaps[1]["recording"] == 3);
  CHECK_FALSE(gaps[1].contains("file_offset_s"));
  CHECK(gaps[1]["fill"] == "none");
  CHECK(gaps[1]["closed_by"] == "resume");
  CHECK(gaps[2]["reason"] == "loss");
  CHECK(gaps[2]["recording"] == 4);
  CHECK(gaps[2]["file_offset_s"] == 0.1);
}

TEST_CASE("a shell at an end has one neighbour, and one that is all there is has none") {
  Scene scene = cut_scene();
  calls::RecordingPlan& plan = scene.interaction.dialogs[0].recording[0];
  plan.gaps[0].end = plan.end;
  FinishedDialog& finished = scene.dialogs[0];
  finished.segments = mux::segments_of(plan);
  finished.rendered.resize(1);
  finished.media.resize(1);
  json body = attachment(json::parse(scene.build()), "recording-gap")["body"];
  CHECK(body["before"] == 2);
  CHECK_FALSE(body.contains("after"));
  plan.gaps[0].start = plan.start;
  finished = {.rendered = {}, .media = {}, .segments = mux::segments_of(plan)};
  const json vcon = json::parse(scene.build());
  CHECK(vcon["dialog"][0]["recordings"] == json{2});
  CHECK_FALSE(attachment(vcon, "recording-gap")["body"].contains("before"));
}

TEST_CASE("the quality of a segment's streams is told of that segment") {
  Scene scene = cut_scene();
  scene.dialogs[0].rendered[1].streams.emplace_back();
  const json vcon = json::parse(scene.build());
  REQUIRE(vcon["analysis"].size() == 1);
  CHECK(vcon["analysis"][0]["dialog"] == 4);
}

TEST_CASE("sets of two agents have members of their own, in the order of their sets") {
  Scene scene = cut_scene();
  scene.interaction.dialogs.push_back(scene.interaction.dialogs[0]);
  scene.dialogs.push_back(scene.dialogs[0]);
  const json vcon = json::parse(scene.build());
  CHECK(vcon["dialog"][0]["recordings"] == json{3, 4, 5});
  CHECK(vcon["dialog"][1]["recordings"] == json{6, 7, 8});
  CHECK(vcon["dialog"][7]["recording_set"] == 1);
}

}  // namespace tapestry::vconout::test
