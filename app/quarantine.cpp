#include "app/quarantine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "app/config.h"
#include "app/layout.h"
#include "app/text.h"
#include "vconout/file.h"
#include "vconout/store.h"
#include "vconout/uuid.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnerOnly = 0600;

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && !entry.is_symlink()) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

/// `2026/11/20/<uuid>`; nothing when there is no such folder.
std::optional<fs::path> find_folder(const fs::path& root, const std::string& uuid) {
  if (!fs::is_directory(root)) return std::nullopt;
  for (const fs::path& year : folders_in(root)) {
    for (const fs::path& month : folders_in(year)) {
      for (const fs::path& day : folders_in(month)) {
        if (fs::is_directory(fs::symlink_status(day / uuid))) return fs::relative(day / uuid, root);
      }
    }
  }
  return std::nullopt;
}

/// The access that new media gets.
fs::perms usual_access() {
  const mode_t mask = umask(0);
  umask(mask);
  return static_cast<fs::perms>(0640 & ~mask);
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

/// Why a file stays where it is; empty when it was moved.
std::string move(const fs::path& from, const fs::path& to) {
  if (!fs::is_regular_file(fs::symlink_status(from))) return "is no file";
  if (from.filename().string().starts_with('.')) return "is unfinished";
  if (fs::exists(fs::symlink_status(to))) return "is at its place already";
  fs::permissions(from, usual_access());
  vconout::move_into_place(from, to);
  vconout::sync_folder(vconout::folder_of(from));
  return {};
}

}  // namespace

void make_private(const fs::path& out, const fs::path& file) {
  fs::permissions(out / kQuarantineFolder, fs::perms::owner_all);
  const vconout::File made(file, O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW, kOwnerOnly);
  if (::fchmod(made.descriptor(), kOwnerOnly) != 0) vconout::fail_errno("keep to its owner", file);
}

void bring_out(const fs::path& out, Time start, const std::string& uuid) {
  const fs::path from = out / media_folder(start, uuid, kQuarantineFolder);
  const fs::path to = out / media_folder(start, uuid, kMediaFolder);
  if (!fs::is_directory(from)) return;
  vconout::make_folders(to);
  for (const fs::path& file : files_in(from)) {
    fs::permissions(file, usual_access());
    vconout::move_into_place(file, to / file.filename());
  }
  fs::remove(from);
  vconout::sync_folder(vconout::folder_of(from));
}

int release(const fs::path& folder, const std::string& uuid, std::ostream& out, std::ostream& err) {
  if (!vconout::is_uuid(uuid)) throw ConfigError(fmt::format("{} is no uuid of a vCon", printable(uuid)));
  const fs::path root = folder / kQuarantineFolder;
  const auto below = find_folder(root, uuid);
  if (!below) throw ConfigError(fmt::format("nothing of {} is in {}", uuid, root.string()));
  std::size_t stuck = 0;
  for (const fs::path& file : files_in(root / *below)) {
    const fs::path place = fs::path(kMediaFolder) / *below / file.filename();
    const std::string why = move(file, folder / place);
    if (why.empty()) {
      out << printable(place.string()) << "\n";
    } else {
      err << fmt::format("tapestry: {} {}\n", printable(file.string()), why);
      ++stuck;
    }
  }
  if (stuck != 0) return 1;
  fs::remove(root / *below);
  vconout::sync_folder(vconout::folder_of(root / *below));
  return 0;
}

}  // namespace tapestry::app
