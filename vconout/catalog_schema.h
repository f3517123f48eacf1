#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vconout/catalog.h"
#include "vconout/database.h"

// The tables of catalog.sqlite, for the files that read and write them. Throws as Database does.
namespace tapestry::vconout {

/// user_version of what this program makes. 1 had conversations alone.
inline constexpr int kCatalogVersion = 2;

/// Opens or makes a catalog (folders are made), and brings an older one to this version: all of it or nothing. Throws
/// as well when a newer program made it.
std::unique_ptr<Database> open_catalog(const std::filesystem::path& file);

/// Whether an existing catalog is of this version and has facts of all its conversations; the file is only read.
bool is_complete(const std::filesystem::path& file);

/// The file's version; throws when a newer program made it.
int known_version(const Database& database);

/// The words of a list with blanks between.
std::vector<std::string> words_of(std::string_view list);

/// Statements that put a conversation into its tables.
class RowWriter {
 public:
  explicit RowWriter(const Database& database);
  /// Inside of a transaction.
  void insert(const CatalogRow& row) const;
  /// Replaces what the tables tell of the conversation of that row beside it, which is marked as told. Inside of a
  /// transaction.
  void tell(std::int64_t number, const CatalogRow& row, const CatalogFacts& facts) const;
  /// Takes a conversation out of all tables. Inside of a transaction.
  void remove(std::int64_t number) const;

 private:
  void forget(std::int64_t number) const;
  void add_parties(std::int64_t number, const CatalogRow& row, std::vector<PartyFact> parties) const;
  void add_facts(std::int64_t number, const CatalogRow& row, const CatalogFacts& facts) const;

  Statement add_;
  Statement last_;
  Statement party_;
  Statement key_;
  Statement label_;
  Statement gap_;
  Statement told_;
  Statement clear_parties_;
  Statement clear_keys_;
  Statement clear_labels_;
  Statement clear_gaps_;
  Statement remove_;
};

/// The row in the first ten columns of a SELECT, which are those of CatalogRow in their order.
CatalogRow catalog_row_of(const Use& use);

}  // namespace tapestry::vconout
