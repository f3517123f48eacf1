#include "core/hash.h"

#include <sys/random.h>

namespace tapestry {

std::uint64_t hash_seed() noexcept {
  static const std::uint64_t seed = [] {
    std::uint64_t value = 0x5bd1e9955bd1e995ULL;
    (void)!getrandom(&value, sizeof value, 0);
    return value;
  }();
  return seed;
}

std::uint64_t hash_bytes(Bytes bytes) noexcept {
  std::uint64_t hash = hash_mix(hash_seed(), bytes.size());
  while (bytes.size() >= 8) {
    hash = hash_mix(hash, load<std::uint64_t>(bytes));
    bytes = bytes.subspan(8);
  }
  std::uint64_t tail = 0;
  for (const std::uint8_t byte : bytes) tail = tail << 8U | byte;
  return hash_mix(hash, tail);
}

}  // namespace tapestry
