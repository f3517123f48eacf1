#pragma once
#include <cstdint>
#include <filesystem>
#include <set>
#include <shared_mutex>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/secret.h"

namespace tapestry::spool {

/// A file without a name, in slots of one size, encrypted with a key that is in this object's memory alone; its space
/// goes back to the disk when the object dies, or the process. Throws std::runtime_error when the disk fails. read()
/// and rewrite() may run on any thread, beside one of the others.
class SpillFile {
 public:
  /// Made in `folder`, which exists, with the first slot that is taken. Slots are of whole sectors (kSectorBytes).
  /// `key`: of random_sector_key(); an empty one stands for a new one.
  SpillFile(std::filesystem::path folder, std::uint64_t slot_bytes, const Secret& key = {});
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// Writes `bytes` (at least one) into as many slots in a row as they need; gives the offset of the first. Nothing is
  /// taken when it throws.
  std::uint64_t add(Bytes bytes);
  /// The slots that add(`bytes` bytes) took at `offset` may be used again.
  void free(std::uint64_t offset, std::uint64_t bytes);
  /// Fills all of `into`; a file that ends earlier is an error.
  void read(std::uint64_t offset, std::span<std::uint8_t> into) const;
  /// Overwrites bytes inside of what add() wrote; throws as add() does, and some may then be overwritten.
  void rewrite(std::uint64_t offset, Bytes bytes);
  /// What the file takes on the disk, at most.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return end_; }

 private:
  struct Sectors;
  [[nodiscard]] std::uint64_t round_up(std::uint64_t bytes) const noexcept;
  void write_sealed(std::uint64_t offset, Bytes bytes) const;
  void read_sealed(std::uint64_t offset, std::span<std::uint8_t> into) const;
  void open_sectors(Sectors& sectors) const;

  std::filesystem::path folder_;
  std::uint64_t slot_bytes_;
  Secret key_;
  std::vector<std::uint8_t> sealed_;        ///< what add() writes
  mutable std::shared_mutex sector_mutex_;  ///< records that are changed may share a sector with others
  int file_ = -1;
  std::uint64_t end_ = 0;
  std::set<std::uint64_t> free_;  ///< offsets of single slots below end_
};

}  // namespace tapestry::spool
