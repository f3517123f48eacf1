#include "vconout/catalog_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/time.h"
#include "vconout/file.h"

namespace tapestry::vconout {
namespace {

// What is deleted is overwritten: names of people must not stay in free pages.
constexpr const char* kPragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = ON;";

// AUTOINCREMENT: the number of a conversation that is deleted never comes again, for lists are read on behind numbers.
// `began` and `ended` are microseconds since 1970, for texts of RFC 3339 do not sort.
constexpr const char* kTables =
    "CREATE TABLE conversations ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " uuid TEXT NOT NULL UNIQUE,"
    " fingerprint TEXT NOT NULL UNIQUE,"
    " vcon_path TEXT NOT NULL,"
    " start TEXT NOT NULL,"
    " duration REAL NOT NULL,"
    " parties TEXT NOT NULL,"
    " agents TEXT NOT NULL,"
    " disposition TEXT NOT NULL,"
    " recordings INTEGER NOT NULL,"
    " gaps INTEGER NOT NULL,"
    " began INTEGER NOT NULL,"
    " ended INTEGER NOT NULL,"
    " amends TEXT,"
    " told INTEGER NOT NULL);"
    "CREATE INDEX conversations_began ON conversations (began);"
    "CREATE INDEX conversations_ended ON conversations (ended);"
    "CREATE INDEX conversations_amends ON conversations (amends) WHERE amends IS NOT NULL;"
    "CREATE INDEX conversations_untold ON conversations (id) WHERE told = 0;"
    "CREATE TABLE parties (conversation INTEGER NOT NULL, uri TEXT NOT NULL COLLATE NOCASE, role TEXT NOT NULL,"
    " recorded INTEGER NOT NULL);"
    "CREATE INDEX parties_uri ON parties (uri);"
    "CREATE INDEX parties_conversation ON parties (conversation);"
    "CREATE TABLE keys (conversation INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL COLLATE NOCASE);"
    "CREATE INDEX keys_value ON keys (value);"
    "CREATE INDEX keys_conversation ON keys (conversation);"
    "CREATE TABLE labels (conversation INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL COLLATE NOCASE);"
    "CREATE INDEX labels_value ON labels (value);"
    "CREATE INDEX labels_conversation ON labels (conversation);"
    "CREATE TABLE gap_reasons (conversation INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,"
    " seconds REAL NOT NULL);"
    "CREATE INDEX gap_reasons_reason ON gap_reasons (reason);"
    "CREATE INDEX gap_reasons_conversation ON gap_reasons (conversation);"
    "CREATE TABLE holds (id INTEGER PRIMARY KEY AUTOINCREMENT, matter TEXT NOT NULL, kind TEXT NOT NULL,"
    " value TEXT NOT NULL, who TEXT NOT NULL, placed TEXT NOT NULL, UNIQUE (matter, kind, value));"
    "CREATE TABLE deletions ("
    " uuid TEXT PRIMARY KEY,"
    " fingerprint TEXT NOT NULL UNIQUE,"
    " vcon_path TEXT NOT NULL,"
    " tombstone_path TEXT NOT NULL,"
    " amends TEXT,"
    " deleted TEXT NOT NULL,"
    " reason TEXT NOT NULL,"
    " rule TEXT NOT NULL,"
    " who TEXT NOT NULL,"
    " done INTEGER NOT NULL);"
    "CREATE INDEX deletions_pending ON deletions (done) WHERE done = 0;"
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
    "PRAGMA user_version = 2;";

constexpr const char* kOldRows =
    "SELECT uuid, fingerprint, vcon_path, start, duration, parties, agents, disposition, recordings, gaps"
    " FROM conversations_1 ORDER BY id";

/// Rows keep their order; their numbers are those that they had, where none was missing.
void copy_old(const Database& database) {
  const RowWriter writer(database);
  const Statement all = database.prepare(kOldRows);
  Use use(all);
  while (use.step()) {
    writer.insert(catalog_row_of(use));
  }
}

void bring_up(const Database& database) {
  Transaction transaction(database);
  // Another process may have done it while this one waited.
  const int found = known_version(database);
  if (found == 1) database.run("ALTER TABLE conversations RENAME TO conversations_1;", "bring to this version");
  if (found < kCatalogVersion) database.run(kTables, "set up");
  if (found == 1) {
    copy_old(database);
    database.run("DROP TABLE conversations_1;", "bring to this version");
  }
  transaction.commit();
}

std::int64_t micros(Time time) {
  return std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
}

/// Most of a catalog's durations are a day at most; what a text or number cannot mean becomes 0.
std::int64_t micros_of(double seconds) {
  constexpr double kMost = 1e9;
  return seconds > 0 && seconds < kMost ? static_cast<std::int64_t>(seconds * 1e6) : 0;
}

}  // namespace

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> all;
  while (!list.empty()) {
    const std::string_view word = list.substr(0, list.find(' '));
    if (!word.empty()) all.emplace_back(word);
    list.remove_prefix(std::min(word.size() + 1, list.size()));
  }
  return all;
}

bool is_complete(const std::filesystem::path& file) {
  const Database database(file, Database::Mode::Read);
  if (known_version(database) < kCatalogVersion) return false;
  const Statement untold = database.prepare("SELECT 1 FROM conversations WHERE told = 0 LIMIT 1");
  return !Use(untold).step();
}

