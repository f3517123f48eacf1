// What the control socket answers, without a socket; docs/openapi.yaml has the words.
#include "app/control_site.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "web/manners.h"

namespace tapestry::app {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

web::Request ask(const std::string& method, const std::string& target, const std::string& body = "") {
  web::Request request{.method = method, .target = target, .fields = {}, .peer = "local"};
  request.user = 1000;
  request.has_body = !body.empty();
  if (!body.empty()) request.body = body;
  if (!body.empty()) request.fields.push_back({"Content-Type", "application/json"});
  return request;
}

/// A site, and the thread that answers it as it is told.
struct Fixture {
  Fixture() {
    answer.outcome = calls::PauseOutcome::Done;
    answer.effective = true;
    answer.why = "paused";
    answer.since = *from_rfc3339("2026-11-20T08:00:00.25Z");
    answer.call_ids = {"a@b"};
    service = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        queue.serve([this](const ControlRequest& request) -> ControlAnswer {
          if (const auto* command = std::get_if<calls::PauseCommand>(&request)) {
            commands.push_back(*command);
            return answer;
          }
          if (const auto* query = std::get_if<calls::LiveQuery>(&request)) {
            queries.push_back(*query);
            return page;
          }
          return status;
        });
        std::this_thread::sleep_for(1ms);
      }
    });
  }
  web::Response get(const web::Request& request) { return site.answer(request, *from_rfc3339("2026-11-20T08:00:01Z")); }
  web::Response pause(const std::string& body) { return get(ask("POST", "/v1/pause", body)); }

  ControlQueue queue;
  std::atomic<bool> safe = false;
  ControlSite site{queue, 10s, [this] { return safe.load(); }};
  calls::PauseAnswer answer;
  calls::LivePage page;
  ServiceStatus status;
  std::vector<calls::PauseCommand> commands;
  std::vector<calls::LiveQuery> queries;
  std::jthread service;
};

std::string code_of(const web::Response& response) { return json::parse(response.body)["error"]["code"]; }

}  // namespace

TEST_CASE("a pause is answered when it is effective, with its packet time and its calls") {
  Fixture fixture;
  const web::Response response = fixture.pause(R"({"agent":"1001","reason":"privacy","seconds":30,"request_id":"r"})");
  CHECK(response.status == 200);
  CHECK(json::parse(response.body) == json{{"effective", true},
                                           {"state", "paused"},
                                           {"since", "2026-11-20T08:00:00.25Z"},
                                           {"call_ids", json::array({"a@b"})},
                                           {"durable", false}});
  fixture.safe = true;
  CHECK(json::parse(fixture.pause(R"({"agent":"1001","request_id":"s"})").body)["durable"] == true);
  REQUIRE(fixture.commands.size() == 2);
  const calls::PauseCommand& command = fixture.commands.front();
  CHECK(command.action == pause::Action::Pause);
  CHECK(command.agent == "1001");
  CHECK(command.reason == "privacy");
  CHECK(command.longest == 30s);
  CHECK(command.id == "r");
  CHECK(command.by == "uid 1000");
  CHECK(command.given == from_rfc3339("2026-11-20T08:00:01Z"));
}

TEST_CASE("calls and conversations are named, too, and a front end says for whom it asks") {
  Fixture fixture;
  web::Request request = ask("POST", "/v1/resume", R"({"call":"x@y"})");
  request.fields.push_back({"Tapestry-By", "token desk"});
  CHECK(fixture.get(request).status == 200);
  CHECK(fixture.pause(R"({"conversation":17})").status == 200);
  REQUIRE(fixture.commands.size() == 2);
  CHECK(fixture.commands[0].action == pause::Action::Resume);
  CHECK(fixture.commands[0].call_id == "x@y");
  CHECK(fixture.commands[0].by == "token desk, by uid 1000");
  CHECK(fixture.commands[1].number == 17);
  CHECK(fixture.pause(R"({"conversation":"17"})").status == 200);
  CHECK(fixture.commands[2].number == 0);
  CHECK(fixture.commands[2].interaction_id == "17");
}

TEST_CASE("a command whose asker has given up by then is not carried out") {
  Fixture fixture;
  const auto give = [&fixture](const char* until) {
    web::Request request = ask("POST", "/v1/resume", R"({"call":"x@y"})");
    request.fields.push_back({"Tapestry-Until", until});
    return fixture.get(request).status;
  };
  CHECK(give("1970-01-01T00:00:00Z") == 503);
  CHECK(give("soon") == 400);
  CHECK(fixture.commands.empty());
  CHECK(give("2200-01-01T00:00:00Z") == 200);
  CHECK(fixture.commands.size() == 1);
}

TEST_CASE("a command that is not effective is an error that says why") {
  Fixture fixture;
  const std::string body = R"({"agent":"1001"})";
  for (const auto& [outcome, status, code] : {std::tuple(calls::PauseOutcome::NoSuchCall, 404U, "no_such_call"),
                                              std::tuple(calls::PauseOutcome::OtherRequest, 409U, "request_id_used"),
                                              std::tuple(calls::PauseOutcome::StillPaused, 409U, "still_paused"),
                                              std::tuple(calls::PauseOutcome::Refused, 409U, "not_paused")}) {
    fixture.answer.outcome = outcome;
    const web::Response response = fixture.pause(body);
    CHECK(response.status == status);
    CHECK(code_of(response) == code);
  }
}

