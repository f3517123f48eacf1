#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vconout/catalog_facts.h"

namespace tapestry::vconout {

/// What the catalog keeps of a conversation.
struct CatalogRow {
  std::string uuid;
  std::string fingerprint;  ///< see fingerprint()
  std::string vcon_path;    ///< below the output folder
  std::string start;        ///< RFC 3339
  double duration = 0;      ///< seconds
  std::string parties;      ///< uris, space-separated
  std::string agents;
  std::string disposition;
  int recordings = 0;
  int gaps = 0;
  std::optional<CatalogFacts> facts{};  ///< what else it can be found by; none: nobody looked yet. Written, never read
};

/// A row with its number, which never changes, and never becomes another row's.
struct NumberedRow {
  std::int64_t number = 0;
  CatalogRow row;
};

/// Open databases; only catalog.cpp knows more.
struct CatalogFile;
struct CatalogView;

/// catalog.sqlite (WAL). One thread. Everything throws std::runtime_error that names the file when SQLite fails.
class Catalog {
 public:
  /// Opens or makes it (folders are made); an older one is brought to what this program needs, all of it or nothing.
  /// Throws as well when a newer program made it.
  explicit Catalog(const std::filesystem::path& file);
  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// The row of a conversation that was committed before, by fingerprint.
  [[nodiscard]] std::optional<CatalogRow> find(const std::string& fingerprint) const;
  /// Where the tombstone of a conversation lies (or will lie) that was deleted, below the output folder; by
  /// fingerprint.
  [[nodiscard]] std::optional<std::string> find_deleted(const std::string& fingerprint) const;
  /// Also of one that was deleted.
  [[nodiscard]] bool has_uuid(const std::string& uuid) const;
  /// All rows or none; on disk when it returns. Throws when a uuid or a fingerprint is there already.
  void add(std::span<const CatalogRow> rows);

  /// Up to `most` rows without facts, of those that an older program added.
  [[nodiscard]] std::vector<NumberedRow> untold(std::size_t most) const;
  /// Adds facts to such rows: to all of them or to none. `facts` matches `rows`.
  void tell(std::span<const NumberedRow> rows, std::span<const CatalogFacts> facts);

 private:
  std::unique_ptr<CatalogFile> state_;
};

/// The catalog for whoever only reads, also while a recorder writes. One thread. Everything throws std::runtime_error
/// that names the file when SQLite fails.
class CatalogReader {
 public:
  /// Opens an existing one. Throws as well when there is none, or when a newer program made it.
  explicit CatalogReader(const std::filesystem::path& file);
  ~CatalogReader();
  CatalogReader(const CatalogReader&) = delete;
  CatalogReader& operator=(const CatalogReader&) = delete;

  [[nodiscard]] std::optional<CatalogRow> find_uuid(const std::string& uuid) const;
  /// Where the tombstone of a vCon that was deleted lies (or will lie), below the output folder.
  [[nodiscard]] std::optional<std::string> find_tombstone(const std::string& uuid) const;
  [[nodiscard]] std::uint64_t count() const;
  /// Gives the rows behind number `after` to `use` in the order in which they were added, until it returns false. A
  /// row's number never changes, and later rows have higher ones; 0 comes before all.
  void each(std::int64_t after, const std::function<bool(std::int64_t number, const CatalogRow&)>& use) const;

 private:
  std::unique_ptr<CatalogView> state_;
};

}  // namespace tapestry::vconout
