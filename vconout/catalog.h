#pragma once
#include <filesystem>
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
  struct State;
  class Transaction;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::vconout
