#pragma once
#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "spool/memory_block.h"
#include "spool/spill_file.h"
#include "spool/spool.h"

namespace tapestry::spool {

/// Where a record's bytes are; blocks are numbered from 1, and 0 is nowhere.
struct Place {
  std::uint32_t block = 0;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

/// The bytes of one record for as long as they are needed: in the log's memory, which stays there meanwhile, or read
/// from disk into `copy`.
struct Loan {
  Bytes bytes;
  std::uint32_t pinned = 0;  ///< block; 0 for none
  std::vector<std::uint8_t> copy;
};

class BlockLog;

/// Lends one record at a time and gives it back in the end.
class Borrower {
 public:
  explicit Borrower(BlockLog& log) noexcept : log_(log) {}
  ~Borrower();
  Borrower(const Borrower&) = delete;
  Borrower& operator=(const Borrower&) = delete;
  /// Valid until the next call.
  Bytes lend(const Place& place);

 private:
  BlockLog& log_;
  Loan loan_;
};

/// Records in blocks. All calls lock; append() is for one thread, the others for any. Throws std::runtime_error when
/// the disk fails.
class BlockLog {
 public:
  BlockLog(const std::filesystem::path& folder, const Limits& limits);

  /// Copies both to the end as one record. Nothing is appended when it throws.
  Place append(Bytes head, Bytes body);
  /// Gives back what `loan` held and lends the record at `place`.
  void lend(const Place& place, Loan& loan);
  void give_back(Loan& loan);
  /// The records are no longer needed.
  void drop(const std::vector<Place>& places);

  [[nodiscard]] std::uint64_t bytes_in_memory() const;
  [[nodiscard]] std::uint64_t bytes_on_disk() const;

 private:
  struct Block {
    std::optional<MemoryBlock> memory;
    std::uint64_t file_offset = 0;  ///< when it is not in memory
    std::uint32_t used = 0;
    std::uint32_t live = 0;    ///< records that are not dropped
    std::uint32_t pinned = 0;  ///< by loans
  };
  Block& room_for(std::size_t bytes);
  MemoryBlock memory_for(std::size_t bytes);
  void spill_above(std::uint64_t memory_bytes);
  void unpin(Loan& loan);
  void remove_if_dead(std::uint32_t number);

  const Limits limits_;
  mutable std::mutex mutex_;  ///< guards all below
  SpillFile file_;
  std::unordered_map<std::uint32_t, Block> blocks_;
  std::deque<std::uint32_t> in_memory_;  ///< oldest first
  std::optional<MemoryBlock> spare_;
  std::uint64_t memory_bytes_ = 0;
  std::uint32_t current_ = 0;
};

}  // namespace tapestry::spool
