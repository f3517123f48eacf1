// a=crypto's key parameters from any bytes: the bounds hold.
#include <cstdint>
#include <cstdlib>

#include "sipparse/key_params.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tapestry;
  const auto keys = sip::parse_key_params(as_text(Bytes(data, size)));
  if (keys.size() > sip::kMaxInlineKeys) std::abort();
  for (const auto& key : keys) {
    if (key.key_salt.empty() || key.key_salt.bytes().size() > size) std::abort();
    if (key.mki.size() > sip::kMostMkiBytes) std::abort();
  }
  return 0;
}
