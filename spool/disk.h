#pragma once
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace tapestry::spool {

/// What a disk's operation gave, or its errno.
template <class T>
using Io = std::expected<T, int>;

/// One folder's files, as the log needs them; tests put failing and power-losing ones in its place. A file is known by
/// its handle. Offsets and lengths are in bytes. Any thread; of one file two threads never write the same bytes.
class Disk {
 public:
  using Handle = int;
  /// What write_blocks() writes is whole blocks, at multiples of their size.
  static constexpr std::size_t kBlock = 4096;
  struct Space {
    std::uint64_t total = 0;
    std::uint64_t free = 0;
  };

  virtual ~Disk() = default;
  /// Names of all files, in no order.
  [[nodiscard]] virtual Io<std::vector<std::string>> list() = 0;
  /// Makes it, for its owner only, where it is absent and `create` says so.
  [[nodiscard]] virtual Io<Handle> open(const std::string& name, bool create) = 0;
  virtual void close(Handle file) = 0;
  /// How much was written, which may be less than asked for.
  [[nodiscard]] virtual Io<std::size_t> write(Handle file, std::uint64_t offset, Bytes bytes) = 0;
  /// The same for whole blocks, whose memory begins at a multiple of kBlock, too: past the page cache where the disk
  /// can, which is worth it for large writes.
  [[nodiscard]] virtual Io<std::size_t> write_blocks(Handle file, std::uint64_t offset, Bytes bytes) {
    return write(file, offset, bytes);
  }
  /// How much was read; 0 at the end.
  [[nodiscard]] virtual Io<std::size_t> read(Handle file, std::uint64_t offset, std::span<std::uint8_t> into) = 0;
  [[nodiscard]] virtual Io<std::uint64_t> size(Handle file) = 0;
  [[nodiscard]] virtual Io<void> truncate(Handle file, std::uint64_t size) = 0;
  /// All that was written to the file survives a loss of power from now on.
  [[nodiscard]] virtual Io<void> sync(Handle file) = 0;
  /// So do names that were made or removed.
  [[nodiscard]] virtual Io<void> sync_names() = 0;
  [[nodiscard]] virtual Io<void> remove(const std::string& name) = 0;
  [[nodiscard]] virtual Io<Space> space() = 0;
  /// Against other processes that lock the same file, until unlock() or close(). False when another one has it, and
  /// `wait` is not set.
  [[nodiscard]] virtual Io<bool> lock(Handle file, bool wait) = 0;
  virtual void unlock(Handle file) = 0;
};

/// How many bytes are missing to whole blocks.
[[nodiscard]] constexpr std::size_t to_whole_blocks(std::uint64_t bytes) noexcept {
  return static_cast<std::size_t>((Disk::kBlock - bytes % Disk::kBlock) % Disk::kBlock);
}

/// All of `bytes`, in as many writes as it takes.
[[nodiscard]] Io<void> write_all(Disk& disk, Disk::Handle file, std::uint64_t offset, Bytes bytes);
/// The same by write_blocks(), which see for what they are.
[[nodiscard]] Io<void> write_all_blocks(Disk& disk, Disk::Handle file, std::uint64_t offset, Bytes bytes);
/// As much as there is, up to all of `into`.
[[nodiscard]] Io<std::size_t> read_all(Disk& disk, Disk::Handle file, std::uint64_t offset,
                                       std::span<std::uint8_t> into);

}  // namespace tapestry::spool
