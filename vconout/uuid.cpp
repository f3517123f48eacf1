#include "vconout/uuid.h"

#include <fmt/format.h>

#include "core/bytes.h"
#include "vconout/digest.h"

namespace tapestry::vconout {

std::string uuid8(std::string_view host, Time time, std::uint16_t counter) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::uint64_t millis = static_cast<std::uint64_t>(since) & 0xffff'ffff'ffffULL;
  const auto sha1 = digest(Digest::Kind::Sha1, as_bytes(host));
  const std::uint64_t low = Cursor(sha1).u64() >> 2U | 0x8000'0000'0000'0000ULL;
  return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}", millis >> 16U, millis & 0xffffU, counter & 0xfffU,
                     low >> 48U, low & 0xffff'ffff'ffffULL);
}

bool is_uuid(std::string_view text) noexcept {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace tapestry::vconout
