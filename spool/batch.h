#pragma once
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/time.h"
#include "spool/disk.h"
#include "spool/memory_block.h"
#include "spool/record.h"

namespace tapestry::spool {

/// Sealed records one behind the other, as one write puts them on disk. Its memory serves again.
class Batch {
 public:
  /// For at least one record, however long.
  static constexpr std::size_t kBytes = 2U << 20U;
  static_assert(kBytes >= kMaxPayload + 2 * kAlignment && kBytes % Disk::kBlock == 0);

  Batch() : memory_(kBytes) {}
  /// Holds nothing again.
  void clear() noexcept { used_ = 0; }
  /// Seals the record behind the others; size_on_disk() of it must be free(). See seal().
  void append(const Record& record, std::uint64_t sequence, std::uint32_t epoch, const Secret& key);
  /// Puts a pad behind them, so that bytes() are whole blocks of the disk. How much that took; nothing when they are.
  std::size_t pad();

  [[nodiscard]] Bytes bytes() const noexcept { return memory_.bytes().first(used_); }
  [[nodiscard]] std::size_t free() const noexcept { return kBytes - used_; }
  [[nodiscard]] bool empty() const noexcept { return used_ == 0; }
  /// Sequence numbers and packet times of what is in it.
  [[nodiscard]] std::uint64_t first_sequence() const noexcept { return first_sequence_; }
  [[nodiscard]] std::uint64_t last_sequence() const noexcept { return last_sequence_; }
  [[nodiscard]] Time first() const noexcept { return first_; }
  [[nodiscard]] Time last() const noexcept { return last_; }

 private:
  MemoryBlock memory_;
  std::size_t used_ = 0;
  std::uint64_t first_sequence_ = 0;
  std::uint64_t last_sequence_ = 0;
  Time first_{};
  Time last_{};
};

}  // namespace tapestry::spool
