#include "spool/master_key.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "tests/app/temporary_folder.h"

using namespace tapestry;
using namespace tapestry::spool;
using tapestry::testing::TemporaryFolder;

namespace {

void write(const std::filesystem::path& path, std::size_t length) {
  std::ofstream(path, std::ios::binary) << std::string(length, 'k');
  (void)chmod(path.c_str(), 0600);
}

}  // namespace

TEST_CASE("A master key is made once, for its owner only, and read again") {
  const TemporaryFolder folder;
  bool made = false;
  const Secret key = load_or_make_master_key(folder / "key", made);
  CHECK(made);
  struct stat found{};
  REQUIRE(stat((folder / "key").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  const bool same = load_or_make_master_key(folder / "key", made) == key;
  CHECK(same);
  CHECK_FALSE(made);
  const bool loaded = load_master_key((folder / "key").string()) == key;
  CHECK(loaded);
}

TEST_CASE("A master key of another length, or that anybody may read, is refused") {
  const TemporaryFolder folder;
  for (const std::size_t length : {0U, 31U, 33U}) {
    write(folder / "key", length);
    CHECK_THROWS_AS(load_master_key((folder / "key").string()), std::runtime_error);
  }
  write(folder / "key", 32);
  CHECK_NOTHROW(load_master_key((folder / "key").string()));
  (void)chmod((folder / "key").c_str(), 0640);
  CHECK_THROWS_AS(load_master_key((folder / "key").string()), std::runtime_error);
  CHECK_THROWS_AS(load_master_key((folder / "absent").string()), std::runtime_error);
}

TEST_CASE("systemd's credentials are found by name, and nothing else is") {
  const TemporaryFolder folder;
  write(folder / "spool", 32);
  (void)setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  CHECK_NOTHROW(load_master_key("credential:spool"));
  CHECK_THROWS_AS(load_master_key("credential:../spool"), std::runtime_error);
  CHECK_THROWS_AS(load_master_key("credential:"), std::runtime_error);
  (void)unsetenv("CREDENTIALS_DIRECTORY");
  CHECK_THROWS_AS(load_master_key("credential:spool"), std::runtime_error);
}
