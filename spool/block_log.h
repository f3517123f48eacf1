#pragma once
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/secret.h"
#include "spool/delay_clock.h"
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

/// Records in blocks. All calls lock; append() and advance() are for one thread, the others for any. Memory that held
/// records is overwritten before it is used again or given back. Throws std::runtime_error when the disk fails.
class BlockLog {
 public:
  /// `key`: of random_sector_key(), for what is on disk; an empty one stands for a new one.
  BlockLog(const std::filesystem::path& folder, const Limits& limits, const Secret& key = {});
  ~BlockLog();
  BlockLog(const BlockLog&) = delete;
  BlockLog& operator=(const BlockLog&) = delete;

  /// Copies both to the end as one record. `newest`: the packet time of what is in it; its block goes to no disk before
  /// Limits::delay has passed since then and since now. Nothing is appended when it throws.
  Place append(Bytes head, Bytes body, Time newest);
  /// Packet time is `now`: what is above the memory's bound and old enough goes to disk.
  void advance(Time now);
  /// Changes bytes of the record at `place`, wherever they are: `change` gets them and tells whether it changed any.
  /// True when they were changed on disk. Nobody else may have the record lent meanwhile.
  bool rewrite(const Place& place, const std::function<bool(std::span<std::uint8_t>)>& change);
  /// Gives back what `loan` held and lends the record at `place`.
  void lend(const Place& place, Loan& loan);
  void give_back(Loan& loan);
  /// The records are no longer needed.
  void drop(const std::vector<Place>& places);

  [[nodiscard]] std::uint64_t bytes_in_memory() const;
  [[nodiscard]] std::uint64_t bytes_on_disk() const;
  /// By how much memory was above its bound, at most, because what it held was too young to go to disk.
  [[nodiscard]] std::uint64_t most_above_limit() const;

 private:
  struct Block {
    std::optional<MemoryBlock> memory;
    std::uint64_t file_offset = 0;  ///< when it is not in memory
    std::uint32_t used = 0;
    std::uint32_t live = 0;    ///< records that are not dropped
    std::uint32_t pinned = 0;  ///< by loans
    Duration newest{};         ///< the clock's reading at its newest record
  };
  Block& room_for(std::size_t bytes);
  MemoryBlock memory_for(std::size_t bytes);
  void seal();
  void spill_above(std::uint64_t memory_bytes);
  MemoryBlock take_memory(Block& block);
  void unpin(Loan& loan);
  void remove_if_dead(std::uint32_t number);

  const Limits limits_;
  mutable std::mutex mutex_;  ///< guards all below
  SpillFile file_;
  std::unordered_map<std::uint32_t, Block> blocks_;
  std::deque<std::uint32_t> in_memory_;  ///< oldest first
  std::optional<MemoryBlock> spare_;
  std::uint64_t memory_bytes_ = 0;
  std::uint64_t most_above_ = 0;
  DelayClock clock_;
  std::uint32_t last_ = 0;     ///< number of the newest block
  std::uint32_t current_ = 0;  ///< the one that is being filled; 0 for none
};

}  // namespace tapestry::spool
