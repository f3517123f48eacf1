#include "vconout/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace tapestry::vconout {

void fail_errno(std::string_view what, const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), fmt::format("cannot {} {}", what, path.string()));
}

File::File(const std::filesystem::path& path, int flags, mode_t mode)
    : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)), path_(path) {
  if (descriptor_ < 0) fail_errno("open", path);
}

File::File(int descriptor, std::filesystem::path path) noexcept : descriptor_(descriptor), path_(std::move(path)) {}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int File::release() noexcept { return std::exchange(descriptor_, -1); }

std::size_t File::read(std::span<std::uint8_t> room) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, room.data(), room.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail_errno("read", path_);
  }
}

void File::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor_, text.data(), text.size());
    if (put >= 0) {
      text.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      fail_errno("write", path_);
    }
  }
}

void File::sync() {
  if (::fsync(descriptor_) != 0) fail_errno("sync", path_);
}

void File::give_to_owner_of(const std::filesystem::path& folder) {
  if (::geteuid() != 0) return;
  struct stat above{};
  struct stat mine{};
  if (::stat(folder.c_str(), &above) != 0) fail_errno("look at", folder);
  if (::fstat(descriptor_, &mine) != 0) fail_errno("look at", path_);
  // Some file systems have one owner for all that is on them.
  if (above.st_uid == 0 || (above.st_uid == mine.st_uid && above.st_gid == mine.st_gid)) return;
  if (::fchown(descriptor_, above.st_uid, above.st_gid) != 0) fail_errno("give to its folder's owner", path_);
}

std::string read_text(const std::filesystem::path& path) {
  File file(path, O_RDONLY);
  std::array<std::uint8_t, 16384> block{};
  std::string text;
  while (const std::size_t got = file.read(block)) text += as_text(Bytes(block).first(got));
  return text;
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

void sync_folder(const std::filesystem::path& folder) { File(folder, O_RDONLY | O_DIRECTORY).sync(); }

void give_to_folder_owner(const std::filesystem::path& made) {
  if (::geteuid() != 0) return;
  File(made, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).give_to_owner_of(folder_of(made));
}

void make_folders(const std::filesystem::path& folder) {
  if (std::filesystem::is_directory(folder)) return;
  std::filesystem::path made;
  for (const auto& part : folder) {
    made /= part;
    if (::mkdir(made.c_str(), 0777) == 0) {
      give_to_folder_owner(made);
      sync_folder(folder_of(made));
    } else if (errno != EEXIST && !std::filesystem::is_directory(made)) {
      fail_errno("make the folder", made);
    }
  }
  if (!folder.empty() && !std::filesystem::is_directory(folder)) {
    errno = ENOTDIR;
    fail_errno("make the folder", folder);
  }
}

}  // namespace tapestry::vconout
