#include "vconout/retention_book.h"

#include <algorithm>
#include <charconv>

#include "vconout/catalog_schema.h"
#include "vconout/catalog_search.h"

namespace tapestry::vconout {
namespace {

constexpr const char* kRows =
    "SELECT c.uuid, c.fingerprint, c.vcon_path, c.start, c.duration, c.parties, c.agents, c.disposition, c.recordings,"
    " c.gaps, c.id FROM conversations c ";
constexpr const char* kEnded =
    "WHERE c.id > ?1 AND c.ended <= ?2 AND c.uuid NOT IN (SELECT uuid FROM deletions WHERE done = 0)"
    " ORDER BY c.id LIMIT ?3";
constexpr const char* kChain =
    "WITH RECURSIVE chain(uuid, amends) AS ("
    " SELECT uuid, amends FROM conversations WHERE uuid = ?1"
    " UNION SELECT c.uuid, c.amends FROM chain JOIN conversations c ON c.uuid = chain.amends OR c.amends = chain.uuid)";
constexpr const char* kDeletions =
    "SELECT uuid, fingerprint, vcon_path, tombstone_path, amends, deleted, reason, rule, who FROM deletions ";
constexpr const char* kLastSweep = "last sweep";
constexpr const char* kNextBegin = "next sweep begins behind";

NumberedRow row_of(const Use& use) { return {.number = use.number(10), .row = catalog_row_of(use)}; }

Deletion deletion_of(const Use& use) {
  return {.uuid = use.text(0),
          .fingerprint = use.text(1),
          .vcon_path = use.text(2),
          .tombstone_path = use.text(3),
          .amends = use.text(4),
          .deleted = use.text(5),
          .reason = use.text(6),
          .rule = use.text(7),
          .who = use.text(8)};
}

}  // namespace

struct BookTables {
  explicit BookTables(const std::filesystem::path& file) : owner(open_catalog(file)), database(*owner) {}

  std::unique_ptr<Database> owner;
  const Database& database;
  RowWriter writer{database};
  FactsReader facts{database};
  Statement ended = database.prepare(std::string(kRows) + kEnded);
  Statement chain =
      database.prepare(std::string(kChain) + kRows + "WHERE c.uuid IN (SELECT uuid FROM chain) ORDER BY c.id DESC");
  Statement holds = database.prepare("SELECT matter, kind, value, who, placed FROM holds ORDER BY id");
  Statement place =
      database.prepare("INSERT OR IGNORE INTO holds (matter, kind, value, who, placed) VALUES (?1, ?2, ?3, ?4, ?5)");
  Statement release_one = database.prepare("DELETE FROM holds WHERE matter = ?1 AND kind = ?2 AND value = ?3");
  Statement release_all = database.prepare("DELETE FROM holds WHERE matter = ?1");
  Statement begin = database.prepare("INSERT INTO deletions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)");
  Statement pending = database.prepare(std::string(kDeletions) + "WHERE done = 0 ORDER BY rowid");
  Statement find = database.prepare(std::string(kDeletions) + "WHERE uuid = ?1");
  Statement done = database.prepare("UPDATE deletions SET done = 1 WHERE uuid = ?1");
  Statement number = database.prepare("SELECT id FROM conversations WHERE uuid = ?1");
  Statement note = database.prepare("INSERT OR REPLACE INTO notes VALUES (?1, ?2)");
  Statement noted = database.prepare("SELECT value FROM notes WHERE name = ?1");
};

bool covers(const Hold& hold, const std::string& uuid, const CatalogFacts& facts) {
  if (hold.kind == "uuid") return matches(hold.value, uuid);
  if (hold.kind == "key") {
    return matches(hold.value, uuid) ||
           std::ranges::any_of(facts.keys, [&](const NamedFact& key) { return matches(hold.value, key.value); });
  }
  const std::vector<std::string> patterns = uri_patterns(hold.value);
  return std::ranges::any_of(facts.parties, [&](const PartyFact& party) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return matches(pattern, party.uri); });
  });
}

RetentionBook::RetentionBook(const std::filesystem::path& catalog) : tables_(std::make_unique<BookTables>(catalog)) {}

RetentionBook::~RetentionBook() = default;

bool RetentionBook::place(const Hold& hold) {
  Use use(tables_->place);
  use.bind(hold.matter).bind(hold.kind).bind(hold.value).bind(hold.who).bind(hold.placed).step();
  return tables_->database.changes() != 0;
}

