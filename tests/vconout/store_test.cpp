#include "vconout/store.h"

#include <catch2/catch.hpp>
#include <iterator>

#include "fixture.h"

namespace tapestry::vconout::test {
namespace {

namespace fs = std::filesystem;

std::ptrdiff_t entries(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("a content hash is sha512 and unpadded base64url, of files longer than a block too") {
  const TemporaryFolder folder;
  spill(folder.path() / "abc", "abc");
  CHECK(content_hash(folder.path() / "abc") ==
        "sha512-3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_BqDa6PCOj_uu9RU1EI2Q86A4qmslPpUyknw");
  spill(folder.path() / "million", std::string(1'000'000, 'a'));
  CHECK(content_hash(folder.path() / "million") ==
        "sha512-5xhIPQznaWROLkLHvBW0Y44fmLE7IEQoVjKoA6-pc-veD_JEh36mCkywQyzld8Mb6wCcXCxJqi5OrbIXrYzAmw");
  CHECK_THROWS_AS(content_hash(folder.path() / "none"), std::runtime_error);
}

TEST_CASE("a file is written whole, folders and all, over one that is there") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "2026" / "11" / "20" / "a.vcon";
  write_whole(path, "one");
  write_whole(path, "two");
  CHECK(slurp(path) == "two");
  CHECK(entries(path.parent_path()) == 1);
}

TEST_CASE("a write that fails leaves nothing behind") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "taken" / "full");
  CHECK_THROWS_AS(write_whole(folder.path() / "taken", "text"), std::runtime_error);
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a file in a folder's place is an error that names it") {
  const TemporaryFolder folder;
  spill(folder.path() / "file", "x");
  CHECK_THROWS_WITH(write_whole(folder.path() / "file" / "a.vcon", "text"), Catch::Contains("file"));
  CHECK_THROWS_AS(write_whole(folder.path() / "file" / "b" / "a.vcon", "text"), std::runtime_error);
  CHECK(slurp(folder.path() / "file") == "x");
}

TEST_CASE("a file moves into place, folders are made, and the old name is gone") {
  const TemporaryFolder folder;
  spill(folder.path() / "spool.tmp", "audio");
  const fs::path target = folder.path() / "media" / "2026" / "x.ogg";
  move_into_place(folder.path() / "spool.tmp", target);
  CHECK(slurp(target) == "audio");
  CHECK_FALSE(fs::exists(folder.path() / "spool.tmp"));
  CHECK_THROWS_AS(move_into_place(folder.path() / "none", target), std::runtime_error);
  CHECK(slurp(target) == "audio");
}

}  // namespace tapestry::vconout::test
