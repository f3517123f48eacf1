#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "spool/disk.h"

namespace tapestry::testing {

/// Numbers that look random and are the same in each run.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return state_;
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

/// A disk in memory that remembers what was done to it, loses power, and fails when it is told to.
class FakeDisk final : public spool::Disk {
 public:
  static constexpr std::size_t kSector = 512;  ///< written whole or not at all
  enum class What : std::uint8_t { Create, Write, Truncate, Sync, SyncNames, Remove };

  FakeDisk() = default;
  /// What is there when power comes back after the first `operations` of `disk`: of what was not synced then, each
  /// sector of each write, each length and each name by itself made it or not.
  FakeDisk(const FakeDisk& disk, std::size_t operations, Dice& dice);

  spool::Io<std::vector<std::string>> list() override;
  spool::Io<Handle> open(const std::string& name, bool create) override;
  void close(Handle) override {}
  spool::Io<std::size_t> write(Handle file, std::uint64_t offset, Bytes bytes) override;
  /// Aborts when that are no whole blocks.
  spool::Io<std::size_t> write_blocks(Handle file, std::uint64_t offset, Bytes bytes) override;
  spool::Io<std::size_t> read(Handle file, std::uint64_t offset, std::span<std::uint8_t> into) override;
  spool::Io<std::uint64_t> size(Handle file) override;
  spool::Io<void> truncate(Handle file, std::uint64_t size) override;
  spool::Io<void> sync(Handle file) override;
  spool::Io<void> sync_names() override;
  spool::Io<void> remove(const std::string& name) override;
  spool::Io<Space> space() override { return space_now; }
  spool::Io<bool> lock(Handle, bool wait) override { return wait || !locked; }
  void unlock(Handle) override {}

  [[nodiscard]] std::size_t block_writes() const { return block_writes_; }
  [[nodiscard]] std::size_t operations() const { return done_.size(); }
  /// All bytes of all files, also of those that are removed.
  [[nodiscard]] std::vector<std::uint8_t>& file(const std::string& name);

  /// Asked before each operation that changes something, with how many were asked for before: an errno, or 0. A write
  /// that fails does half of its work.
  std::function<int(std::size_t, What)> fails{};
  /// Asked before each read, listing, and opening of what is there: an errno, or 0.
  std::function<int()> reading_fails{};
  Space space_now{100, 100};
  bool locked = false;                 ///< by another process
  std::function<void()> after_list{};  ///< what another process does between a list() and what follows

 private:
  struct Done {
    What what;
    Handle file = 0;
    std::uint64_t offset = 0;
    std::vector<std::uint8_t> bytes{};
  };
  [[nodiscard]] int failure(What what);
  [[nodiscard]] int reading_failure() const { return reading_fails ? reading_fails() : 0; }
  void apply(const Done& done, std::size_t from, std::size_t to);

  std::vector<Done> done_;
  std::vector<std::string> names_;                   ///< by handle
  std::vector<std::vector<std::uint8_t>> contents_;  ///< by handle
  std::map<std::string, Handle> there_;
  std::size_t asked_ = 0;
  std::size_t block_writes_ = 0;
};

}  // namespace tapestry::testing
