#include "vconout/audit_log.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "core/bytes.h"
#include "fixture.h"
#include "vconout/digest.h"
#include "vconout/file.h"
#include "vconout/hex.h"

namespace tapestry::vconout::test {
namespace {

using Object = nlohmann::ordered_json;

calls::MarkerReport report(int number = 1) {
  return {.time = *from_rfc3339("2026-11-20T08:00:00Z") + std::chrono::seconds(number),
          .rule = "agent-info",
          .action = "pause",
          .message = "INFO",
          .call_id = "call-" + std::to_string(number),
          .from = "sip:1001@agents.example.com",
          .source = {*IpAddress::parse("10.1.0.11"), 5060},
          .destination = {*IpAddress::parse("2001:db8::5"), 5060},
          .honoured = true,
          .why = "paused",
          .effective = *from_rfc3339("2026-11-20T07:59:58.5Z")};
}

std::vector<std::string> lines(const std::filesystem::path& file) {
  std::vector<std::string> all;
  std::ifstream in(file, std::ios::binary);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

std::string hash(std::string_view line) { return hex(digest(Digest::Kind::Sha256, as_bytes(line))); }

void append_raw(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

/// Each line but torn ones has its number, and the hash of the line before.
void check_chain(const std::vector<std::string>& all) {
  std::string previous(64, '0');
  for (std::size_t n = 0; n < all.size(); ++n) {
    const Object entry = Object::parse(all[n], nullptr, false);
    if (!entry.is_discarded()) {
      CHECK(entry["seq"] == n + 1);
      CHECK(entry["previous"] == previous);
    }
    previous = hash(all[n]);
  }
}

}  // namespace

TEST_CASE("an audit log has a line for each marker, and none before the first") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "audit" / "audit.jsonl";
  AuditLog log(folder.path() / "audit");
  CHECK(log.path() == file);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "audit"));
  CHECK(log.head() == AuditHead{.seq = 0, .hash = std::string(64, '0')});
  log.add(report());
  const auto all = lines(file);
  REQUIRE(all.size() == 1);
  CHECK(all[0] ==
        R"({"seq":1,"time":"2026-11-20T08:00:01Z","rule":"agent-info","action":"pause","message":"INFO",)"
        R"("call_id":"call-1","from":"sip:1001@agents.example.com","source":"10.1.0.11:5060",)"
        R"("destination":"[2001:db8::5]:5060","honoured":true,"why":"paused","effective":"2026-11-20T07:59:58.5Z",)"
        R"("previous":"0000000000000000000000000000000000000000000000000000000000000000"})");
  CHECK(log.head() == AuditHead{.seq = 1, .hash = hash(all[0])});
  struct stat status{};
  REQUIRE(stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
}

TEST_CASE("an audit log's lines are a chain, and a later process goes on with it") {
  const TemporaryFolder folder;
  for (int run = 0; run < 4; ++run) {
    AuditLog log(folder.path(), run % 2 == 0 ? AuditLog::Sync::Never : AuditLog::Sync::EachLine);
    CHECK(log.head().seq == static_cast<std::uint64_t>(run) * 3);
    for (int n = 0; n < 3; ++n) log.add(report(run * 3 + n));
  }
  const auto all = lines(folder.path() / "audit.jsonl");
  CHECK(all.size() == 12);
  check_chain(all);
  CHECK(AuditLog(folder.path()).head() == AuditHead{.seq = 12, .hash = hash(all.back())});
}

TEST_CASE("what changed nothing has no time of effect") {
  const TemporaryFolder folder;
  AuditLog log(folder.path());
  calls::MarkerReport refused = report();
  refused.honoured = false;
  refused.why = "from the customer's side";
  refused.effective.reset();
  log.add(refused);
  const Object entry = Object::parse(lines(log.path()).front());
  CHECK(entry["honoured"] == false);
  CHECK(entry["effective"].is_null());
  CHECK(entry["why"] == "from the customer's side");
}

TEST_CASE("hostile text breaks no line of an audit log, and is bounded") {
  const TemporaryFolder folder;
  AuditLog log(folder.path());
  calls::MarkerReport hostile = report();
  hostile.call_id = "a\nb\r\"}\\\x01\x7f\xff\xc3";
  hostile.from = std::string(100'000, '\x02');
  hostile.why = std::string(100'000, '\xff');
  hostile.rule = std::string("nul\0inside", 10);
  log.add(hostile);
  log.add(report());
  const auto all = lines(log.path());
  REQUIRE(all.size() == 2);
  check_chain(all);
  CHECK(all[0].size() < kMostAuditLine);
  const Object entry = Object::parse(all[0]);
  CHECK(entry["call_id"] == "a\nb\r\"}\\\x01\x7f\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(entry["from"].get<std::string>().size() == kMostAuditText);
  CHECK(entry["from"].get<std::string>().ends_with("..."));
  CHECK(entry["rule"].get<std::string>().size() == 10);
}

TEST_CASE("payment card numbers are masked in an audit log, also where a text is cut") {
  const TemporaryFolder folder;
  AuditLog log(folder.path());
  // Made here, so that no number stands in a failure's output.
  const std::string card = std::string("4") + std::string(15, '1');
  calls::MarkerReport leaking = report();
  for (std::string* text :
       {&leaking.rule, &leaking.action, &leaking.message, &leaking.call_id, &leaking.from, &leaking.why}) {
    *text = "before " + card + " after";
  }
  log.add(leaking);
  leaking.call_id = std::string(kMostAuditText - 10, 'x') + " " + card;
  log.add(leaking);
  const std::string text = read_text(log.path());
  CHECK(text.find(card.substr(0, 6)) == std::string::npos);
  CHECK(text.find("before XXXXXXXXXXXXXXXX after") != std::string::npos);
}

TEST_CASE("a line that a crash tore is ended, and an entry says so") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "audit.jsonl";
  {
    AuditLog log(folder.path());
    log.add(report(1));
    log.add(report(2));
  }
  append_raw(file, R"({"seq":3,"time":"2026-1)");
  {
    AuditLog log(folder.path());
    CHECK(log.head().seq == 3);
    log.add(report(4));
    log.add(report(5));
  }
  const auto all = lines(file);
  REQUIRE(all.size() == 6);
  CHECK(all[2] == R"({"seq":3,"time":"2026-1)");
  const Object notice = Object::parse(all[3]);
  CHECK(notice["action"] == "torn");
  CHECK(notice["last_whole"] == hash(all[1]));
  CHECK(Object::parse(all[4])["call_id"] == "call-4");
  check_chain(all);
}

TEST_CASE("whatever of an entry a crash leaves, the log goes on and nothing of it is lost") {
  std::string whole;
  {
    const TemporaryFolder folder;
    AuditLog log(folder.path());
    log.add(report(1));
    whole = read_text(log.path());
  }
  for (std::size_t left = 1; left < whole.size(); left += 7) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "audit.jsonl";
    append_raw(file, whole.substr(0, left));
    AuditLog(folder.path()).add(report(2));
    append_raw(file, "{\"seq\"");
    append_raw(file, "\n{\"se");
    AuditLog(folder.path()).add(report(3));
    const auto all = lines(file);
    REQUIRE(all.size() == 7);
    CHECK(all[0] == whole.substr(0, left));
    CHECK(Object::parse(all[1])["action"] == "torn");
    CHECK(Object::parse(all[5])["action"] == "torn");
    CHECK(Object::parse(all[5])["last_whole"] == hash(all[2]));
    check_chain(all);
  }
}

TEST_CASE("an entry without its newline is torn, too") {
  const TemporaryFolder folder;
  AuditLog(folder.path()).add(report(1));
  const auto file = folder.path() / "audit.jsonl";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  AuditLog(folder.path()).add(report(2));
  const auto all = lines(file);
  REQUIRE(all.size() == 3);
  CHECK(Object::parse(all[1])["action"] == "torn");
  check_chain(all);
}

TEST_CASE("a long log is gone on with from its end alone") {
  const TemporaryFolder folder;
  AuditLog log(folder.path());
  calls::MarkerReport wide = report();
  wide.from = std::string(5000, '\x01');
  for (int n = 0; n < 300; ++n) log.add(wide);
  AuditLog later(folder.path());
  CHECK(later.head() == log.head());
  CHECK(later.head().seq == 300);
}

TEST_CASE("two processes write one audit log at once") {
  const TemporaryFolder folder;
  const auto write = [&folder] {
    AuditLog log(folder.path());
    for (int n = 0; n < 200; ++n) log.add(report(n));
  };
  const pid_t child = fork();
  if (child == 0) {
    write();
    _exit(0);
  }
  write();
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  const auto all = lines(folder.path() / "audit.jsonl");
  CHECK(all.size() == 400);
  check_chain(all);
}

TEST_CASE("an audit log's head is what another process made of it, once one looks again") {
  const TemporaryFolder folder;
  AuditLog reader(folder.path());
  AuditLog writer(folder.path());
  reader.refresh();
  CHECK(reader.head() == AuditHead{});
  for (int n = 0; n < 3; ++n) {
    writer.add(report(n));
    CHECK_FALSE(reader.head() == writer.head());
    reader.refresh();
    CHECK(reader.head() == writer.head());
  }
}

TEST_CASE("an audit log that is cut, taken away or none is an error") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "audit.jsonl";
  AuditLog log(folder.path());
  log.add(report(1));
  log.add(report(2));
  std::filesystem::resize_file(file, 10);
  CHECK_THROWS_AS(log.add(report(3)), std::runtime_error);
  std::filesystem::remove(file);
  CHECK_THROWS_AS(log.add(report(3)), std::runtime_error);

  const TemporaryFolder other;
  append_raw(other.path() / "audit.jsonl", std::string(1U << 20U, 'x'));
  CHECK_THROWS_AS(AuditLog(other.path()), std::runtime_error);

  const TemporaryFolder linked;
  std::filesystem::create_symlink(other.path() / "audit.jsonl", linked.path() / "audit.jsonl");
  CHECK_THROWS_AS(AuditLog(linked.path()), std::runtime_error);
}

TEST_CASE("a path keeps its uuids, is masked as any text besides, and is bounded") {
  const std::string uuid = "019c1234-5620-8782-9003-041452eb905f";
  CHECK(audit_text(uuid) != uuid);
  CHECK(audit_path(uuid) == uuid);
  CHECK(audit_path("") == "");
  CHECK(audit_path("/") == "/");
  CHECK(audit_path("//" + uuid + "/") == "//" + uuid + "/");
  // Made here, so that no number stands in a failure's output.
  const std::string card = std::string("4") + std::string(15, '1');
  CHECK(audit_path(card + "/" + uuid) == std::string(16, 'X') + "/" + uuid);
  CHECK(audit_path("/" + uuid + "." + card).find(card) == std::string::npos);
  CHECK(audit_path(std::string(5000, '/')).size() == kMostAuditText);
  CHECK(audit_path("/\xff") == "/\xEF\xBF\xBD");
}

}  // namespace tapestry::vconout::test
