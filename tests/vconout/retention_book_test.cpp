#include "vconout/retention_book.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "fixture.h"
#include "tests/support/catalog_row.h"
#include "vconout/database.h"
#include "vconout/store.h"

namespace tapestry::vconout::test {
namespace {

CatalogRow row(const std::string& uuid, const std::string& amends = {}) {
  CatalogRow row = testing::catalog_row(uuid, "vcon/2026/11/20/" + uuid + ".vcon");
  row.facts->parties.push_back({.uri = "sip:secret-name-" + uuid + "@example.com", .role = "customer"});
  row.facts->keys.push_back({"call-id", "call-" + uuid});
  row.facts->amends = amends;
  return row;
}

struct Filled {
  Filled() {
    Catalog catalog(file());
    for (const CatalogRow& one : {row("a"), row("b", "a"), row("c"), row("d", "b")}) catalog.add({&one, 1});
  }
  [[nodiscard]] std::filesystem::path file() const { return folder.path() / "catalog.sqlite"; }
  TemporaryFolder folder;
};

std::string uuids(const std::vector<NumberedRow>& rows) {
  std::string all;
  for (const NumberedRow& one : rows) all += one.row.uuid;
  return all;
}

std::vector<Deletion> deletions(const std::vector<NumberedRow>& rows) {
  std::vector<Deletion> all;
  for (const NumberedRow& one : rows) {
    all.push_back({.uuid = one.row.uuid,
                   .fingerprint = one.row.fingerprint,
                   .vcon_path = one.row.vcon_path,
                   .tombstone_path = "tombstones/" + one.row.uuid + ".json",
                   .amends = {},
                   .deleted = "2026-11-21T00:00:00Z",
                   .reason = "retention",
                   .rule = "r",
                   .who = "root"});
  }
  return all;
}

}  // namespace

TEST_CASE("what amends what is one chain, the last written first, from whichever end") {
  const Filled filled;
  const RetentionBook book(filled.file());
  for (const char* uuid : {"a", "b", "d"}) CHECK(uuids(book.chain_of(uuid)) == "dba");
  CHECK(uuids(book.chain_of("c")) == "c");
  CHECK(book.chain_of("x").empty());
}

TEST_CASE("a hold on any of a chain holds all of it, by uuid, party or key, and for each matter by itself") {
  const Filled filled;
  RetentionBook book(filled.file());
  const Hold by_uuid{.matter = "m1", .kind = "uuid", .value = "A", .who = "x", .placed = "2026-11-20T00:00:00Z"};
  CHECK(book.place(by_uuid));
  CHECK_FALSE(book.place(by_uuid));
  Hold other = by_uuid;
  other.matter = "m2";
  CHECK(book.place(other));
  CHECK(book.holds().size() == 2);
  CHECK(book.held(book.chain_of("d"))->matter == "m1");
  CHECK_FALSE(book.held(book.chain_of("c")));
  CHECK(book.release("m1", {}, {}) == 1);
  CHECK(book.held(book.chain_of("d"))->matter == "m2");
  CHECK(book.release("m2", "uuid", "other") == 0);
  CHECK(book.release("m2", "uuid", "A") == 1);
  CHECK_FALSE(book.held(book.chain_of("d")));
  CHECK(book.place({.matter = "m", .kind = "party", .value = "secret-name-c", .who = "x", .placed = "p"}));
  CHECK(book.held(book.chain_of("c")));
  CHECK(book.place({.matter = "m", .kind = "key", .value = "call-b*", .who = "x", .placed = "p"}));
  CHECK(book.held(book.chain_of("a")));
}

TEST_CASE("an intent is noted for all of a chain or for none, and not while it is held") {
  const Filled filled;
  RetentionBook book(filled.file());
  const auto chain = book.chain_of("a");
  CHECK(book.place({.matter = "m", .kind = "uuid", .value = "d", .who = "x", .placed = "p"}));
  CHECK(book.begin(chain, deletions(chain))->matter == "m");
  CHECK(book.pending().empty());
  CHECK(book.release("m", {}, {}) == 1);
  CHECK_FALSE(book.begin(chain, deletions(chain)));
  CHECK(book.pending().size() == 3);
  // A second one is an error, and changes nothing.
  CHECK_THROWS_AS(book.begin(chain, deletions(chain)), std::runtime_error);
  CHECK(book.pending().size() == 3);
  CHECK(uuids(book.ended_by(at("2026-11-21T00:00:00Z"), 0, 9)) == "c");
  // A hold that comes later stops what is not done yet.
  CHECK(book.place({.matter = "m", .kind = "uuid", .value = "a", .who = "x", .placed = "p"}));
  CHECK(book.held(book.pending().front()));
}

TEST_CASE("no intent is noted when the conversation was amended since it was looked at") {
  const Filled filled;
  RetentionBook book(filled.file());
  auto chain = book.chain_of("a");
  const auto whole = chain;
  chain.erase(chain.begin());  // as if the last one came later
  CHECK_THROWS_WITH(book.begin(chain, deletions(chain)), Catch::Matchers::Contains("just now"));
  CHECK(book.pending().empty());
  CHECK_FALSE(book.begin(whole, deletions(whole)));
}

TEST_CASE("what is deleted leaves no row, no uuid to use again, no number to use again, and no name in the file") {
  const Filled filled;
  {
    RetentionBook book(filled.file());
    const auto chain = book.chain_of("a");
    REQUIRE_FALSE(book.begin(chain, deletions(chain)));
    for (const Deletion& one : book.pending()) book.finish(one.uuid);
    CHECK(book.pending().empty());
    CHECK(book.find("b")->rule == "r");
    {
      // Whoever reads what was there before keeps it in the log.
      const Database reader(filled.file(), Database::Mode::Read);
      const Statement rows = reader.prepare("SELECT uuid FROM conversations");
      Use use(rows);
      REQUIRE(use.step());
      book.note_sweep(at("2026-11-21T00:00:00Z"));
      CHECK_FALSE(book.settle());
    }
    CHECK(book.settle());
  }
  Catalog catalog(filled.file());
  CHECK_FALSE(catalog.find("fa"));
  CHECK(catalog.find_deleted("fa") == "tombstones/a.json");
  CHECK_FALSE(catalog.find_deleted("fc"));
  CHECK(catalog.has_uuid("d"));
  const CatalogRow later = row("e");
  catalog.add({&later, 1});
  const CatalogReader reader(filled.file());
  CHECK(reader.count() == 2);
  CHECK(reader.find_tombstone("d") == "tombstones/d.json");
  std::vector<std::int64_t> numbers;
  reader.each(0, [&](std::int64_t number, const CatalogRow&) {
    numbers.push_back(number);
    return true;
  });
  CHECK(numbers == std::vector<std::int64_t>{3, 5});
  const std::string whole = slurp(filled.file());
  CHECK(whole.find("secret-name-a@") == std::string::npos);
  CHECK(whole.find("secret-name-d@") == std::string::npos);
}

TEST_CASE("the last sweep is remembered, and conversations are listed by when they ended") {
  const Filled filled;
  RetentionBook book(filled.file());
  CHECK_FALSE(book.last_sweep());
  book.note_sweep(at("2026-11-20T08:00:00Z"));
  book.note_sweep(at("2026-11-21T08:00:00Z"));
  CHECK(book.last_sweep() == at("2026-11-21T08:00:00Z"));
  CHECK(book.ended_by(at("2026-11-20T08:00:59Z"), 0, 9).empty());
  CHECK(book.ended_by(at("2026-11-20T08:01:00Z"), 0, 9).size() == 4);
  CHECK(uuids(book.ended_by(at("2026-11-20T08:01:00Z"), 2, 1)) == "c");
}

TEST_CASE("where the next sweep begins is remembered, and is the start before any gave up") {
  const Filled filled;
  {
    RetentionBook book(filled.file());
    CHECK(book.next_begin() == 0);
    book.note_next_begin(4'000'000'000);
  }
  RetentionBook book(filled.file());
  CHECK(book.next_begin() == 4'000'000'000);
  book.note_next_begin(0);
  CHECK(book.next_begin() == 0);
}

}  // namespace tapestry::vconout::test
