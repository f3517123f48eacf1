#include "web/access_log.h"

#include <sys/stat.h>
#include <unistd.h>

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
          .status = status,
          .stranger = who.empty()};
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

TEST_CASE("whoever has no role is a stranger, whatever certificate or unknown token was shown") {
  const testing::TemporaryFolder folder;
  AccessLog log(folder.path());
  Access one = access("CN=somebody", 401);
  one.by = "certificate";
  one.stranger = true;
  for (std::uint64_t n = 0; n < kMostStrangersPerSecond + 5; ++n) log.add(one);
  CHECK(lines_of(folder / "access.jsonl").size() == kMostStrangersPerSecond);
}

TEST_CASE("strangers who come slowly cannot fill the disk either") {
  const testing::TemporaryFolder folder;
  AccessLog log(folder.path());
  Access one = access("", 401);
  for (std::uint64_t n = 0; n < kMostStrangersPerHour + 7; ++n) {
    log.add(one);
    one.time += std::chrono::seconds(1);
  }
  one.time += std::chrono::hours(1);
  log.add(one);
  const auto lines = lines_of(folder / "access.jsonl");
  REQUIRE(lines.size() == kMostStrangersPerHour + 1);
  CHECK(lines.back()["unlogged"] == 7);
}

TEST_CASE("a uuid in a path is told by its form, and its digits are no card's number") {
  const testing::TemporaryFolder folder;
  AccessLog log(folder.path());
  const std::string uuid = "019c1234-5620-8782-9003-041452eb905f";
  // Made here, so that no number stands in a failure's output.
  const std::string card = std::string("4") + std::string(15, '1');
  Access one = access("player", 200);
  one.path = "/media/" + uuid + "/" + card + "/" + uuid + ".ogg";
  log.add(one);
  const std::string path = lines_of(folder / "access.jsonl").front()["path"];
  CHECK(path.starts_with("/media/" + uuid + "/XXXXXXXXXXXXXXXX/"));
}

TEST_CASE("both users that write an access log may, whatever their umask") {
  const testing::TemporaryFolder folder;
  const auto file = folder / "access.jsonl";
  const mode_t mask = ::umask(0077);
  AccessLog(folder.path()).add(access("player", 200));
  ::umask(mask);
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::mask) ==
        static_cast<std::filesystem::perms>(0660));
  std::filesystem::permissions(file, static_cast<std::filesystem::perms>(0600));
  AccessLog(folder.path()).add(access("player", 200));
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::mask) ==
        static_cast<std::filesystem::perms>(0660));
}

TEST_CASE("an access log that root makes, or made, is its folder's owner's") {
  if (::geteuid() != 0) {
    WARN("only root can give files away");
    return;
  }
  const testing::TemporaryFolder folder;
  const auto file = folder / "audit/access.jsonl";
  const auto is_given = [&file] {
    struct stat status{};
    return ::stat(file.c_str(), &status) == 0 && status.st_uid == 12345 && status.st_gid == 23456;
  };
  REQUIRE(::chown(folder.path().c_str(), 12345, 23456) == 0);
  AccessLog(folder / "audit").add(access("player", 200));
  CHECK(is_given());
  REQUIRE(::chown(file.c_str(), 0, 0) == 0);
  AccessLog(folder / "audit").add(access("player", 200));
  CHECK(is_given());
  // What is of a third user stays so.
  REQUIRE(::chown(file.c_str(), 777, 777) == 0);
  AccessLog(folder / "audit").add(access("player", 200));
  CHECK_FALSE(is_given());
}

}  // namespace tapestry::web