int known_version(const Database& database) {
  const int found = database.version();
  if (found <= kCatalogVersion) return found;
  throw std::runtime_error(fmt::format("{} is of version {}, made by a newer program", database.file(), found));
}

std::unique_ptr<Database> open_catalog(const std::filesystem::path& file) {
  make_folders(folder_of(file));
  auto database = std::make_unique<Database>(file, Database::Mode::ReadWrite);
  database->run(kPragmas, "set up");
  if (known_version(*database) < kCatalogVersion) bring_up(*database);
  return database;
}

RowWriter::RowWriter(const Database& database)
    : add_(database.prepare("INSERT INTO conversations (uuid, fingerprint, vcon_path, start, duration, parties, agents,"
                            " disposition, recordings, gaps, began, ended, amends, told)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)")),
      last_(database.prepare("SELECT last_insert_rowid()")),
      party_(database.prepare("INSERT INTO parties VALUES (?1, ?2, ?3, ?4)")),
      key_(database.prepare("INSERT INTO keys VALUES (?1, ?2, ?3)")),
      label_(database.prepare("INSERT INTO labels VALUES (?1, ?2, ?3)")),
      gap_(database.prepare("INSERT INTO gap_reasons VALUES (?1, ?2, ?3, ?4)")),
      told_(database.prepare("UPDATE conversations SET told = 1, amends = ?2 WHERE id = ?1")),
      clear_parties_(database.prepare("DELETE FROM parties WHERE conversation = ?1")),
      clear_keys_(database.prepare("DELETE FROM keys WHERE conversation = ?1")),
      clear_labels_(database.prepare("DELETE FROM labels WHERE conversation = ?1")),
      clear_gaps_(database.prepare("DELETE FROM gap_reasons WHERE conversation = ?1")),
      remove_(database.prepare("DELETE FROM conversations WHERE id = ?1")) {}

void RowWriter::insert(const CatalogRow& row) const {
  const auto start = from_rfc3339(row.start);
  const std::int64_t began = start ? micros(*start) : 0;
  const std::string amends = row.facts ? row.facts->amends : std::string();
  {
    Use use(add_);
    use.bind(row.uuid).bind(row.fingerprint).bind(row.vcon_path).bind(row.start).bind(row.duration);
    use.bind(row.parties).bind(row.agents).bind(row.disposition).bind(row.recordings).bind(row.gaps);
    use.bind(began).bind(began + micros_of(row.duration));
    use.bind_or_null(amends).bind(row.facts.has_value());
    use.step();
  }
  Use use(last_);
  use.step();
  const std::int64_t number = use.number(0);
  if (row.facts) {
    add_facts(number, row, *row.facts);
    return;
  }
  std::vector<PartyFact> parties;
  for (std::string& uri : words_of(row.parties)) parties.push_back({.uri = std::move(uri), .role = {}});
  add_parties(number, row, std::move(parties));
}

void RowWriter::add_parties(std::int64_t number, const CatalogRow& row, std::vector<PartyFact> parties) const {
  for (const std::string& agent : words_of(row.agents)) {
    const auto found = std::ranges::find(parties, agent, &PartyFact::uri);
    if (found == parties.end()) {
      parties.push_back({.uri = agent, .role = {}, .recorded = true});
    } else {
      found->recorded = true;
    }
  }
  for (const PartyFact& party : parties) {
    Use use(party_);
    use.bind(number).bind(party.uri).bind(party.role).bind(party.recorded).step();
  }
}

void RowWriter::add_facts(std::int64_t number, const CatalogRow& row, const CatalogFacts& facts) const {
  add_parties(number, row, facts.parties);
  for (const NamedFact& key : facts.keys) {
    Use use(key_);
    use.bind(number).bind(key.kind).bind(key.value).step();
  }
  for (const NamedFact& label : facts.labels) {
    Use use(label_);
    use.bind(number).bind(label.kind).bind(label.value).step();
  }
  for (const GapFact& gap : facts.gaps) {
    Use use(gap_);
    use.bind(number).bind(gap.reason).bind(gap.count).bind(gap.seconds).step();
  }
}

void RowWriter::tell(std::int64_t number, const CatalogRow& row, const CatalogFacts& facts) const {
  forget(number);
  add_facts(number, row, facts);
  Use use(told_);
  use.bind(number).bind_or_null(facts.amends).step();
}

void RowWriter::remove(std::int64_t number) const {
  forget(number);
  Use use(remove_);
  use.bind(number).step();
}

void RowWriter::forget(std::int64_t number) const {
  for (const Statement* clear : {&clear_parties_, &clear_keys_, &clear_labels_, &clear_gaps_}) {
    Use use(*clear);
    use.bind(number).step();
  }
}

CatalogRow catalog_row_of(const Use& use) {
  return {.uuid = use.text(0),
          .fingerprint = use.text(1),
          .vcon_path = use.text(2),
          .start = use.text(3),
          .duration = use.real(4),
          .parties = use.text(5),
          .agents = use.text(6),
          .disposition = use.text(7),
          .recordings = use.integer(8),
          .gaps = use.integer(9)};
}

}  // namespace tapestry::vconout
