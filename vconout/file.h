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

 private:
  int descriptor_ = -1;
  std::filesystem::path path_;
};

std::string read_text(const std::filesystem::path& path);
void sync_folder(const std::filesystem::path& folder);
/// mkdir -p; each folder made is synced into its parent.
void make_folders(const std::filesystem::path& folder);

/// The folder that holds `path`; `.` for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

/// Throws std::system_error: `cannot <what> <path>` and errno.
[[noreturn]] void fail_errno(std::string_view what, const std::filesystem::path& path);

}  // namespace tapestry::vconout
