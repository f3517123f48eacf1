#include "spool/block_log.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/secret.h"

namespace tapestry::spool {
namespace {

/// Bytes that are overwritten when they die.
struct WipedBytes {
  explicit WipedBytes(std::size_t size) : bytes(size) {}
  ~WipedBytes() { wipe(bytes); }
  WipedBytes(const WipedBytes&) = delete;
  WipedBytes& operator=(const WipedBytes&) = delete;
  std::vector<std::uint8_t> bytes;
};

}  // namespace

BlockLog::BlockLog(const std::filesystem::path& folder, const Limits& limits, const Secret& key)
    : limits_(limits), file_(folder, limits.block_bytes, key) {}

BlockLog::~BlockLog() {
  for (auto& [number, block] : blocks_) {
    if (block.memory) wipe(block.memory->bytes().first(block.used));
  }
}

Place BlockLog::append(Bytes head, Bytes body, Time newest) {
  const std::scoped_lock lock(mutex_);
  const std::size_t length = head.size() + body.size();
  Block& block = room_for(length);
  const Place place{current_, block.used, static_cast<std::uint32_t>(length)};
  const std::span<std::uint8_t> room = block.memory->bytes().subspan(block.used, length);
  std::ranges::copy(head, room.begin());
  std::ranges::copy(body, room.subspan(head.size()).begin());
  block.used += place.length;
  block.newest = std::max(block.newest, clock_.reading_at(newest));
  ++block.live;
  return place;
}

BlockLog::Block& BlockLog::room_for(std::size_t bytes) {
  if (current_ != 0) {
    Block& block = blocks_.at(current_);
    if (block.used + bytes <= block.memory->bytes().size()) return block;
    seal();
  }
  const std::uint64_t size = std::max<std::uint64_t>(bytes, limits_.block_bytes);
  spill_above(limits_.memory_bytes - std::min(limits_.memory_bytes, size));
  MemoryBlock memory = memory_for(size);
  current_ = ++last_;
  in_memory_.push_back(current_);
  memory_bytes_ += size;
  most_above_ = std::max(most_above_, memory_bytes_ - std::min(memory_bytes_, limits_.memory_bytes));
  Block& fresh = blocks_[current_];
  fresh.memory = std::move(memory);
  return fresh;
}

void BlockLog::seal() { remove_if_dead(std::exchange(current_, 0)); }

MemoryBlock BlockLog::memory_for(std::size_t bytes) {
  if (spare_ && spare_->bytes().size() == bytes) return *std::exchange(spare_, std::nullopt);
  return MemoryBlock(bytes);
}

void BlockLog::advance(Time now) {
  const std::scoped_lock lock(mutex_);
  clock_.advance(now);
  spill_above(limits_.memory_bytes);
}

void BlockLog::spill_above(std::uint64_t memory_bytes) {
  for (auto next = in_memory_.begin(); next != in_memory_.end() && memory_bytes_ > memory_bytes;) {
    Block& block = blocks_.at(*next);
    // Those behind it are younger.
    if (*next == current_ || block.newest + limits_.delay > clock_.reading()) return;
    if (block.pinned != 0) {
      ++next;
      continue;
    }
    block.file_offset = file_.add(block.memory->bytes().first(block.used));
    spare_ = take_memory(block);
    next = in_memory_.erase(next);
  }
}

MemoryBlock BlockLog::take_memory(Block& block) {
  MemoryBlock memory = *std::exchange(block.memory, std::nullopt);
  memory_bytes_ -= memory.bytes().size();
  wipe(memory.bytes().first(block.used));
  return memory;
}

bool BlockLog::rewrite(const Place& place, const std::function<bool(std::span<std::uint8_t>)>& change) {
  std::unique_lock lock(mutex_);
  Block& block = blocks_.at(place.block);
  if (block.memory) {
    (void)change(block.memory->bytes().subspan(place.offset, place.length));
    return false;
  }
  const std::uint64_t offset = block.file_offset + place.offset;
  lock.unlock();
  WipedBytes copy(place.length);
  file_.read(offset, copy.bytes);
  const bool changed = change(copy.bytes);
  if (changed) file_.rewrite(offset, copy.bytes);
  return changed;
}

void BlockLog::lend(const Place& place, Loan& loan) {
  std::unique_lock lock(mutex_);
  unpin(loan);
  Block& block = blocks_.at(place.block);
  if (block.memory) {
    loan.bytes = block.memory->bytes().subspan(place.offset, place.length);
    loan.pinned = place.block;
    ++block.pinned;
    return;
  }
  const std::uint64_t offset = block.file_offset + place.offset;
  lock.unlock();
  loan.copy.resize(place.length);
  file_.read(offset, loan.copy);
  loan.bytes = loan.copy;
}

Borrower::~Borrower() { log_.give_back(loan_); }

Bytes Borrower::lend(const Place& place) {
  log_.lend(place, loan_);
  return loan_.bytes;
}

void BlockLog::give_back(Loan& loan) {
  const std::scoped_lock lock(mutex_);
  unpin(loan);
}

void BlockLog::unpin(Loan& loan) {
  if (loan.pinned != 0) --blocks_.at(std::exchange(loan.pinned, 0)).pinned;
  loan.bytes = {};
}

void BlockLog::drop(const std::vector<Place>& places) {
  const std::scoped_lock lock(mutex_);
  for (const Place& place : places) {
    --blocks_.at(place.block).live;
    if (place.block != current_) remove_if_dead(place.block);
  }
}

void BlockLog::remove_if_dead(std::uint32_t number) {
  const auto found = blocks_.find(number);
  if (found == blocks_.end() || found->second.live != 0) return;
  Block& block = found->second;
  assert(block.pinned == 0);
  if (block.memory) {
    std::erase(in_memory_, number);
    spare_ = take_memory(block);
  } else {
    file_.free(block.file_offset, block.used);
  }
  blocks_.erase(found);
}

std::uint64_t BlockLog::bytes_in_memory() const {
  const std::scoped_lock lock(mutex_);
  return memory_bytes_;
}

std::uint64_t BlockLog::most_above_limit() const {
  const std::scoped_lock lock(mutex_);
  return most_above_;
}

std::uint64_t BlockLog::bytes_on_disk() const {
  const std::scoped_lock lock(mutex_);
  return file_.bytes();
}

}  // namespace tapestry::spool
