#include "core/crc32c.h"

#include <array>

namespace tapestry {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // reflected

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < table.size(); ++n) {
    std::uint32_t value = n;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? value >> 1U ^ kPolynomial : value >> 1U;
    table[n] = value;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> kTable = make_table();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(Bytes bytes, std::uint32_t before) noexcept {
  std::uint64_t value = before ^ 0xffffffffU;
  while (bytes.size() >= sizeof(std::uint64_t)) {
    value = __builtin_ia32_crc32di(value, load<std::uint64_t>(bytes));
    bytes = bytes.subspan(sizeof(std::uint64_t));
  }
  auto rest = static_cast<std::uint32_t>(value);
  for (const std::uint8_t byte : bytes) rest = __builtin_ia32_crc32qi(rest, byte);
  return rest ^ 0xffffffffU;
}
#endif

}  // namespace

std::uint32_t crc32c_by_table(Bytes bytes, std::uint32_t before) noexcept {
  std::uint32_t value = before ^ 0xffffffffU;
  for (const std::uint8_t byte : bytes) value = kTable[(value ^ byte) & 0xffU] ^ value >> 8U;
  return value ^ 0xffffffffU;
}

std::uint32_t crc32c(Bytes bytes, std::uint32_t before) noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2") != 0) return by_instruction(bytes, before);
#endif
  return crc32c_by_table(bytes, before);
}

}  // namespace tapestry
