#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace tapestry::spool {

/// Memory straight from the system: in large pages where there are any, never part of a core dump, given back when it
/// dies. Throws std::runtime_error when the system has no more.
class MemoryBlock {
 public:
  explicit MemoryBlock(std::size_t bytes);
  ~MemoryBlock();
  MemoryBlock(MemoryBlock&& from) noexcept;
  MemoryBlock& operator=(MemoryBlock&& from) noexcept;

  [[nodiscard]] std::span<std::uint8_t> bytes() const noexcept { return bytes_; }

 private:
  std::span<std::uint8_t> bytes_;
};

}  // namespace tapestry::spool
