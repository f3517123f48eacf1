#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "core/bytes.h"

// Files and folders that survive a power cut. All functions throw std::system_error that names the object.
namespace tapestry::vconout {

/// An open file, closed at the end.
class File {
 public:
  /// open(2) with O_CLOEXEC added.
  File(const std::filesystem::path& path, int flags, mode_t mode = 0666);
  /// Takes an open descriptor; `path` is for error texts.
  File(int descriptor, std::filesystem::path path) noexcept;
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// Whoever called closes it from now on; nothing else may be done with this object.
  [[nodiscard]] int release() noexcept;
  /// Up to `room.size()` bytes; 0 at the end.
  std::size_t read(std::span<std::uint8_t> room);
  void write(std::string_view text);
  void sync();
  /// What root made in a folder of another user is given to that folder's owner and group, as the service whose folder
  /// it is could not write there otherwise. Nothing when this process is not root's, or the folder is root's own.
  void give_to_owner_of(const std::filesystem::path& folder);

 private:
  int descriptor_ = -1;
  std::filesystem::path path_;
};

std::string read_text(const std::filesystem::path& path);
void sync_folder(const std::filesystem::path& folder);
/// mkdir -p; each folder made is synced into its parent, and what root makes is its owner's (give_to_folder_owner()).
void make_folders(const std::filesystem::path& folder);

/// File::give_to_owner_of() of something that root made, and the folder that it is in.
void give_to_folder_owner(const std::filesystem::path& made);

/// The folder that holds `path`; `.` for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

/// Throws std::system_error: `cannot <what> <path>` and errno.
[[noreturn]] void fail_errno(std::string_view what, const std::filesystem::path& path);

}  // namespace tapestry::vconout
