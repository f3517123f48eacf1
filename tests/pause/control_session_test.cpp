#include "pause/control_session.h"

#include <catch2/catch.hpp>

#include <string>

namespace tapestry::pause {
namespace {

const Time kStart{std::chrono::seconds(1'700'000'000)};

ControlRequest request(const std::string& label, const std::string& id = {}) {
  return {.dialect = id.empty() ? Dialect::EventSocket : Dialect::Manager,
          .id = id,
          .action = Action::Resume,
          .label = label};
}
const ControlReply kGood{.dialect = Dialect::EventSocket, .accepted = true};

ControlReply with_id(const std::string& id) { return {.dialect = Dialect::Manager, .id = id, .accepted = true}; }

TEST_CASE("replies come in the order of their requests") {
  ControlSession session;
  REQUIRE(session.sent(request("one"), kStart));
  REQUIRE(session.sent(request("two"), kStart));
  REQUIRE(session.answered(kGood, kStart)->label == "one");
  REQUIRE(session.answered(kGood, kStart)->label == "two");
}

TEST_CASE("replies with an ActionID answer the request that has it") {
  ControlSession session;
  REQUIRE(session.sent(request("one", "1"), kStart));
  REQUIRE(session.sent(request("two", "2"), kStart));
  REQUIRE(session.answered(with_id("2"), kStart)->label == "two");
  REQUIRE_FALSE(session.answered(with_id("3"), kStart));
  REQUIRE(session.answered(with_id("1"), kStart)->label == "one");
}

TEST_CASE("two requests of one ActionID that wait at once are both forgotten") {
  ControlSession session;
  REQUIRE(session.sent(request("resume", "7"), kStart));
  REQUIRE_FALSE(session.sent(request("pause", "7"), kStart));
  REQUIRE_FALSE(session.answered(with_id("7"), kStart));
  REQUIRE(session.sent(request("resume", "7"), kStart));
  REQUIRE(session.answered(with_id("7"), kStart));
}

TEST_CASE("after a loss requests in order wait for nothing for a moment, those with an ActionID do") {
  ControlSession session;
  REQUIRE(session.sent(request("one"), kStart));
  session.lose(kStart);
  REQUIRE(session.forgotten() == 1);
  REQUIRE_FALSE(session.answered(kGood, kStart));
  REQUIRE_FALSE(session.sent(request("two"), kStart));
  REQUIRE(session.sent(request("three", "3"), kStart));
  REQUIRE(session.answered(with_id("3"), kStart));
  REQUIRE(session.sent(request("four"), kStart + ControlSession::kUnsure));
  REQUIRE(session.answered(kGood, kStart + ControlSession::kUnsure)->label == "four");
}

TEST_CASE("a reply to no request makes the order unsure") {
  ControlSession session;
  REQUIRE_FALSE(session.answered(kGood, kStart));
  REQUIRE_FALSE(session.sent(request("its request, captured late"), kStart));
}

TEST_CASE("a job is decided by the event that it is done") {
  ControlSession session;
  ControlRequest background = request("job");
  background.job = true;
  ControlReply taken = kGood;
  taken.job = "j1";
  REQUIRE(session.sent(background, kStart));
  REQUIRE(session.sent(request("next"), kStart));
  REQUIRE_FALSE(session.answered(taken, kStart));
  REQUIRE(session.answered(kGood, kStart)->label == "next");
  ControlReply done{.dialect = Dialect::EventSocket, .job = "j2", .job_done = true, .accepted = true};
  REQUIRE_FALSE(session.answered(done, kStart));
  done.job = "j1";
  REQUIRE(session.answered(done, kStart)->label == "job");
}

TEST_CASE("as many requests wait as the bound allows") {
  ControlSession session;
  REQUIRE(session.sent(request("named", "n"), kStart));
  for (std::size_t n = 1; n < ControlSession::kMaxWaiting; ++n) REQUIRE(session.sent(request("x"), kStart));
  REQUIRE(session.sent(request("takes the named one's place"), kStart));
  REQUIRE(session.forgotten() == 1);
  REQUIRE_FALSE(session.sent(request("one too many"), kStart));
  REQUIRE(session.forgotten() == 1 + ControlSession::kMaxWaiting);
}

}  // namespace
}  // namespace tapestry::pause
