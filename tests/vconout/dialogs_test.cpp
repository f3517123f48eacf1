#include "vconout/dialogs.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;
using namespace std::chrono_literals;

TEST_CASE("a recording's dialog has the media's length, place and hash") {
  const json dialog = json::parse(recorded_scene().build())["dialog"][0];
  CHECK(dialog["type"] == "recording");
  CHECK(dialog["start"] == "2026-11-20T08:00:00Z");
  CHECK(dialog["duration"] == 4.0);
  CHECK(dialog["parties"] == json{0, 1});
  CHECK(dialog["mediatype"] == "audio/x-wav");
  CHECK(dialog["filename"] == "alex.wav");
  CHECK(dialog["url"] == "https://recorder.example.com/media/2026/11/20/019f15a6-a752-826f-bb82-041452eb905f/alex.wav");
  CHECK(dialog["content_hash"] == "sha512-" + std::string(86, 'A'));
  CHECK(dialog["interaction_id"] == "interaction-1");
  CHECK_FALSE(dialog.contains("originator"));
  CHECK_FALSE(dialog.contains("disposition"));
}

TEST_CASE("a recording's duration is that of its samples, at any rate and length") {
  auto scene = recorded_scene();
  auto& rendered = scene.dialogs[0].rendered[0];
  rendered.samples = 48'000ULL * 86'400 * 7 + 1;
  rendered.sample_rate_hz = 48'000;
  CHECK(json::parse(scene.build())["dialog"][0]["duration"].get<double>() == Approx(604800.000021).epsilon(1e-12));
}

TEST_CASE("party events are told in order of time and inside the dialog") {
  auto scene = recorded_scene();
  std::swap(scene.interaction.dialogs[0].history[0], scene.interaction.dialogs[0].history[3]);
  const json history = json::parse(scene.build())["dialog"][0]["party_history"];
  REQUIRE(history.size() == 5);
  CHECK(history[0] == json{{"party", 0}, {"time", "2026-11-20T08:00:00Z"}, {"event", "join"}});
  CHECK(history[1] == json{{"party", 1}, {"time", "2026-11-20T08:00:00Z"}, {"event", "join"}});
  CHECK(history[2] == json{{"party", 0}, {"time", "2026-11-20T08:00:01Z"}, {"event", "hold"}});
  CHECK(history[3] == json{{"party", 0}, {"time", "2026-11-20T08:00:02Z"}, {"event", "unhold"}});
  CHECK(history[4] == json{{"party", 0}, {"time", "2026-11-20T08:00:04Z"}, {"event", "drop"}});
}

TEST_CASE("a key is told with its button, but not one of a pause, nor one of another time") {
  auto scene = paused_scene();
  const Time start = scene.interaction.dialogs[0].start;
  const auto key = [&](Duration when, calls::EventKind kind, char button) {
    scene.interaction.dialogs[0].history.push_back({0, start + when, kind, button});
  };
  key(500ms, calls::EventKind::KeyDown, '5');
  key(700ms, calls::EventKind::KeyUp, '5');
  key(2500ms, calls::EventKind::KeyDown, '4');
  key(3500ms, calls::EventKind::KeyUp, '4');
  key(-1ms, calls::EventKind::KeyDown, '6');
  key(4001ms, calls::EventKind::KeyDown, '7');
  key(800ms, calls::EventKind::KeyDown, 0);
  std::vector<json> keys;
  const json vcon = json::parse(scene.build());
  for (const json& event : vcon["dialog"][0]["party_history"]) {
    if (event["event"] == "keydown" || event["event"] == "keyup") keys.push_back(event);
  }
  REQUIRE(keys.size() == 2);
  CHECK(keys[0] == json{{"party", 0}, {"time", "2026-11-20T08:00:00.5Z"}, {"event", "keydown"}, {"button", "5"}});
  CHECK(keys[1] == json{{"party", 0}, {"time", "2026-11-20T08:00:00.7Z"}, {"event", "keyup"}, {"button", "5"}});
}

TEST_CASE("a call that failed is an incomplete dialog with a disposition and no media") {
  auto scene = busy_scene();
  const json dialog = json::parse(scene.build())["dialog"][0];
  CHECK(dialog == json{{"type", "incomplete"},
                       {"start", "2026-11-20T07:59:58Z"},
                       {"duration", 0.5},
                       {"parties", {0, 1}},
                       {"disposition", "busy"},
                       {"interaction_id", "interaction-1"}});
  scene.interaction.dialogs[0].disposition = "eaten by a bear";
  CHECK(json::parse(scene.build())["dialog"][0]["disposition"] == "failed");
  scene.interaction.dialogs[0].end = scene.interaction.dialogs[0].start - std::chrono::seconds(1);
  CHECK(json::parse(scene.build())["dialog"][0]["duration"] == 0.0);
}

TEST_CASE("a call whose media never passed is a recording without content, and says why") {
  auto scene = recorded_scene();
  auto& plan = scene.interaction.dialogs[0];
  plan.recording.clear();
  plan.gaps = {{calls::GapReason::NoMedia, plan.start, plan.end + std::chrono::seconds(1), {0, 1}, ""}};
  scene.dialogs = {FinishedDialog{}};
  const json vcon = json::parse(scene.build());
  CHECK(vcon["dialog"][0]["type"] == "recording");
  CHECK(vcon["dialog"][0]["duration"] == 4.0);
  for (const char* member : {"url", "content_hash", "mediatype", "filename", "body", "disposition"}) {
    CHECK_FALSE(vcon["dialog"][0].contains(member));
  }
  const json gap = attachment(vcon, "recording-gaps")["body"]["gaps"][0];
  CHECK(gap["reason"] == "no-media");
  CHECK(gap["end"] == "2026-11-20T08:00:04Z");
}

TEST_CASE("an originator who is not listed first is named") {
  auto scene = busy_scene();
  scene.interaction.dialogs[0].originator = 1;
  CHECK(json::parse(scene.build())["dialog"][0]["originator"] == 1);
}

}  // namespace tapestry::vconout::test
