#include "web/pause_body.h"

#include <catch2/catch.hpp>

namespace tapestry::web {

TEST_CASE("a pause names one target, and may tell reason, seconds and the request's id") {
  const auto body = parse_pause_body(
      R"({"agent":"sip:1001@agents.example.com","reason":"privacy","seconds":90,"request_id":"a-1_B.c:2"})", false);
  REQUIRE(body);
  CHECK(body->target == PauseBody::Target::Agent);
  CHECK(body->name == "sip:1001@agents.example.com");
  CHECK(body->reason == "privacy");
  CHECK(body->seconds == 90U);
  CHECK(body->request_id == "a-1_B.c:2");
  const auto least = parse_pause_body(R"({"call":"x@y"})", false);
  REQUIRE(least);
  CHECK(least->reason == "pci");
  CHECK_FALSE(least->seconds);
  CHECK(least->request_id.empty());
}

TEST_CASE("a conversation is a number or a text") {
  CHECK(parse_pause_body(R"({"conversation":17})", false)->number == 17);
  CHECK(parse_pause_body(R"({"conversation":"case-9"})", true)->name == "case-9");
  CHECK_FALSE(parse_pause_body(R"({"conversation":-1})", false));
  CHECK_FALSE(parse_pause_body(R"({"conversation":1.5})", false));
  CHECK_FALSE(parse_pause_body(R"({"agent":1001})", false));
}

TEST_CASE("what a pause's body must not be is an error that quotes nothing") {
  for (const std::string text : {"",
                                 "null",
                                 "[]",
                                 "17",
                                 "\"agent\"",
                                 "{",
                                 "{}",
                                 "{}{}",
                                 "{\"agent\":\"a\"}x",
                                 R"({"agent":""})",
                                 R"({"agent":null})",
                                 R"({"agent":["a"]})",
                                 R"({"agent":{"a":"b"}})",
                                 R"({"agent":"a","call":"b"})",
                                 R"({"agent":"a","agent":"b"})",
                                 R"({"agent":"a","secret":1})",
                                 R"({"agent":"a\u0000b"})",
                                 R"({"agent":"a\nb"})",
                                 R"({"agent":"a","reason":""})",
                                 R"({"agent":"a","reason":"PCI"})",
                                 R"({"agent":"a","reason":1})",
                                 R"({"agent":"a","seconds":0})",
                                 R"({"agent":"a","seconds":86401})",
                                 R"({"agent":"a","seconds":-5})",
                                 R"({"agent":"a","seconds":1.5})",
                                 R"({"agent":"a","seconds":"5"})",
                                 R"({"agent":"a","seconds":99999999999999999999})",
                                 R"({"agent":"a","request_id":""})",
                                 R"({"agent":"a","request_id":"a b"})",
                                 R"({"agent":"a","request_id":7})",
                                 R"({"reason":"pci"})",
                                 "{\"agent\":\"\xff\"}",
                                 "{\"agent\":\"a\",\"secret\":\"4111111111111111\"}"}) {
    INFO(text);
    const auto body = parse_pause_body(text, false);
    REQUIRE_FALSE(body);
    CHECK(body.error().find("secret") == std::string::npos);
    CHECK(body.error().find("4111") == std::string::npos);
  }
}

TEST_CASE("a resume has neither reason nor seconds") {
  CHECK(parse_pause_body(R"({"agent":"a","request_id":"r"})", true));
  CHECK_FALSE(parse_pause_body(R"({"agent":"a","reason":"pci"})", true));
  CHECK_FALSE(parse_pause_body(R"({"agent":"a","seconds":5})", true));
}

TEST_CASE("names, ids and bodies have bounds") {
  const auto agent = [](std::size_t size) { return "{\"agent\":\"" + std::string(size, 'a') + "\"}"; };
  CHECK(parse_pause_body(agent(kMostPauseName), false));
  CHECK_FALSE(parse_pause_body(agent(kMostPauseName + 1), false));
  const auto id = [](std::size_t size) {
    return "{\"agent\":\"a\",\"request_id\":\"" + std::string(size, 'a') + "\"}";
  };
  CHECK(parse_pause_body(id(kMostRequestId), false));
  CHECK_FALSE(parse_pause_body(id(kMostRequestId + 1), false));
  CHECK_FALSE(parse_pause_body(R"({"agent":"a"})" + std::string(kMostContent, ' '), false));
  CHECK_FALSE(parse_pause_body(std::string(kMostContent, '['), false));
}

TEST_CASE("a body that is written is read as it was") {
  const PauseBody body{.target = PauseBody::Target::Interaction,
                       .name = "case \"9\"",
                       .reason = "privacy",
                       .seconds = 30,
                       .request_id = "r1"};
  CHECK(parse_pause_body(to_json(body, false), false) == body);
  const PauseBody resume{.target = PauseBody::Target::Call, .name = "x@y"};
  CHECK(parse_pause_body(to_json(resume, true), true) == resume);
  const PauseBody number{.target = PauseBody::Target::Conversation, .number = 104'233};
  CHECK(parse_pause_body(to_json(number, false), false) == number);
}

TEST_CASE("a conversation that is text is never one by its number") {
  const auto text = parse_pause_body(R"({"conversation":"104233"})", false);
  REQUIRE(text);
  CHECK(text->target == PauseBody::Target::Interaction);
  CHECK(text->name == "104233");
  CHECK(text->number == 0);
  const auto number = parse_pause_body(R"({"conversation":104233})", false);
  REQUIRE(number);
  CHECK(number->target == PauseBody::Target::Conversation);
  CHECK(number->number == 104'233);
  CHECK_FALSE(parse_pause_body(R"({"conversation":0})", false));
  CHECK_FALSE(parse_pause_body(R"({"conversation":-1})", false));
  CHECK_FALSE(parse_pause_body(R"({"conversation":7,"agent":"a"})", false));
}

}  // namespace tapestry::web
