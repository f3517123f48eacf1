#include "vconout/new_file.h"

#include <catch2/catch.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

namespace fs = std::filesystem;

TEST_CASE("a new file is not seen before it is placed, and goes away unless it is kept") {
  const TemporaryFolder folder;
  const fs::path target = folder.path() / "a.pem";
  {
    NewFile file(target, "text", 0600);
    CHECK_FALSE(fs::exists(target));
    file.place();
    CHECK(slurp(target) == "text");
  }
  CHECK(fs::is_empty(folder.path()));
  {
    NewFile file(target, "text", 0600);
    file.place();
    file.keep();
  }
  CHECK(fs::exists(target));
}

TEST_CASE("a new file never takes a name that another has") {
  const TemporaryFolder folder;
  const fs::path target = folder.path() / "a.pem";
  {
    NewFile file(target, "new", 0600);
    spill(target, "old");
    CHECK_THROWS_AS(file.place(), std::runtime_error);
  }
  CHECK(slurp(target) == "old");
  fs::remove(target);
  CHECK(fs::is_empty(folder.path()));
}

}  // namespace tapestry::vconout::test
