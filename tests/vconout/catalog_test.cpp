#include "vconout/catalog.h"

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <thread>

#include "fixture.h"
#include "vconout/catalog_search.h"

namespace tapestry::vconout::test {
namespace {

CatalogRow row() {
  return {.uuid = std::string(kUuid),
          .fingerprint = "f1",
          .vcon_path = "vcon/2026/11/20/x.vcon",
          .start = "2026-11-20T08:00:00Z",
          .duration = 4.25,
          .parties = "sip:a@example.com sip:'; DROP TABLE conversations; --@example.com",
          .agents = "sip:a@example.com",
          .disposition = "answered",
          .recordings = 1,
          .gaps = 3};
}

/// What the program before this version left.
void make_old(const std::filesystem::path& file, int rows) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  std::string sql =
      "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS conversations ("
      " id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL UNIQUE, vcon_path TEXT NOT NULL,"
      " start TEXT NOT NULL, duration REAL NOT NULL, parties TEXT NOT NULL, agents TEXT NOT NULL,"
      " disposition TEXT NOT NULL, recordings INTEGER NOT NULL, gaps INTEGER NOT NULL); PRAGMA user_version = 1;";
  for (int n = 1; n <= rows; ++n) {
    const std::string number = std::to_string(n);
    sql +=
        "INSERT INTO conversations (uuid, fingerprint, vcon_path, start, duration, parties, agents, disposition,"
        " recordings, gaps) VALUES ('u" +
        number + "', 'f" + number +
        "', 'vcon/2026/11/20/x.vcon',"
        " '2026-11-20T08:00:00Z', 4.25, 'sip:a@example.com sip:''; DROP TABLE conversations; --@example.com',"
        " 'sip:a@example.com', 'answered', 1, 3);";
  }
  CHECK(sqlite3_exec(database, (sql + "COMMIT;").c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

void add(Catalog& catalog, const CatalogRow& row) { catalog.add({&row, 1}); }

}  // namespace

TEST_CASE("what the catalog was given is there when it is opened again") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "out" / "catalog.sqlite";
  {
    Catalog catalog(file);
    CHECK_FALSE(catalog.find("f1"));
    add(catalog, row());
  }
  const Catalog catalog(file);
  const auto found = catalog.find("f1");
  REQUIRE(found);
  CHECK(found->uuid == kUuid);
  CHECK(found->vcon_path == row().vcon_path);
  CHECK(found->start == row().start);
  CHECK(found->duration == 4.25);
  CHECK(found->parties == row().parties);
  CHECK(found->agents == row().agents);
  CHECK(found->disposition == "answered");
  CHECK(found->recordings == 1);
  CHECK(found->gaps == 3);
  CHECK(catalog.has_uuid(std::string(kUuid)));
  CHECK_FALSE(catalog.has_uuid("other"));
  CHECK_FALSE(catalog.find("f2"));
}

TEST_CASE("neither uuid nor fingerprint comes twice, and the catalog stays usable") {
  const TemporaryFolder folder;
  Catalog catalog(folder.path() / "catalog.sqlite");
  add(catalog, row());
  auto same_uuid = row();
  same_uuid.fingerprint = "f2";
  CHECK_THROWS_WITH(add(catalog, same_uuid), Catch::Contains("catalog.sqlite"));
  auto same_fingerprint = row();
  same_fingerprint.uuid = "u2";
  CHECK_THROWS_AS(add(catalog, same_fingerprint), std::runtime_error);
  same_uuid.uuid = "u2";
  add(catalog, same_uuid);
  CHECK(catalog.find("f2")->uuid == "u2");
}

TEST_CASE("of rows that are added together all are there or none") {
  const TemporaryFolder folder;
  Catalog catalog(folder.path() / "catalog.sqlite");
  std::vector<CatalogRow> rows(2, row());
  CHECK_THROWS_AS(catalog.add(rows), std::runtime_error);
  CHECK_FALSE(catalog.find("f1"));
  rows[1].uuid = "u2";
  rows[1].fingerprint = "f2";
  catalog.add(rows);
  CHECK(catalog.find("f1"));
  CHECK(catalog.find("f2"));
  catalog.add({});
}

TEST_CASE("two catalogs on one file see each other's rows") {
  const TemporaryFolder folder;
  Catalog one(folder.path() / "catalog.sqlite");
  const Catalog two(folder.path() / "catalog.sqlite");
  add(one, row());
  CHECK(two.find("f1"));
}

TEST_CASE("a file that is no catalog, or of a newer program, is an error that names it") {
  const TemporaryFolder folder;
  spill(folder.path() / "text", std::string(4096, 'x'));
  CHECK_THROWS_WITH(Catalog(folder.path() / "text"), Catch::Contains("text"));
  const auto file = folder.path() / "newer.sqlite";
  {
    const Catalog made(file);
  }
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, "PRAGMA user_version = 3", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
  CHECK_THROWS_WITH(Catalog(file), Catch::Contains("newer"));
}

TEST_CASE("a reader sees a catalog's rows in their order, also those that are added meanwhile") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "catalog.sqlite";
  CHECK_THROWS_AS(CatalogReader(file), std::runtime_error);
  Catalog catalog(file);
  const CatalogReader reader(file);
  CHECK(reader.count() == 0);
  for (int n = 1; n <= 3; ++n) {
    CatalogRow one = row();
    one.uuid = "u" + std::to_string(n);
    one.fingerprint = "f" + std::to_string(n);
    add(catalog, one);
  }
  CHECK(reader.count() == 3);
  REQUIRE(reader.find_uuid("u2"));
  CHECK(reader.find_uuid("u2")->fingerprint == "f2");
  CHECK(reader.find_uuid("u2")->parties == row().parties);
  CHECK_FALSE(reader.find_uuid("u4"));
  std::vector<std::string> seen;
  std::int64_t last = 0;
  const auto see = [&](std::int64_t number, const CatalogRow& found) {
    CHECK(number > last);
    last = number;
    seen.push_back(found.uuid);
    return seen.size() != 2;
  };
  reader.each(0, see);
  CHECK(seen == std::vector<std::string>{"u1", "u2"});
  reader.each(last, see);
  CHECK(seen == std::vector<std::string>{"u1", "u2", "u3"});
}

TEST_CASE("a catalog of version 1 is brought to this one, with its rows, their order, and tables to search them by") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "catalog.sqlite";
  make_old(file, 3);
  {
    const CatalogReader reader(file);  // a server may be the first of the newer programs
    CHECK(reader.count() == 3);
    CHECK_FALSE(reader.find_tombstone("u1"));
    Catalog catalog(file);
    CHECK(catalog.find("f2")->parties == row().parties);
    const auto untold = catalog.untold(2);
    REQUIRE(untold.size() == 2);
    CHECK(untold[1].row.uuid == "u2");
    CHECK(reader.count() == 3);
    CHECK_FALSE(reader.find_tombstone("u1"));
    CatalogFacts facts;
    facts.keys.push_back({"call-id", "c-1"});
    catalog.tell(std::span(untold).first(1), {&facts, 1});
    CHECK(catalog.untold(9).size() == 2);
  }
  std::vector<std::string> found;
  CHECK_FALSE(search(file, {.agent = "a@EXAMPLE.com"}, [&](const FoundConversation& one) {
    found.push_back(one.row.row.uuid);
    CHECK(one.row.number == static_cast<std::int64_t>(4 - found.size()));
  }));
  CHECK(found == std::vector<std::string>{"u3", "u2", "u1"});
  found.clear();
  (void)search(file, {.key = "C-*"}, [&](const FoundConversation& one) { found.push_back(one.row.row.uuid); });
  CHECK(found == std::vector<std::string>{"u1"});
}

TEST_CASE("two programs that bring a catalog to this version at once do it once") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "catalog.sqlite";
  make_old(file, 200);
  std::vector<std::jthread> threads;
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&] { const Catalog catalog(file); });
  }
  threads.clear();
  CHECK(CatalogReader(file).count() == 200);
}

TEST_CASE("a closed catalog leaves what a reader without the right to write needs") {
  const TemporaryFolder folder;
  {
    Catalog catalog(folder.path() / "catalog.sqlite");
    add(catalog, row());
  }
  CHECK(std::filesystem::exists(folder.path() / "catalog.sqlite-wal"));
  CHECK(std::filesystem::exists(folder.path() / "catalog.sqlite-shm"));
  CHECK(CatalogReader(folder.path() / "catalog.sqlite").count() == 1);
}

TEST_CASE("a reader refuses a file that is no catalog") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "catalog.sqlite";
  spill(file, "this is no database, though it is long enough to be looked at as if it were one");
  CHECK_THROWS_AS(CatalogReader(file), std::runtime_error);
}

}  // namespace tapestry::vconout::test
