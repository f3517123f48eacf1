#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "vconout/catalog.h"
#include "vconout/digest.h"
#include "vconout/fingerprint.h"

namespace tapestry::vconout {

/// `sha512-` and the unpadded base64url of the SHA-512 of bytes that come in parts (vcon-core-04 §2.2).
class ContentHash {
 public:
  void add(Bytes bytes) { running_.add(bytes); }
  /// Once, at the end.
  [[nodiscard]] std::string token();

 private:
  Digest running_{Digest::Kind::Sha512};
};

/// The same of a file. Throws when it cannot be read.
std::string content_hash(const std::filesystem::path& path);

/// Writes `text` beside `path`, syncs it, renames it into place and syncs the folder (folders are made). Nothing is
/// left beside `path` when it fails. Throws std::runtime_error.
void write_whole(const std::filesystem::path& path, std::string_view text);
/// Syncs `from`, renames it to `to` on the same file system (folders are made) and syncs the folder. Throws
/// std::runtime_error.
void move_into_place(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace tapestry::vconout