TEST_CASE("what is malformed reaches nobody") {
  Fixture fixture;
  CHECK(fixture.pause("{}").status == 400);
  CHECK(fixture.pause(R"({"agent":"a","call":"b"})").status == 400);
  CHECK(fixture.pause(R"({"agent":"a","digits":"4111"})").status == 400);
  CHECK(fixture.get(ask("POST", "/v1/pause")).status == 415);
  CHECK(fixture.get(ask("GET", "/v1/pause")).status == 405);
  CHECK(fixture.get(ask("POST", "/v1/status")).status == 405);
  CHECK(fixture.get(ask("DELETE", "/v1/calls")).status == 405);
  CHECK(fixture.get(ask("GET", "/v1/calls?limit=0")).status == 400);
  CHECK(fixture.get(ask("GET", "/v1/calls?limit=201")).status == 400);
  CHECK(fixture.get(ask("GET", "/v1/calls?x=1")).status == 400);
  CHECK(fixture.get(ask("GET", "/v1/conversations")).status == 404);
  CHECK(fixture.get(ask("GET", "/")).status == 404);
  CHECK(fixture.get(ask("GET", "/media/x")).status == 404);
  CHECK(fixture.get(ask("GET", "%zz")).status == 400);
  web::Request request = ask("POST", "/v1/pause");
  request.has_body = true;
  CHECK(fixture.get(request).status == 413);
  request = ask("POST", "/v1/pause", R"({"agent":"a"})");
  request.fields.push_back({"Tapestry-By", std::string(kMostBy + 1, 'x')});
  CHECK(fixture.get(request).status == 400);
  request.fields.back().value = "a\xff";
  CHECK(fixture.get(request).status == 400);
  CHECK(fixture.commands.empty());
  CHECK(fixture.queries.empty());
}

TEST_CASE("calls are told in pages, also those whose names are no UTF-8") {
  Fixture fixture;
  calls::LiveConversation conversation;
  conversation.number = 7;
  conversation.start = *from_rfc3339("2026-11-20T08:00:00Z");
  conversation.state = calls::LiveState::Paused;
  conversation.pauses = {
      {.by = "command", .reason = "pci", .from = "uid 1", .since = conversation.start, .call_id = ""}};
  conversation.holds = {{.by = "sip:1001@x", .since = conversation.start}};
  conversation.parties = {{calls::Role::Agent, "sip:\xff@x"}};
  conversation.call_ids = {"a@b"};
  fixture.page.conversations = {conversation};
  fixture.page.more = true;
  const json answer = json::parse(fixture.get(ask("GET", "/v1/calls?after=3&limit=5")).body);
  CHECK(fixture.queries.at(0).after == 3);
  CHECK(fixture.queries.at(0).limit == 5);
  CHECK(answer["more"] == true);
  const json& call = answer["calls"][0];
  CHECK(call["conversation"] == 7);
  CHECK(call["state"] == "paused");
  CHECK(call["pauses"][0]["by"] == "command");
  CHECK(call["holds"][0]["by"] == "sip:1001@x");
  CHECK(call["parties"][0]["role"] == "agent");
  CHECK(call["call_ids"] == json::array({"a@b"}));
}

TEST_CASE("status and metrics tell the same") {
  Fixture fixture;
  fixture.status.intake = {.packets = 17, .bytes = 1700, .sip_messages = 3};
  fixture.status.live = {.calls = 2, .conversations = 1, .paused = 1};
  fixture.status.drops = {{"kernel", 5}};
  fixture.status.lag = 0.25;
  const json status = json::parse(fixture.get(ask("GET", "/v1/status")).body);
  CHECK(status["captured"]["packets"] == 17);
  CHECK(status["captured"]["dropped"]["kernel"] == 5);
  CHECK(status["open"]["paused"] == 1);
  CHECK(status["lag"] == 0.25);
  CHECK(status["unfinished"]["oldest"].is_null());
  const web::Response metrics = fixture.get(ask("GET", "/metrics"));
  CHECK(metrics.fields.front().value == "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line :
       {"tapestry_captured_packets_total 17\n", "tapestry_dropped_packets_total{place=\"kernel\"} 5\n",
        "tapestry_lag_seconds 0.250\n", "tapestry_paused_conversations 1\n"}) {
    CHECK(metrics.body.find(line) != std::string::npos);
  }
}

TEST_CASE("a service that does not come to it, and one that ends, are 503") {
  ControlQueue queue;
  ControlSite site(queue, 10ms);
  const web::Request request = ask("GET", "/v1/status");
  CHECK(code_of(site.answer(request, Time{})) == "late");
  queue.close();
  CHECK(code_of(site.answer(request, Time{})) == "ending");
}

}  // namespace tapestry::app
