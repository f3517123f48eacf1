#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "vconout/retention_book.h"

namespace tapestry::vconout {

/// A file that is deleted. Its name tells who was recorded, so a tombstone does not tell it.
struct BuriedFile {
  std::string content_hash;  ///< `sha512-` + base64url
  std::uint64_t bytes = 0;
};

/// What was there.
struct Buried {
  std::string created_at;          ///< of the vCon; empty: unknown
  std::vector<BuriedFile> vcon{};  ///< none or one: its signed file
  std::vector<BuriedFile> media{};
};

/// The unsigned tombstone (docs/retention.md): which vCon was deleted, when, why, by which rule and by whom, and the
/// hashes of what was there. Nothing of the conversation. Signed as vCons are.
std::string build_tombstone(const Deletion& deletion, const Buried& buried);

}  // namespace tapestry::vconout
