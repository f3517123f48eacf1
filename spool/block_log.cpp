#include "spool/block_log.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace tapestry::spool {

BlockLog::BlockLog(const std::filesystem::path& folder, const Limits& limits)
    : limits_(limits), file_(folder, limits.block_bytes) {}

Place BlockLog::append(Bytes head, Bytes body) {
  const std::scoped_lock lock(mutex_);
  const std::size_t length = head.size() + body.size();
  Block& block = room_for(length);
  const Place place{current_, block.used, static_cast<std::uint32_t>(length)};
  const std::span<std::uint8_t> room = block.memory->bytes().subspan(block.used, length);
  std::ranges::copy(head, room.begin());
  std::ranges::copy(body, room.subspan(head.size()).begin());
  block.used += place.length;
  ++block.live;
  return place;
}

BlockLog::Block& BlockLog::room_for(std::size_t bytes) {
  if (const auto found = blocks_.find(current_); found != blocks_.end()) {
    if (found->second.used + bytes <= found->second.memory->bytes().size()) return found->second;
  }
  const std::uint64_t size = std::max<std::uint64_t>(bytes, limits_.block_bytes);
  spill_above(limits_.memory_bytes - std::min(limits_.memory_bytes, size));
  MemoryBlock memory = memory_for(size);
  const std::uint32_t full = current_++;
  in_memory_.push_back(current_);
  memory_bytes_ += size;
  Block& fresh = blocks_[current_];
  fresh.memory = std::move(memory);
  remove_if_dead(full);
  return fresh;
}

MemoryBlock BlockLog::memory_for(std::size_t bytes) {
  if (spare_ && spare_->bytes().size() == bytes) return *std::exchange(spare_, std::nullopt);
  return MemoryBlock(bytes);
}

void BlockLog::spill_above(std::uint64_t memory_bytes) {
  for (auto next = in_memory_.begin(); next != in_memory_.end() && memory_bytes_ > memory_bytes;) {
    Block& block = blocks_.at(*next);
    if (block.pinned != 0) {
      ++next;
      continue;
    }
    block.file_offset = file_.add(block.memory->bytes().first(block.used));
    memory_bytes_ -= block.memory->bytes().size();
    spare_ = std::exchange(block.memory, std::nullopt);
    next = in_memory_.erase(next);
  }
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
    memory_bytes_ -= block.memory->bytes().size();
    std::erase(in_memory_, number);
    spare_ = std::move(block.memory);
  } else {
    file_.free(block.file_offset, block.used);
  }
  blocks_.erase(found);
}

std::uint64_t BlockLog::bytes_in_memory() const {
  const std::scoped_lock lock(mutex_);
  return memory_bytes_;
}

std::uint64_t BlockLog::bytes_on_disk() const {
  const std::scoped_lock lock(mutex_);
  return file_.bytes();
}

}  // namespace tapestry::spool
