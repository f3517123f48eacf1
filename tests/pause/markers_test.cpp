#include "pause/markers.h"

#include <catch2/catch.hpp>
#include <map>
#include <stdexcept>
#include <string>

#include "pause/presets.h"

using namespace tapestry;
using pause::Action;
using pause::MarkerRule;
using pause::Markers;

namespace {

std::string request(const std::string& method, const std::string& headers, const std::string& body = "") {
  return method + " sip:1001@pbx.example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n" +
         "From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>;tag=2\r\nCall-ID: c\r\nCSeq: 2 " + method + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// What each rule is seen to ask for in the text, by name.
std::map<std::string, Action> read(const std::vector<MarkerRule>& rules, const std::string& text) {
  const Markers markers(rules);
  const sip::ParseResult parsed = sip::parse_message(as_bytes(text));
  REQUIRE(parsed.message);
  std::map<std::string, Action> found;
  for (const pause::Sighting& sighting : markers.read(*parsed.message)) {
    found[sighting.rule.name] = sighting.action;
  }
  return found;
}

using Found = std::map<std::string, Action>;

Found preset(const std::string& text) { return read(pause::presets(), text); }

}  // namespace

TEST_CASE("INFO with Record is a marker, another method with it is none") {
  CHECK(preset(request("INFO", "Record: off\r\n")) == Found{{"info-record", Action::Pause}});
  CHECK(preset(request("INFO", "record:  ON \r\n")) == Found{{"info-record", Action::Resume}});
  CHECK(preset(request("INFO", "Record: pause\r\n")) == Found{{"info-record", Action::Pause}});
  CHECK(preset(request("INFO", "Record: maybe\r\n")).empty());
  CHECK(preset(request("OPTIONS", "Record: off\r\n")).empty());
  CHECK(preset("SIP/2.0 200 OK\r\nCall-ID: c\r\nCSeq: 2 INFO\r\nRecord: off\r\n\r\n").empty());
}

TEST_CASE("AudioCodes' four actions are markers") {
  const auto action = [](const std::string& value) {
    return preset(request("INFO", "X-AC-Action: " + value + "\r\n"));
  };
  CHECK(action("pause-siprec;recording-ip-group=SRS1,SRS2") == Found{{"audiocodes", Action::Pause}});
  CHECK(action("stop-siprec") == Found{{"audiocodes", Action::Pause}});
  CHECK(action("resume-siprec;recording-ip-group-set=\"x\";recorded-side=peer") ==
        Found{{"audiocodes", Action::Resume}});
  CHECK(action("start-siprec") == Found{{"audiocodes", Action::Resume}});
  CHECK(action("pause-siprecord").empty());
}

TEST_CASE("MSML to a recorder is a marker") {
  const auto body = [](const std::string& xml, const std::string& type = "application/msml+xml") {
    return preset(request("INFO", "Content-Type: " + type + "\r\n", xml));
  };
  CHECK(body("<msml version=\"1.1\">\r\n<send target=\"conn:1/dialog:r\"\r\n event=\"pause\"/></msml>") ==
        Found{{"msml", Action::Pause}});
  CHECK(body("<msml><send event='resume' target='x'/></msml>") == Found{{"msml", Action::Resume}});
  CHECK(body("<msml><send target=\"x\" event=\"toggle-state\"/></msml>") == Found{{"msml", Action::Toggle}});
  CHECK(body("<modifyconference id=\"1\"><gvp:recorder state=\"paused\"/></modifyconference>") ==
        Found{{"msml", Action::Pause}});
  CHECK(body("<modifyconference id=\"1\"><gvp:recorder x=\"1\" state=\"record\"/></modifyconference>", "text/msml") ==
        Found{{"msml", Action::Resume}});
  CHECK(body("<msml><send event=\"pause\"/></msml>", "text/plain").empty());
  CHECK(body("<msml><play event=\"pause\"/></msml>").empty());
}

TEST_CASE("a REFER to a recording feature is a marker with either prefix") {
  const auto refer = [](const std::string& to) { return preset(request("REFER", "Refer-To: " + to + "\r\n")); };
  for (const char* pauses : {"PauseRecording", "SuspendRecording", "StopRecording", "pausecallrecording"}) {
    CHECK(refer("<urn:feature:" + std::string(pauses) + ">") == Found{{"feature-referral", Action::Pause}});
    CHECK(refer("<urn:ietf:feature:" + std::string(pauses) + ";reason=pci>") ==
          Found{{"feature-referral", Action::Pause}});
  }
  CHECK(refer("urn:feature:ResumeRecording") == Found{{"feature-referral", Action::Resume}});
  CHECK(refer("\"Desk\" <URN:Feature:StartCallRecording>") == Found{{"feature-referral", Action::Resume}});
  CHECK(refer("<urn:feature:HoldCall>").empty());
  CHECK(refer("<sip:PauseRecording@pbx>").empty());
}

TEST_CASE("a rule of one's own looks at a header of any message, and pauses when in doubt") {
  const std::vector<MarkerRule> rules{{.name = "voipmonitor", .header = "X-Rec", .pause = "^pause$", .resume = ".*"}};
  CHECK(read(rules, request("UPDATE", "X-Rec: pause\r\n")) == Found{{"voipmonitor", Action::Pause}});
  CHECK(read(rules, request("BYE", "X-Rec: what\r\n")) == Found{{"voipmonitor", Action::Resume}});
  CHECK(read(rules, request("INFO", "X-Rec: go\r\nX-Rec: pause\r\n")) == Found{{"voipmonitor", Action::Pause}});
  CHECK(read(rules, "SIP/2.0 200 OK\r\nCall-ID: c\r\nCSeq: 2 INFO\r\nX-Rec: PAUSE\r\n\r\n") ==
        Found{{"voipmonitor", Action::Pause}});
  CHECK(read(rules, request("INFO", "")).empty());
}

TEST_CASE("a rule may look at a known header by its compact form") {
  const std::vector<MarkerRule> rules{{.name = "subject", .header = "Subject", .pause = "quiet"}};
  CHECK(read(rules, request("INFO", "s: be QUIET\r\n")) == Found{{"subject", Action::Pause}});
}

TEST_CASE("an expression that is none is named") {
  CHECK_THROWS_AS(Markers({{.name = "bad", .header = "X", .pause = "("}}), std::runtime_error);
}

TEST_CASE("a destination and an HTTP request are matched") {
  const Markers markers({{.name = "ivr", .destination = "^sip:8[0-9]{3}@"},
                         {.name = "web", .http_pause = "^GET /pay\\b", .http_resume = "^GET /done\\b"}});
  CHECK(markers.is_destination(0, "sip:8001@pbx.example.com"));
  CHECK_FALSE(markers.is_destination(0, "sip:1001@pbx.example.com"));
  CHECK_FALSE(markers.is_destination(1, "sip:8001@pbx.example.com"));
  REQUIRE(markers.read_http("GET /pay?x=1 HTTP/1.1").size() == 1);
  CHECK(markers.read_http("GET /done HTTP/1.1").front().action == Action::Resume);
  CHECK(markers.read_http("GET /payment HTTP/1.1").empty());
}

TEST_CASE("DTMF codes are made of keys") {
  CHECK(pause::is_dtmf_code("*91"));
  CHECK(pause::is_dtmf_code("#6AD"));
  CHECK_FALSE(pause::is_dtmf_code(""));
  CHECK_FALSE(pause::is_dtmf_code("*9a"));
  CHECK_FALSE(pause::is_dtmf_code("12345678901234567"));
}

TEST_CASE("what is sighted names its rule, and rules are found by name and kind") {
  const Markers markers({{.name = "keys", .dtmf_toggle = "*9"},
                         {.name = "host", .destination_ip = Cidr::parse("10.0.0.1")},
                         {.name = "keys", .kind = pause::Kind::ControlChannel, .retired = true}});
  REQUIRE(markers.find("keys") != nullptr);
  CHECK_FALSE(markers.find("keys")->retired);
  CHECK(markers.find("other") == nullptr);
  REQUIRE(markers.find(pause::Kind::ControlChannel) != nullptr);
  CHECK(markers.find(pause::Kind::ControlChannel)->retired);
  CHECK(markers.have_codes());
  CHECK(markers.keys_resume());
  CHECK(markers.name_hosts());
  const Markers none(pause::presets());
  CHECK_FALSE(none.have_codes());
  CHECK_FALSE(none.keys_resume());
  CHECK_FALSE(none.name_hosts());
}

TEST_CASE("rules are about the same places when both names and ranges are the same") {
  const MarkerRule host{.name = "a", .destination_ip = Cidr::parse("10.0.0.0/8")};
  CHECK(pause::same_places(host, {.name = "b", .destination_ip = Cidr::parse("10.0.0.0/8")}));
  CHECK_FALSE(pause::same_places(host, {.name = "a", .destination_ip = Cidr::parse("10.0.0.0/16")}));
  CHECK_FALSE(pause::same_places(host, {.name = "a"}));
  CHECK_FALSE(pause::same_places({.destination = "x"}, {.destination = "y"}));
  CHECK(pause::same_places({}, {}));
  CHECK_FALSE(pause::is_about_places({}));
}
