// Which commands to PBXes in clear, and which HTTP requests, pause a conversation, and what resumes it.
#include "calls/socket_listener.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace tapestry::testing;

namespace {

const std::string kManager = "10.2.0.5:5038";
const std::string kEvents = "10.2.0.5:8021";
const std::string kClient = "10.2.0.30:43210";
const std::string kChannel = "Channel: PJSIP/1001-0000002a\r\n";

calls::Rules rules() {
  calls::Rules rules;
  rules.parties = {{.uri = "^sip:1[0-9]{3}@", .role = calls::Role::Agent},
                   {.ip = Cidr::parse("10.9.0.10"), .role = calls::Role::Trunk}};
  return rules;
}

/// A call to agent 1001 from 4 to 30, and a connection.
struct Bench {
  explicit Bench(const calls::Rules& with = rules(), std::string its_server = kManager,
                 std::string its_client = kClient)
      : scene(with), server(std::move(its_server)), client(std::move(its_client)) {
    simple_call(scene, 30);
  }
  void text(double at, bool up, std::string_view bytes, bool lost = false, bool closed = false) {
    scene.play_until(at);
    scene.correlator.on_text({.time = scene_time(at),
                              .source = endpoint(up ? client : server),
                              .destination = endpoint(up ? server : client),
                              .stream = up ? 1U : 2U,
                              .bytes = as_bytes(bytes),
                              .lost_before = lost,
                              .closed = closed});
  }
  void up(double at, const std::string& bytes) { text(at, true, bytes); }
  void down(double at, const std::string& bytes) { text(at, false, bytes); }
  /// `pause: paused` and so on, of all markers so far.
  std::vector<std::string> told() {
    std::vector<std::string> all;
    for (const auto& marker : scene.markers) all.push_back(marker.action + ": " + marker.why);
    return all;
  }

