#include "app/audit.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/replay.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/sample_call.h"
#include "vconout/audit_log.h"

namespace tapestry::app {
namespace {

using Catch::Matchers::Contains;

calls::MarkerReport report(const std::string& action, bool honoured, const std::string& why) {
  return {.time = *from_rfc3339("2026-11-20T08:00:00Z"),
          .rule = "agent-info",
          .action = action,
          .message = "INFO",
          .call_id = "4f1d9e3a@203.0.113.10",
          .honoured = honoured,
          .why = why};
}

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome run(const std::filesystem::path& path, bool json = false) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = audit({path, json}, out, err);
  return {status, out.str(), err.str()};
}

}  // namespace

TEST_CASE("an audit log is a table, with its head below") {
  const testing::TemporaryFolder folder;
  vconout::AuditLog log(folder / "audit");
  log.add(report("pause", true, "paused"));
  log.add(report("pause", false, "from the customer's side"));
  const Outcome outcome = run(folder.path());
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  CHECK(
      outcome.out ==
      "time (UTC)           rule                  action  honoured  why                         call\n"
      "2026-11-20 08:00:00  agent-info            pause   yes       paused                      4f1d9e3a@203.0.113.10\n"
      "2026-11-20 08:00:00  agent-info            pause   no        from the customer's side    4f1d9e3a@203.0.113.10\n"
      "\n2 entries, 1 honoured, head 2 " +
          log.head().hash + "\n");
  CHECK(run(folder / "audit").out == outcome.out);
  CHECK(run(folder / "audit/audit.jsonl").out == outcome.out);
}

TEST_CASE("an audit log is one JSON document") {
  const testing::TemporaryFolder folder;
  vconout::AuditLog log(folder / "audit");
  log.add(report("pause", true, "paused"));
  const auto json = nlohmann::json::parse(run(folder.path(), true).out);
  REQUIRE(json["entries"].size() == 1);
  CHECK(json["entries"][0]["call_id"] == "4f1d9e3a@203.0.113.10");
  CHECK(json["entries"][0]["honoured"] == true);
  CHECK(json["entries"][0]["effective"].is_null());
  CHECK(json["head"]["seq"] == 1);
  CHECK(json["head"]["hash"] == log.head().hash);
  CHECK(json["faults"] == 0);
  CHECK(json["first_fault"].is_null());
}

TEST_CASE("a broken chain is exit status 1, and its line is told") {
  const testing::TemporaryFolder folder;
  {
    vconout::AuditLog log(folder / "audit");
    for (int n = 0; n < 3; ++n) log.add(report("pause", true, "paused"));
  }
  std::string text = testing::read_file(folder / "audit/audit.jsonl");
  text.replace(text.find("\"honoured\":true"), 15, "\"honoured\":false");
  testing::write_file(folder / "audit/audit.jsonl", text);
  const Outcome outcome = run(folder.path());
  CHECK(outcome.status == 1);
  CHECK_THAT(outcome.err, Contains("the chain is broken at line 2"));
  CHECK(nlohmann::json::parse(run(folder.path(), true).out)["first_fault"]["line"] == 2);
}

TEST_CASE("hostile text in an audit log does nothing to a terminal, and keeps to its line") {
  const testing::TemporaryFolder folder;
  vconout::AuditLog log(folder / "audit");
  calls::MarkerReport hostile = report("pause\x1b[2J", false, "a\nb\xff");
  hostile.call_id = "x\r\ny\xe2\x80\xae";
  log.add(hostile);
  const Outcome outcome = run(folder.path());
  CHECK(outcome.status == 0);
  CHECK(std::ranges::count(outcome.out, '\n') == 4);
  CHECK(outcome.out.find_first_of("\x1b\r") == std::string::npos);
  CHECK_THAT(outcome.out, Contains("x??y?"));
  CHECK(nlohmann::json::parse(run(folder.path(), true).out)["entries"][0]["why"] == "a\nb\xEF\xBF\xBD");
}

TEST_CASE("without an audit log the status is 2") {
  const testing::TemporaryFolder folder;
  CHECK(run(folder.path()).status == 2);
  CHECK_THAT(run(folder.path()).err, Contains("no audit log"));
}

TEST_CASE("a replay without markers makes no audit folder, and tells what it erased and protected") {
  const testing::TemporaryFolder folder;
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z");
  call.talk_seconds = 2;
  call.hold_seconds = 0;
  call.loss_at = -1;
  {
    std::ofstream file(folder / "a.pcap", std::ios::binary);
    testing::write_pcap(file, testing::frames_of(call));
  }
  ReplaySettings settings;
  settings.captures = {folder / "a.pcap"};
  settings.out = folder / "out";
  settings.config = parse_config("[keys]\nalgorithm = \"es256\"\n", "test");
  settings.memory.core_excluded = true;
  std::ostringstream out;
  std::ostringstream err;
  CHECK(replay_and_print(settings, true, out, err) == 0);
  CHECK_FALSE(std::filesystem::exists(folder / "out/audit"));
  const auto counters = nlohmann::json::parse(out.str())["counters"];
  CHECK(counters["spool.erased_packets"] == 0);
  CHECK(counters["spool.erased_on_disk"] == 0);
  CHECK(counters["process.core_excluded"] == 1);
  CHECK(counters["process.memory_locked"] == 0);
}

}  // namespace tapestry::app
