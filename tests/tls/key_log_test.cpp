#include "tls/key_log.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "tests/app/temporary_folder.h"
#include "tests/support/recording_receiver.h"

namespace tapestry::tls {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::value_of;

constexpr Time kStart(seconds(1'700'000'000));

std::string hex(std::uint8_t octet, std::size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t n = 0; n < count; ++n) {
    out += kDigits[octet >> 4U];
    out += kDigits[octet & 15U];
  }
  return out;
}
std::string line(std::uint8_t random, std::uint8_t secret = 1) {
  return "CLIENT_RANDOM " + hex(random, 32) + " " + hex(secret, 48) + "\n";
}
Random random_of(std::uint8_t octet) {
  Random random;
  random.fill(octet);
  return random;
}
/// First octet of the secret; 0: none.
int found(const KeyLog& log, std::uint8_t random) {
  const Secret* secret = log.find(KeyLabel::MasterSecret, random_of(random));
  return secret == nullptr ? 0 : secret->bytes()[0];
}
void append(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

}  // namespace

TEST_CASE("secrets are found by label and client random, the newest of a name") {
  KeyLog log;
  log.add("# comment\r\n" + line(1, 7) + "\nnonsense\n" + line(2, 8) + line(1, 9));
  CHECK(found(log, 1) == 9);
  CHECK(found(log, 2) == 8);
  CHECK(found(log, 3) == 0);
  CHECK(log.find(KeyLabel::ClientTraffic0, random_of(1)) == nullptr);
  CHECK(log.generation() == 3);
}

TEST_CASE("lines may come in pieces of any size") {
  const std::string text = line(1) + "# x\n" + line(2) + std::string(1000, 'y') + "\n" + line(3);
  for (const std::size_t size : {std::size_t{1}, std::size_t{5}, std::size_t{100}, text.size()}) {
    KeyLog log;
    for (std::size_t at = 0; at < text.size(); at += size) log.add(text.substr(at, size));
    CHECK(found(log, 1) == 1);
    CHECK(found(log, 2) == 1);
    CHECK(found(log, 3) == 1);
    CHECK(value_of(log.counters(), "keylog.malformed_lines") == 1);
  }
}

TEST_CASE("the oldest secrets go when there are too many, and are counted") {
  KeyLog log(2);
  log.add(line(1) + line(2) + line(2) + line(3));
  CHECK(found(log, 1) == 0);
  CHECK(found(log, 2) == 1);
  CHECK(found(log, 3) == 1);
  CHECK(value_of(log.counters(), "keylog.secrets_dropped") == 1);
}

TEST_CASE("a file is read at once, and again while it grows") {
  const testing::TemporaryFolder folder;
  const auto file = folder / "keys.log";
  append(file, line(1) + line(2).substr(0, 40));
  KeyLog log;
  log.watch(file);
  CHECK(found(log, 1) == 1);
  CHECK(found(log, 2) == 0);
  append(file, line(2).substr(40) + line(3));
  log.poll(kStart);
  CHECK(found(log, 2) == 1);
  CHECK(found(log, 3) == 1);
  append(file, line(4));
  log.poll(kStart + milliseconds(50));
  CHECK(found(log, 4) == 0);
  log.poll(kStart + milliseconds(100));
  CHECK(found(log, 4) == 1);
  append(file, line(5));
  log.poll(kStart - seconds(100));
  CHECK(found(log, 5) == 1);
  append(file, line(6));
  log.refresh();
  CHECK(found(log, 6) == 1);
  CHECK(log.generation() == 6);
}

TEST_CASE("a last line needs no end once the file has stopped growing") {
  const testing::TemporaryFolder folder;
  const auto file = folder / "keys.log";
  append(file, line(1).substr(0, line(1).size() - 1));
  KeyLog log;
  log.watch(file);
  log.refresh();
  CHECK(found(log, 1) == 1);
  const std::uint64_t generation = log.generation();
  for (int n = 0; n < 5; ++n) log.refresh();
  append(file, "\n");
  log.refresh();
  CHECK(log.generation() == generation);
  CHECK(value_of(log.counters(), "keylog.secrets") == 1);
}

TEST_CASE("a last line that makes no sense yet is counted once, and no more when its rest comes") {
  const testing::TemporaryFolder folder;
  const auto file = folder / "keys.log";
  append(file, line(1).substr(0, 100));
  KeyLog log;
  log.watch(file);
  for (int n = 0; n < 5; ++n) log.refresh();
  CHECK(value_of(log.counters(), "keylog.malformed_lines") == 1);
  CHECK(log.generation() == 0);
  append(file, line(1).substr(100));
  log.refresh();
  CHECK(value_of(log.counters(), "keylog.malformed_lines") == 0);
  CHECK(found(log, 1) == 1);
}

TEST_CASE("a secret that was read when half of it was written is replaced by the whole one") {
  const testing::TemporaryFolder folder;
  const auto file = folder / "keys.log";
  const std::string whole = "CLIENT_TRAFFIC_SECRET_0 " + hex(1, 32) + " " + hex(2, 48) + "\n";
  append(file, whole.substr(0, whole.size() - 33));
  KeyLog log;
  log.watch(file);
  log.refresh();
  append(file, whole.substr(whole.size() - 33));
  log.refresh();
  const Secret* secret = log.find(KeyLabel::ClientTraffic0, random_of(1));
  REQUIRE(secret != nullptr);
  CHECK(secret->bytes().size() == 48);
}

TEST_CASE("another file of the same size in the same place is read anew") {
  const testing::TemporaryFolder folder;
  const auto file = folder / "keys.log";
  append(file, line(1) + line(2));
  KeyLog log;
  log.watch(file);
  testing::write_file(file, line(3) + line(4));
  log.refresh();
  CHECK(found(log, 3) == 1);
  CHECK(found(log, 4) == 1);
  CHECK(value_of(log.counters(), "keylog.restarts") == 1);
}

TEST_CASE("a pipe is refused at once, by name") {
  const testing::TemporaryFolder folder;
  const auto file = folder / "keys.pipe";
  REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  KeyLog log;
  CHECK_THROWS_WITH(log.watch(file), Catch::Matchers::Contains("keys.pipe: the key log cannot be read: it is no"));
}

TEST_CASE("a file that was cut or replaced is read anew, and one that is gone may come back") {
  const testing::TemporaryFolder folder;
  const auto file = folder / "keys.log";
  append(file, line(1) + line(2));
  KeyLog log;
  log.watch(file);
  std::filesystem::resize_file(file, 0);
  append(file, line(3));
  log.refresh();
  CHECK(found(log, 3) == 1);
  std::filesystem::rename(file, folder / "keys.log.1");
  log.refresh();
  append(file, line(4) + line(5) + line(6));
  log.refresh();
  CHECK(found(log, 6) == 1);
  CHECK(found(log, 1) == 1);
  CHECK(value_of(log.counters(), "keylog.restarts") == 2);
}

TEST_CASE("a file that cannot be read is an error that names it") {
  const testing::TemporaryFolder folder;
  KeyLog log;
  CHECK_THROWS_WITH(log.watch(folder / "none.log"), Catch::Matchers::Contains("none.log: the key log cannot be read"));
  CHECK_THROWS_WITH(log.watch(folder.path()), Catch::Matchers::Contains("cannot be read"));
}

}  // namespace tapestry::tls
