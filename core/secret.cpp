#include "core/secret.h"

#include <cstring>

namespace tapestry {

Secret::Secret(Bytes bytes) noexcept {
  if (bytes.empty() || bytes.size() > kMostBytes) return;
  std::memcpy(bytes_.data(), bytes.data(), bytes.size());
  used_ = bytes.size();
}

Secret::~Secret() { wipe(bytes_); }

void wipe(std::span<std::uint8_t> bytes) noexcept {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

}  // namespace tapestry
