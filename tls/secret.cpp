#include "tls/secret.h"

#include <algorithm>
#include <cassert>

namespace tapestry::tls {

Secret::Secret(Bytes bytes) noexcept : size_(bytes.size()) {
  assert(size_ <= kMost);
  std::ranges::copy(bytes, octets_.begin());
}

}  // namespace tapestry::tls
