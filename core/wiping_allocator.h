#pragma once
#include <cstring>
#include <memory>

namespace tapestry {

/// Overwrites memory before it gives it back: for containers that hold what was said, so that the heap keeps no copy of
/// it, also when they grow. Trivial types only, whose bytes are all there is to them.
template <class T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <class Other>
  explicit WipingAllocator(const WipingAllocator<Other>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept {
    explicit_bzero(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) = default;
};

}  // namespace tapestry
