#include "app/catalog_index.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <stdexcept>

#include "tests/app/temporary_folder.h"
#include "tests/support/catalog_row.h"
#include "vconout/catalog.h"

using namespace tapestry;
namespace fs = std::filesystem;

namespace {

constexpr const char* kUuid = "019c1234-5620-8782-9003-041452eb905f";

/// A row that nobody looked at yet.
void add_untold(const fs::path& out, const fs::path& vcon) {
  vconout::Catalog catalog(out / "catalog.sqlite");
  vconout::CatalogRow row = testing::catalog_row(kUuid, vcon.string());
  row.facts.reset();
  catalog.add({&row, 1});
}

}  // namespace

TEST_CASE("What cannot be read just now is not taken for read") {
  const testing::TemporaryFolder folder;
  const fs::path vcon = fs::path("vcon/2026/11/20") / (std::string(kUuid) + ".vcon");
  add_untold(folder.path(), vcon);
  // The folder is not mounted.
  CHECK_THROWS_AS(app::index_catalog(folder.path()), std::runtime_error);
  // It is, and a folder on the way leads round in circles, which the system refuses.
  fs::create_directories(folder / "vcon/2026/11");
  fs::create_symlink("20", folder / "vcon/2026/11/20");
  CHECK_THROWS_AS(app::index_catalog(folder.path()), std::runtime_error);
  // It was taken away.
  fs::remove(folder / "vcon/2026/11/20");
  CHECK(app::index_catalog(folder.path()) == 1);
  CHECK(app::index_catalog(folder.path()) == 0);
}
