#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>

#include "capture/source.h"

namespace tapestry::capture {

/// What tells a file from others, as stat(2) has it.
struct FileState {
  std::uint64_t size = 0;
  std::int64_t changed = 0;  ///< nanoseconds since 1970
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
};

/// Nobody wrote into it in between.
[[nodiscard]] constexpr bool is_unchanged(const FileState& before, const FileState& after) noexcept {
  return before.size == after.size && before.changed == after.changed;
}

/// It may begin with what it was before: it is that, or has grown.
[[nodiscard]] constexpr bool may_go_on(const FileState& before, const FileState& after) noexcept {
  return is_unchanged(before, after) || after.size > before.size;
}

/// Nothing when there is no such file, or when it is none (a folder, a pipe).
std::optional<FileState> state_of(const std::filesystem::path& file);

/// The system did not let a file be read, which may pass.
class ReadFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// As open_file(), but throws ReadFailure when the system fails, and std::runtime_error when the file is no capture.
/// Its next() throws ReadFailure.
std::unique_ptr<Source> open_in_folder(const std::filesystem::path& file);

/// Time of its first packet; Time::min() when it cannot be read, or has none.
Time first_packet(const std::filesystem::path& file);

}  // namespace tapestry::capture
