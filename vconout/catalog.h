#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

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
};

/// An open database; only catalog.cpp knows more.
struct CatalogFile;

/// catalog.sqlite (WAL). One thread. Everything throws std::runtime_error that names the file when SQLite fails.
class Catalog {
 public:
  /// Opens or makes it (folders are made). Throws as well when a newer program made it.
  explicit Catalog(const std::filesystem::path& file);
  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// The row of a conversation that was committed before, by fingerprint.
  [[nodiscard]] std::optional<CatalogRow> find(const std::string& fingerprint) const;
  [[nodiscard]] bool has_uuid(const std::string& uuid) const;
  /// All rows or none; on disk when it returns. Throws when a uuid or a fingerprint is there already.
  void add(std::span<const CatalogRow> rows);

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
  [[nodiscard]] std::uint64_t count() const;
  /// Gives the rows behind number `after` to `use` in the order in which they were added, until it returns false. A
  /// row's number never changes, and later rows have higher ones; 0 comes before all.
  void each(std::int64_t after, const std::function<bool(std::int64_t number, const CatalogRow&)>& use) const;

 private:
  std::unique_ptr<CatalogFile> state_;
};

}  // namespace tapestry::vconout
