#pragma once
#include <filesystem>

#include "spool/disk.h"

namespace tapestry::spool {

/// A real folder.
class FolderDisk final : public Disk {
 public:
  /// Makes the folder, for its owner only, where it is absent. Throws std::runtime_error when that fails.
  explicit FolderDisk(std::filesystem::path folder);
  ~FolderDisk() override;
  FolderDisk(const FolderDisk&) = delete;
  FolderDisk& operator=(const FolderDisk&) = delete;

  Io<std::vector<std::string>> list() override;
  Io<Handle> open(const std::string& name, bool create) override;
  void close(Handle file) override;
  Io<std::size_t> write(Handle file, std::uint64_t offset, Bytes bytes) override;
  Io<std::size_t> write_blocks(Handle file, std::uint64_t offset, Bytes bytes) override;
  Io<std::size_t> read(Handle file, std::uint64_t offset, std::span<std::uint8_t> into) override;
  Io<std::uint64_t> size(Handle file) override;
  Io<void> truncate(Handle file, std::uint64_t size) override;
  Io<void> sync(Handle file) override;
  Io<void> sync_names() override;
  Io<void> remove(const std::string& name) override;
  Io<Space> space() override;
  Io<bool> lock(Handle file, bool wait) override;
  void unlock(Handle file) override;

 private:
  std::filesystem::path path_;
  int folder_ = -1;
};

}  // namespace tapestry::spool
