#include "web/folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

namespace tapestry::web {
namespace {

constexpr int kFolder = O_PATH | O_DIRECTORY | O_CLOEXEC;
// A pipe's reader would wait for its writer without O_NONBLOCK.
constexpr int kFile = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

/// Errors that say that nothing is there that may be served.
bool is_absence(int error) noexcept {
  constexpr std::array kAbsent = {ENOENT, ENOTDIR, ELOOP, EACCES, EPERM, ENAMETOOLONG, ENXIO, EISDIR};
  return std::ranges::find(kAbsent, error) != kAbsent.end();
}

std::unique_ptr<vconout::File> open_at(int folder, const std::string& name, int flags,
                                       const std::filesystem::path& told) {
  const int descriptor = ::openat(folder, name.c_str(), flags);
  if (descriptor >= 0) return std::make_unique<vconout::File>(descriptor, told);
  if (is_absence(errno)) return nullptr;
  vconout::fail_errno("open", told);
}

bool is_name(std::string_view name) noexcept {
  return !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f' && c != '\\';
  });
}

}  // namespace

bool is_safe_path(std::string_view path) noexcept {
  if (path.empty() || path.size() > kMostPath) return false;
  for (std::size_t names = 1; names <= kMostNames; ++names) {
    const std::size_t end = path.find('/');
    if (!is_name(path.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    path.remove_prefix(end + 1);
  }
  return false;
}

std::unique_ptr<vconout::File> open_below(const std::filesystem::path& folder, std::string_view path) {
  if (!is_safe_path(path)) return nullptr;
  auto at = open_at(AT_FDCWD, folder.string(), kFolder, folder);
  for (std::size_t end = path.find('/'); at && end != std::string_view::npos; end = path.find('/')) {
    at = open_at(at->descriptor(), std::string(path.substr(0, end)), kFolder | O_NOFOLLOW, folder);
    path.remove_prefix(end + 1);
  }
  if (!at) return nullptr;
  auto file = open_at(at->descriptor(), std::string(path), kFile, folder);
  struct stat status{};
  if (!file || ::fstat(file->descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  return file;
}

}  // namespace tapestry::web
