#include "spool/memory_block.h"

#include <sys/mman.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace tapestry::spool {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kLargePage = 2U << 20U;

}  // namespace

MemoryBlock::MemoryBlock(std::size_t bytes) {
  // A large page must begin at a multiple of its size, which the system need not choose by itself.
  const std::size_t room = bytes + kLargePage;
  void* const mapped = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    throw std::runtime_error("spool: no memory for a block of " + std::to_string(bytes) +
                             " bytes: " + std::generic_category().message(errno));
  }
  void* memory = mapped;
  std::size_t left = room;
  std::align(kLargePage, bytes, memory, left);
  bytes_ = {static_cast<std::uint8_t*>(memory), bytes};
  if (left != room) (void)munmap(mapped, room - left);
  void* rest = bytes_.data() + bytes_.size();
  left -= bytes;
  if (std::align(kPage, 1, rest, left) != nullptr) (void)munmap(rest, left);
  // Advice: where it is not taken, only speed is lost, or a core dump holds more.
  (void)madvise(memory, bytes, MADV_HUGEPAGE);
  (void)madvise(memory, bytes, MADV_DONTDUMP);
}

MemoryBlock::~MemoryBlock() {
  if (!bytes_.empty()) (void)munmap(bytes_.data(), bytes_.size());
}

MemoryBlock::MemoryBlock(MemoryBlock&& from) noexcept : bytes_(std::exchange(from.bytes_, {})) {}

MemoryBlock& MemoryBlock::operator=(MemoryBlock&& from) noexcept {
  std::swap(bytes_, from.bytes_);
  return *this;
}

}  // namespace tapestry::spool
