#include "vconout/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

namespace fs = std::filesystem;

TEST_CASE("folders are made at any depth, a second time too, with a slash at the end or none") {
  const TemporaryFolder folder;
  make_folders(folder.path() / "a" / "b" / "c");
  make_folders(folder.path() / "a" / "b" / "c");
  make_folders((folder.path() / "d" / "e").string() + "/");
  CHECK(fs::is_directory(folder.path() / "a" / "b" / "c"));
  CHECK(fs::is_directory(folder.path() / "d" / "e"));
  make_folders(".");
}

TEST_CASE("a link to a folder serves as one, a file does not") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "real");
  fs::create_directory_symlink(folder.path() / "real", folder.path() / "link");
  make_folders(folder.path() / "link" / "below");
  CHECK(fs::is_directory(folder.path() / "real" / "below"));
  spill(folder.path() / "file", "");
  CHECK_THROWS_WITH(make_folders(folder.path() / "file"), Catch::Contains("file"));
  CHECK_THROWS_WITH(make_folders(folder.path() / "file" / "below"), Catch::Contains("file"));
}

TEST_CASE("a file is read whole, and one that is not there is an error with its name and reason") {
  const TemporaryFolder folder;
  const std::string text(100'000, 'x');
  spill(folder.path() / "long", text);
  CHECK(read_text(folder.path() / "long") == text);
  CHECK_THROWS_WITH(read_text(folder.path() / "none"), Catch::Contains("none") && Catch::Contains("No such file"));
  CHECK_THROWS_AS(read_text(folder.path()), std::system_error);
}

TEST_CASE("a full device is an error, not a short file") {
  File full("/dev/full", O_WRONLY);
  CHECK_THROWS_WITH(full.write("text"), Catch::Contains("/dev/full"));
}

TEST_CASE("a bare name lies in the working folder") {
  CHECK(folder_of("name") == ".");
  CHECK(folder_of("a/name") == "a");
}

TEST_CASE("folders that root makes in somebody's folder are that one's, and those in root's own are root's") {
  if (::geteuid() != 0) {
    WARN("only root can give folders away");
    return;
  }
  const auto owner = [](const fs::path& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return std::pair(status.st_uid, status.st_gid);
  };
  const TemporaryFolder folder;
  make_folders(folder.path() / "mine" / "below");
  CHECK(owner(folder.path() / "mine" / "below").first == 0);
  REQUIRE(::chown((folder.path() / "mine").c_str(), 12345, 23456) == 0);
  make_folders(folder.path() / "mine" / "a" / "b");
  CHECK(owner(folder.path() / "mine" / "a") == std::pair<::uid_t, ::gid_t>(12345, 23456));
  CHECK(owner(folder.path() / "mine" / "a" / "b") == std::pair<::uid_t, ::gid_t>(12345, 23456));
  CHECK(owner(folder.path() / "mine" / "below").first == 0);
}

}  // namespace tapestry::vconout::test
