// Key logs from any bytes: however they are cut into pieces, the same secrets come out.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/bytes.h"
#include "core/hash.h"
#include "tls/key_log.h"

namespace {

using namespace tapestry;

void require(bool good) {
  if (!good) std::abort();
}

std::uint64_t value_of(const Counters& counters, std::string_view name) {
  const auto found = std::ranges::find(counters, name, &Counter::name);
  return found == counters.end() ? 0 : found->value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  tls::KeyLog whole(3);
  whole.add(as_text(bytes));
  tls::KeyLog pieces(3);
  std::uint64_t state = size;
  for (Bytes rest = bytes; !rest.empty();) {
    state = hash_mix(state, rest.size());
    const std::size_t length = std::min<std::size_t>(rest.size(), 1 + state % 50);
    pieces.add(as_text(rest.first(length)));
    rest = rest.subspan(length);
  }
  require(whole.generation() == pieces.generation());
  for (const std::string_view name : {"keylog.secrets_dropped", "keylog.malformed_lines"}) {
    require(value_of(whole.counters(), name) == value_of(pieces.counters(), name));
  }
  return 0;
}
