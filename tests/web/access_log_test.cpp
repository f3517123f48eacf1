#include "web/access_log.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/app/temporary_folder.h"

namespace tapestry::web {
namespace {

Access access(const std::string& who, unsigned status) {
  return {.time = *from_rfc3339("2026-11-20T08:00:00Z"),
          .who = who,
          .by = who.empty() ? "nothing" : "token",
          .peer = "192.0.2.7",
          .method = "GET",
          .path = "/media/a\nb",
          .range = "bytes=0-",
          .status = status};
}

std::vector<nlohmann::json> lines_of(const std::filesystem::path& file) {
  std::istringstream text(testing::read_file(file));
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

}  // namespace

TEST_CASE("an access log is a chain of its own") {
  const testing::TemporaryFolder folder;
  AccessLog log(folder / "audit");
  CHECK_FALSE(std::filesystem::exists(folder / "audit"));
  log.add(access("player", 206));
  log.add(access("", 401));
  const auto lines = lines_of(folder / "audit/access.jsonl");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0]["seq"] == 1);
  CHECK(lines[0]["who"] == "player");
  CHECK(lines[0]["by"] == "token");
  CHECK(lines[0]["path"] == "/media/a\nb");
  CHECK(lines[0]["range"] == "bytes=0-");
  CHECK(lines[0]["status"] == 206);
  CHECK(lines[0]["unlogged"] == 0);
  CHECK(lines[1]["previous"] != lines[0]["previous"]);
}

TEST_CASE("strangers cannot fill the disk: beyond a bound they are counted, and the next line tells") {
  const testing::TemporaryFolder folder;
  AccessLog log(folder.path());
  for (std::uint64_t n = 0; n < kMostStrangersPerSecond + 5; ++n) log.add(access("", 401));
  log.add(access("player", 200));
  Access later = access("", 401);
  later.time += std::chrono::seconds(1);
  log.add(later);
  const auto lines = lines_of(folder / "access.jsonl");
  REQUIRE(lines.size() == kMostStrangersPerSecond + 2);
  CHECK(lines[kMostStrangersPerSecond]["unlogged"] == 5);
  CHECK(lines.back()["unlogged"] == 0);
}

}  // namespace tapestry::web
