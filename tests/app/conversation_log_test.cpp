#include "app/conversation_log.h"

#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"

using namespace tapestry;
using namespace tapestry::app;

namespace {

std::string uuid_of(const ConversationReport& conversation) { return conversation.uuid; }

std::vector<std::string> texts_of(const ConversationLog& log) {
  std::vector<std::string> texts;
  log.for_each([&](std::string_view text) { texts.emplace_back(text); });
  return texts;
}

ConversationReport named(std::string uuid) {
  ConversationReport report;
  report.uuid = std::move(uuid);
  report.call_ids = {"a", "b"};
  return report;
}

}  // namespace

TEST_CASE("a log gives its texts in order, as often as one asks, and goes on") {
  const testing::TemporaryFolder folder;
  ConversationLog log(folder.path(), uuid_of);
  CHECK(texts_of(log).empty());
  log.add(named("one"));
  log.add(named(""));
  log.add(named(std::string(200'000, 'x')));
  CHECK(texts_of(log) == std::vector<std::string>{"one", "", std::string(200'000, 'x')});
  log.add(named("four"));
  CHECK(texts_of(log).back() == "four");
  CHECK(texts_of(log).size() == 4);
  CHECK(log.size() == 4);
  CHECK(log.calls() == 8);
  CHECK(log.already() == 0);
}

TEST_CASE("a log counts what was there before and keeps faults up to a bound") {
  const testing::TemporaryFolder folder;
  ConversationLog log(folder.path(), uuid_of);
  ConversationReport report = named("u");
  report.already = true;
  log.add(report);
  CHECK(log.already() == 1);
  CHECK(log.faults().empty());
  report.fault = "disk full";
  log.add(report);
  CHECK(log.faults() == std::vector<std::string>{"conversation u of 1970-01-01T00:00:00Z: not written: disk full"});
  for (std::size_t i = 0; i < ConversationLog::kMostFaults + 1; ++i) log.add(report);
  CHECK(log.faults().size() == ConversationLog::kMostFaults + 1);
  CHECK(log.faults().back() == "2 more conversations were not written");
}

TEST_CASE("a log leaves nothing in its folder, and none can be made where there is no folder") {
  const testing::TemporaryFolder folder;
  ConversationLog log(folder.path(), uuid_of);
  log.add(named("u"));
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THROWS_AS(ConversationLog(folder.path() / "none", uuid_of), std::runtime_error);
}
