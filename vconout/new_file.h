#pragma once
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace tapestry::vconout {

/// A file that appears under its name whole or not at all, and never replaces one. Until keep() the destructor takes it
/// away again.
class NewFile {
 public:
  /// Writes and syncs it beside `target`, readable by its owner alone until `mode` is set. Throws std::system_error.
  NewFile(std::filesystem::path target, std::string_view text, mode_t mode);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Gives it its name. Throws std::system_error when that is taken.
  void place();
  void keep() noexcept { current_.clear(); }

 private:
  std::filesystem::path target_;
  std::filesystem::path current_;
};

}  // namespace tapestry::vconout
