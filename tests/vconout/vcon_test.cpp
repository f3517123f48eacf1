#include "vconout/vcon.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {
namespace {

using nlohmann::json;

json attachment(const json& vcon, const std::string& purpose) {
  for (const auto& entry : vcon["attachments"]) {
    if (entry["purpose"] == purpose) return entry;
  }
  return {};
}

}  // namespace

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

TEST_CASE("an originator who is not listed first is named") {
  auto scene = busy_scene();
  scene.interaction.dialogs[0].originator = 1;
  CHECK(json::parse(scene.build())["dialog"][0]["originator"] == 1);
}

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
  scene.interaction.tracks[0].payloads[0].encoding = odd;
  scene.dialogs[0].rendered[0].gaps[1].detail = odd;
  scene.dialogs[0].media[0].filename = odd;
  const json vcon = json::parse(scene.build());
  CHECK(vcon["parties"][0]["sip"] == "sip:" + clean);
  CHECK(vcon["parties"][0]["name"] == clean);
  CHECK(attachment(vcon, "call-signalling")["body"]["dialogs"][0]["call_id"] == clean);
  CHECK(attachment(vcon, "call-signalling")["body"]["streams"][0]["codecs"][0] == clean);
}

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

TEST_CASE("a conversation that our bounds touched says so") {
  auto scene = busy_scene();
  scene.interaction.drops_touched = true;
  CHECK(attachment(json::parse(scene.build()), "call-signalling")["body"]["capture_drops"] == true);
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
