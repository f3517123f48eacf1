#include "pause/control_commands.h"

#include <catch2/catch.hpp>

#include <string>

#include "pause/presets.h"

namespace tapestry::pause {
namespace {

TextBlock block_of(const std::string& text) {
  TextBlocks blocks;
  TextBlock last;
  blocks.push(as_bytes(text), false, [&last](const TextBlock& block) { last = block; });
  return last;
}

const Markers& markers() {
  static const Markers all({{.name = "web", .http_pause = "state=off", .http_resume = "state=on"}});
  return all;
}

std::optional<ControlRequest> request_of(const std::string& text) {
  return parse_control_request(block_of(text), markers());
}

std::optional<ControlReply> reply_of(const std::string& text) { return parse_control_reply(block_of(text)); }

TEST_CASE("the event socket's uuid_record pauses and resumes") {
  const auto mask = request_of("api uuid_record 0c5a-1 mask /var/rec/1.wav\n\n");
  REQUIRE(mask);
  CHECK(mask->action == Action::Pause);
  CHECK(mask->target == "0c5a-1");
  CHECK(mask->label == "uuid_record");
  CHECK_FALSE(mask->job);
  const auto unmask = request_of("bgapi uuid_record 0c5a-1 unmask /var/rec/1.wav\nJob-UUID: j\n\n");
  REQUIRE(unmask);
  CHECK(unmask->action == Action::Resume);
  CHECK(unmask->job);
  CHECK_FALSE(request_of("api uuid_record 0c5a-1 start /var/rec/1.wav\n\n")->action);
  CHECK_FALSE(request_of("api status\n\n")->action);
  CHECK_FALSE(request_of("api uuid_record\n\n")->action);
  CHECK(request_of("api uuid_record " + std::string(1000, 'x') + " mask y\n\n")->target.empty());
}

TEST_CASE("the event socket's sendmsg runs applications that mask") {
  const auto request = request_of(
      "sendmsg 0c5a-1\ncall-command: execute\nexecute-app-name: record_session_mask\nContent-Type: text/plain\n"
      "Content-Length: 4\n\n/a/b");
  REQUIRE(request);
  CHECK(request->action == Action::Pause);
  CHECK(request->target == "0c5a-1");
  CHECK(request->label == "record_session_mask");
  CHECK(request_of("sendmsg u\ncall-command: execute\nexecute-app-name: record_session_resume\n\n")->action ==
        Action::Resume);
  CHECK_FALSE(request_of("sendmsg u\ncall-command: hangup\nexecute-app-name: record_session_mask\n\n")->action);
  CHECK_FALSE(request_of("sendevent CUSTOM\nAction: MixMonitorMute\nState: 1\n\n")->action);
}

TEST_CASE("the manager interface's actions pause and resume") {
  const auto mute = request_of(
      "Action: MixMonitorMute\r\nActionID: 7\r\nChannel: PJSIP/1001-0000002a\r\nDirection: both\r\nState: 1\r\n\r\n");
  REQUIRE(mute);
  CHECK(mute->dialect == Dialect::Manager);
  CHECK(mute->action == Action::Pause);
  CHECK(mute->id == "7");
  CHECK(mute->target == "PJSIP/1001-0000002a");
  CHECK(request_of("ActionID: 8\r\nAction: mixmonitormute\r\nState: 0\r\nChannel: a\r\n\r\n")->action ==
        Action::Resume);
  CHECK_FALSE(request_of("Action: MixMonitorMute\r\nChannel: a\r\n\r\n")->action);
  for (const char* state : {"1", "2", "true", "on"})
    CHECK(request_of(std::string("Action: MixMonitorMute\r\nChannel: a\r\nState: ") + state + "\r\n\r\n")->action ==
          Action::Pause);
  for (const char* state : {"0", "false", "Off", "no"})
    CHECK(request_of(std::string("Action: MixMonitorMute\r\nChannel: a\r\nState: ") + state + "\r\n\r\n")->action ==
          Action::Resume);
  CHECK(request_of("Action: MixMonitorMute\r\nChannel: a\r\nState: 0\r\nDirection: Read\r\n\r\n")->direction == "read");
  CHECK(request_of("Action: PauseMonitor\r\nChannel: a\r\n\r\n")->action == Action::Pause);
  CHECK(request_of("Action: UnpauseMonitor\r\nChannel: a\r\n\r\n")->action == Action::Resume);
  CHECK(request_of("Action: Login\r\nUsername: a\r\nSecret: b\r\n\r\n")->label.empty());
  CHECK_FALSE(request_of("Event: Hangup\r\nChannel: a\r\n\r\n"));
}

TEST_CASE("rules look at HTTP request lines, and nothing of them but the method is told") {
  const auto request = request_of("GET /rec.cgi?state=off HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(request);
  CHECK(request->dialect == Dialect::Http);
  CHECK(request->label == "GET");
  REQUIRE(request->http.size() == 1);
  CHECK(request->http[0].action == Action::Pause);
  CHECK(request_of("POST /rec.cgi?state=on HTTP/1.0\n\n")->http.at(0).action == Action::Resume);
  CHECK(request_of("GET /other HTTP/1.1\n\n")->http.empty());
}

TEST_CASE("replies of the event socket say whether something was done") {
  CHECK(reply_of("Content-Type: command/reply\nReply-Text: +OK accepted\n\n")->accepted);
  CHECK_FALSE(reply_of("Content-Type: command/reply\nReply-Text: -ERR no\n\n")->accepted);
  CHECK(reply_of("Content-Type: api/response\nContent-Length: 4\n\n+OK\n")->accepted);
  CHECK_FALSE(reply_of("Content-Type: api/response\nContent-Length: 5\n\n-ERR\n")->accepted);
  CHECK_FALSE(reply_of("Content-Type: auth/request\n\n"));
  const auto job = reply_of("Content-Type: command/reply\nReply-Text: +OK Job-UUID: j1\nJob-UUID: j1\n\n");
  REQUIRE(job);
  CHECK(job->job == "j1");
  CHECK_FALSE(job->job_done);
  const std::string event = "Event-Name: BACKGROUND_JOB\nJob-UUID: j1\nContent-Length: 4\n\n+OK\n";
  const auto done =
      reply_of("Content-Length: " + std::to_string(event.size()) + "\nContent-Type: text/event-plain\n\n" + event);
  REQUIRE(done);
  CHECK(done->job == "j1");
  CHECK(done->job_done);
  CHECK(done->accepted);
}

TEST_CASE("replies of the manager interface and of HTTP say whether something was done") {
  const auto first = reply_of("Asterisk Call Manager/9.0.0\r\nResponse: Success\r\nActionID: a\r\n\r\n");
  REQUIRE(first);
  CHECK(first->accepted);
  CHECK(first->id == "a");
  CHECK_FALSE(reply_of("Response: Error\r\nMessage: No such channel\r\n\r\n")->accepted);
  CHECK_FALSE(reply_of("Event: OriginateResponse\r\nResponse: Success\r\n\r\n"));
  CHECK(reply_of("HTTP/1.1 204 No Content\r\n\r\n")->accepted);
  CHECK_FALSE(reply_of("HTTP/1.1 404 Not Found\r\n\r\n")->accepted);
  CHECK_FALSE(reply_of("HTTP/1.1 100 Continue\r\n\r\n"));
  CHECK_FALSE(reply_of("HTTP/1.1 nonsense\r\n\r\n"));
}

TEST_CASE("events tell which dialog a channel is") {
  const std::string event = "Event-Name: CHANNEL_ANSWER\nUnique-ID: u1\nvariable_sip_call_id: a%40b%2Fc%\n\n";
  const auto plain = parse_control_target(
      block_of("Content-Length: " + std::to_string(event.size()) + "\nContent-Type: text/event-plain\n\n" + event));
  REQUIRE(plain);
  CHECK(plain->target == "u1");
  CHECK(plain->call_id == "a@b/c%");
  const auto set = parse_control_target(
      block_of("Event: VarSet\r\nChannel: SIP/1001-01\r\nVariable: SIPCALLID\r\nValue: c1@h\r\n\r\n"));
  REQUIRE(set);
  CHECK(set->target == "SIP/1001-01");
  CHECK(set->call_id == "c1@h");
  CHECK(parse_control_target(
      block_of("Event: VarSet\nChannel: a\nVariable: PJSIP_HEADER(read,1,Call-ID)\nValue: c\n\n")));
  CHECK_FALSE(parse_control_target(block_of("Event: VarSet\nChannel: a\nVariable: CALLERID\nValue: c\n\n")));
  CHECK_FALSE(parse_control_target(block_of("Event: VarSet\nChannel: a\nVariable: SIPCALLID\nValue:\n\n")));
}

}  // namespace
}  // namespace tapestry::pause
