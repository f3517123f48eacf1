#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calls/interaction.h"
#include "vconout/vcon.h"

namespace tapestry::vconout {

/// `sha512-` and the unpadded base64url of the file's SHA-512 (vcon-core-04 §2.2). Throws when it cannot be read.
std::string content_hash(const std::filesystem::path& path);

/// Writes `text` beside `path`, syncs it, renames it into place and syncs the folder. Throws std::runtime_error.
void write_whole(const std::filesystem::path& path, std::string_view text);
/// Syncs `from`, renames it to `to` (folders are made) and syncs the folder. Throws std::runtime_error.
void move_into_place(const std::filesystem::path& from, const std::filesystem::path& to);

/// What the catalog keeps of a conversation.
struct CatalogRow {
  std::string uuid;
  std::string fingerprint;  ///< see fingerprint()
  std::string vcon_path;    ///< below the output folder
  std::string start;        ///< RFC 3339
  double duration = 0;
  std::string parties;      ///< uris, space-separated
  std::string agents;
  std::string disposition;
  int recordings = 0;
  int gaps = 0;
};

/// Tells a conversation from every other, the same in each replay of its capture: SHA-256 (hex) over its Call-IDs, tags, times and
/// streams.
std::string fingerprint(const calls::Interaction& interaction);

/// catalog.sqlite (WAL). One thread.
class Catalog {
 public:
  explicit Catalog(const std::filesystem::path& file);
  ~Catalog();
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;

  /// The row of a conversation that was committed before, by fingerprint.
  [[nodiscard]] std::optional<CatalogRow> find(const std::string& fingerprint) const;
  [[nodiscard]] bool has_uuid(const std::string& uuid) const;
  void add(const CatalogRow& row);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::vconout
