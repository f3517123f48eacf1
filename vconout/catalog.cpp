#include "vconout/catalog.h"

#include <cassert>

#include "vconout/catalog_schema.h"

namespace tapestry::vconout {
namespace {

constexpr const char* kColumns =
    "SELECT uuid, fingerprint, vcon_path, start, duration, parties, agents, disposition, recordings, gaps, id"
    " FROM conversations ";
constexpr int kIdColumn = 10;

Statement rows(const Database& database, const char* which) { return database.prepare(std::string(kColumns) + which); }

std::optional<CatalogRow> find_row(const Statement& statement, const std::string& key) {
  Use use(statement);
  if (!use.bind(key).step()) return std::nullopt;
  return catalog_row_of(use);
}

std::optional<std::string> find_text(const Statement& statement, const std::string& key) {
  Use use(statement);
  if (!use.bind(key).step()) return std::nullopt;
  return use.text(0);
}

}  // namespace

struct CatalogFile {
  explicit CatalogFile(std::unique_ptr<Database> opened) : owner(std::move(opened)), database(*owner) {}

  std::unique_ptr<Database> owner;
  const Database& database;
  RowWriter writer{database};
  Statement by_fingerprint = rows(database, "WHERE fingerprint = ?1");
  Statement deleted = database.prepare("SELECT tombstone_path FROM deletions WHERE fingerprint = ?1");
  Statement has_uuid =
      database.prepare("SELECT 1 FROM conversations WHERE uuid = ?1 UNION ALL SELECT 1 FROM deletions WHERE uuid = ?1");
  Statement untold = rows(database, "WHERE told = 0 ORDER BY id LIMIT ?1");
};

Catalog::Catalog(const std::filesystem::path& file) : state_(std::make_unique<CatalogFile>(open_catalog(file))) {}

Catalog::~Catalog() = default;

std::optional<CatalogRow> Catalog::find(const std::string& fingerprint) const {
  return find_row(state_->by_fingerprint, fingerprint);
}

std::optional<std::string> Catalog::find_deleted(const std::string& fingerprint) const {
  return find_text(state_->deleted, fingerprint);
}

bool Catalog::has_uuid(const std::string& uuid) const {
  Use use(state_->has_uuid);
  return use.bind(uuid).step();
}

void Catalog::add(std::span<const CatalogRow> added) {
  if (added.empty()) return;
  Transaction transaction(state_->database);
  for (const CatalogRow& row : added) state_->writer.insert(row);
  transaction.commit();
}

std::vector<NumberedRow> Catalog::untold(std::size_t most) const {
  std::vector<NumberedRow> found;
  Use use(state_->untold);
  use.bind(static_cast<std::int64_t>(most));
  while (use.step()) found.push_back({.number = use.number(kIdColumn), .row = catalog_row_of(use)});
  return found;
}

void Catalog::tell(std::span<const NumberedRow> told, std::span<const CatalogFacts> facts) {
  assert(told.size() == facts.size());
  Transaction transaction(state_->database);
  for (std::size_t n = 0; n < told.size(); ++n) state_->writer.tell(told[n].number, told[n].row, facts[n]);
  transaction.commit();
}

struct CatalogView {
  explicit CatalogView(const std::filesystem::path& file) : database(file, Database::Mode::Read) {
    (void)known_version(database);
  }

  Database database;
  Statement by_uuid = rows(database, "WHERE uuid = ?1");
  Statement after = rows(database, "WHERE id > ?1 ORDER BY id");
  Statement count = database.prepare("SELECT count(*) FROM conversations");
  // An older catalog has no such table until a recorder opens it.
  std::optional<Statement> tombstone{};
};

CatalogReader::CatalogReader(const std::filesystem::path& file) : state_(std::make_unique<CatalogView>(file)) {}

CatalogReader::~CatalogReader() = default;

std::optional<CatalogRow> CatalogReader::find_uuid(const std::string& uuid) const {
  return find_row(state_->by_uuid, uuid);
}

std::optional<std::string> CatalogReader::find_tombstone(const std::string& uuid) const {
  if (!state_->tombstone && state_->database.version() < kCatalogVersion) return std::nullopt;
  if (!state_->tombstone) {
    state_->tombstone.emplace(state_->database.prepare("SELECT tombstone_path FROM deletions WHERE uuid = ?1"));
  }
  return find_text(*state_->tombstone, uuid);
}

std::uint64_t CatalogReader::count() const {
  Use use(state_->count);
  return use.step() ? static_cast<std::uint64_t>(use.number(0)) : 0;
}

void CatalogReader::each(std::int64_t after,
                         const std::function<bool(std::int64_t number, const CatalogRow&)>& use_row) const {
  Use use(state_->after);
  use.bind(after);
  while (use.step() && use_row(use.number(kIdColumn), catalog_row_of(use))) {
  }
}

}  // namespace tapestry::vconout
