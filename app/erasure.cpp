#include "app/erasure.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "app/json_view.h"
#include "app/layout.h"
#include "vconout/file.h"
#include "vconout/store.h"
#include "vconout/tombstone.h"
#include "vconout/uuid.h"
#include "verify/verify.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

/// `2026/11/20` of `vcon/2026/11/20/<uuid>.vcon`.
fs::path day_of(const std::string& vcon_path, const std::string& uuid) {
  const fs::path path(vcon_path);
  const std::vector<fs::path> names(path.begin(), path.end());
  const auto is_number = [](const fs::path& name) {
    const std::string text = name.string();
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  };
  const bool good = vconout::is_uuid(uuid) && names.size() == 5 && names[0] == kVconFolder && is_number(names[1]) &&
                    is_number(names[2]) && is_number(names[3]) && names[4] == uuid + ".vcon";
  if (!good) throw std::runtime_error(fmt::format("{} is no place of a vCon", vcon_path));
  return names[1] / names[2] / names[3];
}

std::array<fs::path, 2> media_folders(const fs::path& out, const vconout::Deletion& deletion) {
  const fs::path below = day_of(deletion.vcon_path, deletion.uuid) / deletion.uuid;
  // What is released meanwhile goes from the first to the second.
  return {out / kQuarantineFolder / below, out / kMediaFolder / below};
}

vconout::BuriedFile buried(const fs::path& file) {
  return {.content_hash = vconout::content_hash(file), .bytes = fs::file_size(file)};
}

vconout::Buried buried_of(const fs::path& out, const vconout::Deletion& deletion) {
  vconout::Buried all;
  const fs::path vcon = out / deletion.vcon_path;
  if (fs::is_regular_file(fs::symlink_status(vcon))) {
    all.vcon.push_back(buried(vcon));
    try {
      const Json payload = Json::parse(verify::payload_of(vcon), nullptr, false);
      all.created_at = raw(payload, "created_at");
    } catch (const std::runtime_error&) {
      all.created_at.clear();  // what cannot be read is deleted all the same
    }
  }
  for (const fs::path& folder : media_folders(out, deletion)) {
    if (!fs::is_directory(fs::symlink_status(folder))) continue;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file() && !entry.is_symlink()) all.media.push_back(buried(entry.path()));
    }
  }
  std::ranges::sort(all.media, {}, &vconout::BuriedFile::content_hash);
  return all;
}

/// Removes `folder`, and its parents up to `root`, as long as they are empty.
void prune(fs::path folder, const fs::path& root) {
  while (folder != root) {
    const fs::path above = folder.parent_path();
    if (::rmdir(folder.c_str()) == 0) {
      vconout::sync_folder(above);
    } else if (errno == ENOTEMPTY || errno == EEXIST) {
      return;
    } else if (errno != ENOENT) {
      vconout::fail_errno("remove", folder);
    }
    folder = above;
  }
}

}  // namespace

std::string tombstone_path(const std::string& vcon_path, const std::string& uuid) {
  return (fs::path("tombstones") / day_of(vcon_path, uuid) / (uuid + ".json")).string();
}

vconout::Deletion deletion_of(const vconout::CatalogRow& row, const vconout::CatalogFacts& facts, Time now) {
  vconout::Deletion deletion;
  deletion.uuid = row.uuid;
  deletion.fingerprint = row.fingerprint;
  deletion.vcon_path = row.vcon_path;
  deletion.tombstone_path = tombstone_path(row.vcon_path, row.uuid);
  deletion.amends = facts.amends;
  deletion.deleted = to_rfc3339(std::chrono::floor<std::chrono::seconds>(now));
  return deletion;
}

void bury(const fs::path& out, const vconout::Deletion& deletion, const vconout::Signer& signer) {
  const fs::path place = out / tombstone_path(deletion.vcon_path, deletion.uuid);
  if (fs::exists(fs::symlink_status(place))) return;
  const std::string payload = vconout::build_tombstone(deletion, buried_of(out, deletion));
  vconout::write_whole(place, signer.sign(payload, deletion.uuid));
}

void remove_files(const fs::path& out, const vconout::Deletion& deletion) {
  const auto folders = media_folders(out, deletion);
  for (const fs::path& folder : folders) {
    const fs::path root = folder.parent_path().parent_path().parent_path().parent_path();
    if (fs::exists(fs::symlink_status(folder))) {
      fs::remove_all(folder);
      vconout::sync_folder(vconout::folder_of(folder));
    }
    if (fs::is_directory(root)) prune(vconout::folder_of(folder), root);
  }
  const fs::path vcon = out / deletion.vcon_path;
  const fs::path day = vconout::folder_of(vcon);
  fs::remove(vcon.string() + ".partial");
  if (fs::remove(vcon)) vconout::sync_folder(day);
  prune(day, out / kVconFolder);
}

void carry_out(const fs::path& out, const vconout::Deletion& deletion, const vconout::Signer& signer,
               vconout::RetentionBook& book) {
  bury(out, deletion, signer);
  remove_files(out, deletion);
  book.finish(deletion.uuid);
}

}  // namespace tapestry::app