std::size_t RetentionBook::release(const std::string& matter, const std::string& kind, const std::string& value) {
  Use use(kind.empty() ? tables_->release_all : tables_->release_one);
  use.bind(matter);
  if (!kind.empty()) use.bind(kind).bind(value);
  use.step();
  return static_cast<std::size_t>(tables_->database.changes());
}

std::vector<Hold> RetentionBook::holds() const {
  std::vector<Hold> all;
  Use use(tables_->holds);
  while (use.step()) {
    all.push_back(
        {.matter = use.text(0), .kind = use.text(1), .value = use.text(2), .who = use.text(3), .placed = use.text(4)});
  }
  return all;
}

std::optional<Hold> RetentionBook::held(std::span<const NumberedRow> rows) const {
  const std::vector<Hold> all = holds();
  if (all.empty()) return std::nullopt;
  for (const NumberedRow& row : rows) {
    const CatalogFacts facts = facts_of(row.number);
    const auto found = std::ranges::find_if(all, [&](const Hold& hold) { return covers(hold, row.row.uuid, facts); });
    if (found != all.end()) return *found;
  }
  return std::nullopt;
}

std::vector<NumberedRow> RetentionBook::ended_by(Time time, std::int64_t after, std::size_t most) const {
  std::vector<NumberedRow> found;
  Use use(tables_->ended);
  use.bind(after).bind(std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count());
  use.bind(static_cast<std::int64_t>(most));
  while (use.step()) found.push_back(row_of(use));
  return found;
}

CatalogFacts RetentionBook::facts_of(std::int64_t number) const { return tables_->facts.of(number); }

std::vector<NumberedRow> RetentionBook::chain_of(const std::string& uuid) const {
  std::vector<NumberedRow> found;
  Use use(tables_->chain);
  use.bind(uuid);
  while (use.step()) found.push_back(row_of(use));
  return found;
}

std::optional<Hold> RetentionBook::begin(std::span<const NumberedRow> rows, std::span<const Deletion> deletions) {
  // Whoever places a hold waits for the end of this, or is seen.
  Transaction transaction(tables_->database);
  if (auto hold = held(rows)) return hold;
  const auto same = [](const NumberedRow& one, const NumberedRow& other) { return one.number == other.number; };
  if (!rows.empty() && !std::ranges::equal(rows, chain_of(rows.front().row.uuid), same))
    throw std::runtime_error("what amends " + rows.front().row.uuid + " came or went just now");
  for (const Deletion& one : deletions) {
    Use use(tables_->begin);
    use.bind(one.uuid).bind(one.fingerprint).bind(one.vcon_path).bind(one.tombstone_path).bind_or_null(one.amends);
    use.bind(one.deleted).bind(one.reason).bind(one.rule).bind(one.who).step();
  }
  transaction.commit();
  return std::nullopt;
}

std::vector<Deletion> RetentionBook::pending() const {
  std::vector<Deletion> all;
  Use use(tables_->pending);
  while (use.step()) all.push_back(deletion_of(use));
  return all;
}

std::optional<Deletion> RetentionBook::find(const std::string& uuid) const {
  Use use(tables_->find);
  if (!use.bind(uuid).step()) return std::nullopt;
  return deletion_of(use);
}

std::optional<Hold> RetentionBook::held(const Deletion& pending) const { return held(chain_of(pending.uuid)); }

void RetentionBook::finish(const std::string& uuid) {
  Transaction transaction(tables_->database);
  {
    Use number(tables_->number);
    if (number.bind(uuid).step()) tables_->writer.remove(number.number(0));
  }
  {
    Use done(tables_->done);
    done.bind(uuid).step();
  }
  transaction.commit();
}

bool RetentionBook::settle() {
  const Statement checkpoint = tables_->database.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  Use use(checkpoint);
  return use.step() && use.number(0) == 0;
}

std::optional<Time> RetentionBook::last_sweep() const {
  Use use(tables_->noted);
  if (!use.bind(kLastSweep).step()) return std::nullopt;
  return from_rfc3339(use.text(0));
}

void RetentionBook::note_sweep(Time now) {
  const std::string text = to_rfc3339(now);
  Use use(tables_->note);
  use.bind(kLastSweep).bind(text).step();
}

std::int64_t RetentionBook::next_begin() const {
  Use use(tables_->noted);
  if (!use.bind(kNextBegin).step()) return 0;
  const std::string text = use.text(0);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::max(number, std::int64_t{0});
}

void RetentionBook::note_next_begin(std::int64_t number) {
  const std::string text = std::to_string(number);
  Use use(tables_->note);
  use.bind(kNextBegin).bind(text).step();
}

}  // namespace tapestry::vconout
