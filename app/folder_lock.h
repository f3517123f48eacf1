#pragma once
#include <filesystem>
#include <ostream>

namespace tapestry::app {

/// One process at a time has a folder so; the others wait. Nothing is written to it.
class FolderLock {
 public:
  /// Waits for whoever has it, and then says to `err` that it does. Throws std::runtime_error.
  FolderLock(const std::filesystem::path& folder, std::ostream& err);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int folder_ = -1;
};

}  // namespace tapestry::app