  Scene scene;
  std::string server;
  std::string client;
};

std::string mute(int state, const std::string& id = "7", const std::string& channel = kChannel) {
  return "Action: MixMonitorMute\r\n" + (id.empty() ? "" : "ActionID: " + id + "\r\n") + channel +
         (channel.contains("Direction") ? "" : "Direction: both\r\n") + "State: " + std::to_string(state) + "\r\n\r\n";
}
std::string response(const std::string& what, const std::string& id = "7") {
  return "Response: " + what + "\r\n" + (id.empty() ? "" : "ActionID: " + id + "\r\n") + "\r\n";
}
using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("MixMonitorMute pauses at once, and resumes when Asterisk says so") {
  Bench bench;
  bench.down(9, "Asterisk Call Manager/9.0.0\r\n");
  bench.up(10, mute(1));
  bench.down(10.1, response("Error"));
  bench.up(15, mute(0));
  REQUIRE(bench.told() == Told{"pause: paused", "resume: waits for its reply"});
  bench.down(15.1, response("Success"));
  bench.scene.play();
  REQUIRE(bench.told().back() == "resume: resumed");
  const auto& report = bench.scene.markers.back();
  CHECK(report.rule == "control-channel");
  CHECK(report.message == "MixMonitorMute");
  CHECK(report.call_id == "call-1");
  CHECK(report.effective == scene_time(15.1));
  REQUIRE(bench.scene.interactions.size() == 1);
}

TEST_CASE("a resume that is refused, or never answered, resumes nothing") {
  Bench bench;
  bench.up(10, mute(1));
  bench.down(10.1, response("Success"));
  bench.up(12, mute(0));
  bench.down(12.1, response("Error"));
  bench.up(14, mute(0, ""));
  bench.scene.play();
  REQUIRE(bench.told() ==
          Told{"pause: paused", "resume: waits for its reply", "resume: not accepted", "resume: waits for its reply"});
}

TEST_CASE("a reply that is lost does not make a later one a resume's") {
  Bench bench;
  bench.up(10, mute(1, ""));
  bench.down(10.1, response("Success", ""));
  bench.up(12, mute(0, ""));
  bench.text(12.1, false, "Response: Error\r\n", false);
  bench.text(12.2, false, response("Success", ""), true);
  bench.up(13, mute(0, ""));
  bench.down(13.1, response("Success", ""));
  REQUIRE(bench.told().back() == "resume: its reply would not be known");
  bench.up(16, mute(0, ""));
  bench.down(16.1, response("Success", ""));
  REQUIRE(bench.told().back() == "resume: resumed");
  CHECK(bench.scene.counter("pause.socket_losses") == 1);
}

TEST_CASE("a channel is that of the user in its name, of a dialog that an event told, or of a Call-ID") {
  Bench bench;
  bench.up(10, mute(1, "1", "Channel: PJSIP/1002-00000001\r\n"));
  REQUIRE(bench.told() == Told{"pause: no such call"});
  bench.down(10.5, "Event: VarSet\r\nChannel: PJSIP/x-1\r\nVariable: SIPCALLID\r\nValue: call-1\r\n\r\n");
  bench.up(11, mute(1, "2", "Channel: PJSIP/x-1\r\n"));
  REQUIRE(bench.told().back() == "pause: paused");
  bench.up(12, mute(1, "3", "Channel: call-1\r\n"));
  bench.up(13, mute(1, "4", "Channel: Local/1001@from-internal-00000003;1\r\n"));
  REQUIRE(bench.told().back() == "pause: paused");
  REQUIRE(bench.told().size() == 4);
  CHECK(bench.scene.markers.front().call_id.empty());
}

TEST_CASE("each channel, and each of its directions, is unmuted for itself") {
  Bench bench;
  bench.up(10, mute(1, "1", "Channel: PJSIP/1001-0000002a\r\n"));
  bench.up(11, mute(0, "2", "Channel: PJSIP/1001-0000002b\r\n"));
  bench.down(11.1, response("Success", "2"));
  REQUIRE(bench.told() == Told{"pause: paused", "resume: not paused by this rule"});
  bench.up(12, mute(0, "3", "Channel: PJSIP/1001-0000002a\r\nDirection: read\r\n"));
  bench.down(12.1, response("Success", "3"));
  REQUIRE(bench.told().back() == "resume: not paused by this rule");
  bench.up(13, mute(1, "4", "Channel: PJSIP/1001-0000002c\r\nDirection: write\r\n"));
  bench.up(14, mute(0, "5", "Channel: PJSIP/1001-0000002a\r\n"));
  bench.down(14.1, response("Success", "5"));
  REQUIRE(bench.told().back() == "resume: still paused by control-channel PJSIP/1001-0000002c write");
  bench.up(15, mute(0, "6", "Channel: PJSIP/1001-0000002c\r\n"));
  bench.down(15.1, response("Success", "6"));
  REQUIRE(bench.told().back() == "resume: resumed");
}

TEST_CASE("uuid_record pauses and resumes the dialog that an event told of") {
  Bench bench(rules(), kEvents);
  const std::string event = "Event-Name: CHANNEL_ANSWER\nUnique-ID: 0c5a-1\nvariable_sip_call_id: call%2D1\n\n";
  bench.down(9, "Content-Length: " + std::to_string(event.size()) + "\nContent-Type: text/event-plain\n\n" + event);
  bench.up(10, "api uuid_record 0c5a-1 mask /var/rec/4111.wav\n\n");
  bench.down(10.1, "Content-Type: api/response\nContent-Length: 4\n\n+OK\n");
  bench.up(12, "bgapi uuid_record 0c5a-1 unmask /var/rec/4111.wav\n\n");
  bench.down(12.1, "Content-Type: command/reply\nReply-Text: +OK Job-UUID: j1\nJob-UUID: j1\n\n");
  REQUIRE(bench.told() == Told{"pause: paused", "resume: waits for its reply"});
  const std::string done = "Event-Name: BACKGROUND_JOB\nJob-UUID: j1\nContent-Length: 4\n\n+OK\n";
  bench.down(13, "Content-Length: " + std::to_string(done.size()) + "\nContent-Type: text/event-plain\n\n" + done);
  REQUIRE(bench.told().back() == "resume: resumed");
  bench.up(14, "sendmsg 0c5a-1\ncall-command: execute\nexecute-app-name: record_session_mask\n\n");
  REQUIRE(bench.told().back() == "pause: paused");
  for (const auto& marker : bench.scene.markers) CHECK(marker.message.find("4111") == std::string::npos);
}

TEST_CASE("commands count from clients to the text port only, and none that the customers' hosts send") {
  Bench bench;
  bench.down(10, mute(1));
  REQUIRE(bench.told().empty());
  Bench stranger(rules(), kManager, "10.9.0.10:40000");
  stranger.up(10, mute(1));
  REQUIRE(stranger.told() == Told{"pause: from the customer's side"});
  Bench web(rules(), "10.2.0.5:80");
  web.up(10, mute(1));
  REQUIRE(web.told().empty());
}

TEST_CASE("the preset can be disabled") {
  calls::Rules without = rules();
  std::erase_if(without.pauses.markers, [](const auto& rule) { return rule.name == "control-channel"; });
  Bench bench(without);
  bench.up(10, mute(1));
  REQUIRE(bench.told().empty());
}

TEST_CASE("an HTTP request pauses the call of the agent's address, and its 2xx resumes") {
  calls::Rules with = rules();
  with.pauses.markers.push_back({.name = "web", .http_pause = "state=off", .http_resume = "state=on"});
  Bench bench(with, "10.2.0.5:80", "10.1.0.21:41000");
  bench.text(10, true, "GET /rec?state=off&pan=4111111111111111 HTTP/1.1\r\nHost: a\r\n\r\n", true);
  bench.text(10.1, false, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true);
  bench.up(12, "GET /rec?state=on HTTP/1.1\r\n\r\n");
  bench.down(12.1, "HTTP/1.1 503 Busy\r\n\r\n");
  bench.up(14, "GET /rec?state=on HTTP/1.1\r\n\r\n");
  bench.down(14.1, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 Done\r\n\r\n");
  REQUIRE(bench.told() == Told{"pause: paused", "resume: waits for its reply", "resume: not accepted",
                               "resume: waits for its reply", "resume: resumed"});
  for (const auto& marker : bench.scene.markers) CHECK(marker.message == "GET");
}

TEST_CASE("an HTTP request of the customer's address pauses by a rule for any side only") {
  for (const auto side : {pause::Side::Agent, pause::Side::Any}) {
    calls::Rules with = rules();
    with.pauses.markers.push_back({.name = "web", .side = side, .http_pause = "state=off"});
    Bench bench(with, "10.2.0.5:80", "10.9.0.10:41000");
    bench.text(10, true, "GET /rec?state=off HTTP/1.1\r\n\r\n", true);
    REQUIRE(bench.told() == Told{side == pause::Side::Any ? "pause: paused" : "pause: no such call"});
  }
}

TEST_CASE("a connection whose client has ended still resumes by its reply") {
  Bench bench;
  bench.up(10, mute(1));
  bench.text(12, true, mute(0, "9"), false, true);
  bench.text(12.1, false, response("Success", "9"), false, true);
  REQUIRE(bench.told().back() == "resume: resumed");
}

TEST_CASE("a connection whose port is none of the rules' any more ends what it paused, and a new one's is heard") {
  calls::Rules without = rules();
  without.pauses.text_ports = {8021};
  std::erase_if(without.pauses.markers, [](const auto& rule) { return rule.name == "control-channel"; });
  Bench bench;
  bench.up(10, mute(1));
  bench.scene.play_until(12);
  bench.scene.correlator.replace_rules(without);
  bench.up(15, mute(0, "9"));
  bench.down(15.1, response("Success", "9"));
  bench.up(17, mute(1, "10"));
  bench.scene.play();
  CHECK(bench.told() == Told{"pause: paused", "resume: waits for its reply", "resume: resumed"});
  REQUIRE(bench.scene.interactions.size() == 1);
  CHECK(bench.scene.interactions.front().pauses.size() == 1);

  Bench later(without);
  later.scene.play_until(9);
  later.scene.correlator.replace_rules(rules());
  later.up(10, mute(1));
  later.scene.play();
  CHECK(later.told() == Told{"pause: paused"});
}

TEST_CASE("an HTTP resume that waits for its reply when its marker goes counts when that comes") {
  calls::Rules web = rules();
  web.pauses.markers.insert(
      web.pauses.markers.begin(),
      {.name = "web", .side = pause::Side::Any, .http_pause = "state=off", .http_resume = "state=on"});
  Bench bench(web, "10.3.0.9:80", "10.1.0.21:50000");
  bench.up(10, "GET /rec?state=off HTTP/1.1\r\nHost: x\r\n\r\n");
  bench.down(10.1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  bench.up(15, "GET /rec?state=on HTTP/1.1\r\nHost: x\r\n\r\n");
  bench.scene.play_until(15.05);
  bench.scene.correlator.replace_rules(rules());
  bench.down(15.1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  bench.scene.play();
  CHECK(bench.told().back() == "resume: resumed");
}
