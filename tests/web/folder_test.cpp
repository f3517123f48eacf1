#include "web/folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"

namespace tapestry::web {

namespace fs = std::filesystem;

TEST_CASE("a safe path has only names that are shown") {
  CHECK(is_safe_path("a"));
  CHECK(is_safe_path("2026/11/20/019f15a6-a752-826f-bb82-041452eb905f/agent-1001.ogg"));
  for (const char* path :
       {"", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.b", ".a", "a\\b", "a\nb", "a/./b", "../a"}) {
    INFO(path);
    CHECK_FALSE(is_safe_path(path));
  }
  CHECK_FALSE(is_safe_path(std::string_view("a\0b", 3)));
  CHECK_FALSE(is_safe_path(std::string(kMostPath + 1, 'a')));
  std::string deep = "a";
  for (std::size_t n = 0; n < kMostNames; ++n) deep += "/a";
  CHECK_FALSE(is_safe_path(deep));
}

TEST_CASE("only regular files below the folder are opened, and none through a link") {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "media/2026");
  fs::create_directories(folder / "keys");
  testing::write_file(folder / "media/2026/a.ogg", "audio");
  testing::write_file(folder / "media/.hidden", "x");
  testing::write_file(folder / "keys/key.pem", "secret");
  fs::create_symlink(folder / "keys/key.pem", folder / "media/2026/link.ogg");
  fs::create_directory_symlink(folder / "keys", folder / "media/linked");
  fs::create_directory_symlink(folder / "media/2026", folder / "media/inside");
  REQUIRE(mkfifo((folder / "media/pipe").c_str(), 0600) == 0);
  const fs::path media = folder / "media";
  CHECK(open_below(media, "2026/a.ogg"));
  for (const char* path : {"2026", "2026/b.ogg", "2026/a.ogg/x", ".hidden", "2026/link.ogg", "linked/key.pem",
                           "inside/a.ogg", "../keys/key.pem", "pipe", "nothing/a.ogg"}) {
    INFO(path);
    CHECK_FALSE(open_below(media, path));
  }
  CHECK_FALSE(open_below(folder / "none", "a"));
  CHECK(open_below(media / "inside", "a.ogg"));
}

}  // namespace tapestry::web
