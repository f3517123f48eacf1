#include "core/bytes.h"

namespace tapestry {

std::string_view as_text(Bytes bytes) noexcept {
  const void* start = bytes.data();
  return {static_cast<const char*>(start), bytes.size()};
}

Bytes as_bytes(std::string_view text) noexcept {
  const void* start = text.data();
  return {static_cast<const std::uint8_t*>(start), text.size()};
}

}  // namespace tapestry
