#include "verify/audit.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <sstream>
#include <vector>

#include "verify/crypto.h"

namespace tapestry::verify {
namespace {

std::string body(std::string_view action, bool honoured) {
  return fmt::format(
      R"("time":"2026-11-20T08:00:01Z","rule":"r","action":"{}","message":"INFO","call_id":"c","from":"sip:1001@a",)"
      R"("source":"10.1.0.11:5060","destination":"10.1.0.5:5060","honoured":{},"why":"paused","effective":null)",
      action, honoured);
}

/// A log that is made line by line.
struct Log {
  std::vector<std::string> lines;

  [[nodiscard]] std::string head() const { return lines.empty() ? std::string(64, '0') : sha256_hex(lines.back()); }
  Log& add(std::string_view action = "pause", bool honoured = true, const std::string& more = {}) {
    lines.push_back(
        fmt::format(R"({{"seq":{},{},"previous":"{}"{}}})", lines.size() + 1, body(action, honoured), head(), more));
    return *this;
  }
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
  }
};

struct Outcome {
  AuditResult result;
  std::vector<AuditEntry> entries;
};

Outcome check(const std::string& text) {
  std::istringstream in(text);
  Outcome outcome;
  outcome.result = check_audit(in, [&outcome](const AuditEntry& entry) { outcome.entries.push_back(entry); });
  return outcome;
}

Log three() { return Log().add().add("resume", false).add(); }

std::uint64_t fault_line(const std::string& text) {
  const AuditResult result = check(text).result;
  return result.first_fault ? result.first_fault->line : 0;
}

}  // namespace

TEST_CASE("a whole audit log has no fault") {
  const Log log = three();
  const Outcome outcome = check(log.text());
  CHECK_FALSE(outcome.result.first_fault);
  CHECK(outcome.result.lines == 3);
  CHECK(outcome.result.entries == 3);
  CHECK(outcome.result.honoured == 2);
  CHECK(outcome.result.head == log.head());
  REQUIRE(outcome.entries.size() == 3);
  CHECK(outcome.entries[1].line == 2);
  CHECK(outcome.entries[1].action == "resume");
  CHECK(outcome.entries[1].source == "10.1.0.11:5060");
  CHECK(outcome.entries[1].effective.empty());
  CHECK(check("").result.head == std::string(64, '0'));
  CHECK_FALSE(check("").result.first_fault);
}

TEST_CASE("an entry that was changed, taken away, added or moved breaks the chain at a line") {
  Log changed = three();
  changed.lines[1].replace(changed.lines[1].find("resume"), 6, "ignore");
  CHECK(fault_line(changed.text()) == 3);
  Log first = three();
  first.lines.erase(first.lines.begin());
  CHECK(fault_line(first.text()) == 1);
  Log middle = three();
  middle.lines.erase(middle.lines.begin() + 1);
  CHECK(fault_line(middle.text()) == 2);
  Log twice = three();
  twice.lines.insert(twice.lines.begin() + 1, twice.lines[0]);
  CHECK(fault_line(twice.text()) == 2);
  Log moved = three();
  std::swap(moved.lines[1], moved.lines[2]);
  CHECK(fault_line(moved.text()) == 2);
  Log garbage = three();
  garbage.lines[1] = "garbage";
  CHECK(fault_line(garbage.text()) == 2);
  Log no_member = three();
  no_member.lines[2].replace(no_member.lines[2].find("\"rule\""), 6, "\"rula\"");
  CHECK(fault_line(no_member.text()) == 3);
}

TEST_CASE("every entry is told, also behind a fault") {
  Log log = three();
  log.lines[0].replace(log.lines[0].find("INFO"), 4, "BYE!");
  const Outcome outcome = check(log.text());
  CHECK(outcome.entries.size() == 3);
  CHECK(outcome.result.faults == 1);
}

TEST_CASE("a torn line is no fault when the next entry says so, and that keeps the chain") {
  Log log = three();
  const std::string whole = log.head();
  log.lines.emplace_back(R"({"seq":4,"ti)");
  log.add("torn", false, fmt::format(R"(,"last_whole":"{}")", whole));
  log.add();
  const Outcome outcome = check(log.text());
  CHECK_FALSE(outcome.result.first_fault);
  CHECK(outcome.result.torn == 1);
  CHECK(outcome.result.entries == 5);

  Log changed = log;
  changed.lines[2].replace(changed.lines[2].find("INFO"), 4, "BYE!");
  CHECK(fault_line(changed.text()) == 5);
  Log fragment = log;
  fragment.lines[3] += "x";
  CHECK(fault_line(fragment.text()) == 5);
}

TEST_CASE("a torn line that no entry speaks of is a fault") {
  Log log = three();
  log.lines.emplace_back(R"({"seq":4,"ti)");
  CHECK(fault_line(log.text()) == 4);
  log.add();
  CHECK(fault_line(log.text()) == 4);
  std::string text = three().text();
  text.pop_back();
  CHECK(fault_line(text) == 3);
  CHECK(fault_line(three().text() + "{\"seq\"") == 4);
}

TEST_CASE("a line longer than any ends the reading") {
  const std::string text = three().text() + std::string(kMostAuditLine + 1, 'x') + "\n" + three().text();
  CHECK(check(text).entries.size() == 3);
  CHECK(fault_line(text) == 4);
}

}  // namespace tapestry::verify
