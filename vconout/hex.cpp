#include "vconout/hex.h"

#include <fmt/format.h>

namespace tapestry::vconout {

std::string hex(Bytes bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace tapestry::vconout
