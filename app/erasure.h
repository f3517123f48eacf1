#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/time.h"
#include "vconout/retention_book.h"
#include "vconout/signer.h"

// The steps of a deletion (docs/retention.md), each of which can be done again: after a crash anywhere in between the
// next sweep goes on. All throw std::runtime_error when the disk fails.
namespace tapestry::app {

/// `tombstones/2026/11/20/<uuid>.json` of a vCon whose path is `vcon/2026/11/20/<uuid>.vcon`. Throws std::runtime_error
/// when the path is of another form: nothing outside of the output folder's own places is ever deleted.
std::string tombstone_path(const std::string& vcon_path, const std::string& uuid);

/// The intent to delete a conversation of the catalog.
vconout::Deletion deletion_of(const vconout::CatalogRow& row, const vconout::CatalogFacts& facts, Time now);

/// The first step: the signed tombstone with the hashes of what is there, on disk when it returns. One that is there
/// already stays.
void bury(const std::filesystem::path& out, const vconout::Deletion& deletion, const vconout::Signer& signer);

/// The second: media, also what is in quarantine or unfinished, then the vCon, and folders of a day, a month or a year
/// that are empty then. What is gone already is no error.
void remove_files(const std::filesystem::path& out, const vconout::Deletion& deletion);

/// All of them, and the last: the catalog's row.
void carry_out(const std::filesystem::path& out, const vconout::Deletion& deletion, const vconout::Signer& signer,
               vconout::RetentionBook& book);

}  // namespace tapestry::app
