#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "verify/check.h"

/// A hostile vCon, signed or unsigned: whatever it says, the answer is a list of faults.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tapestry::as_text(tapestry::Bytes(data, size));
  (void)tapestry::verify::faults_in(text, {});
  (void)tapestry::verify::faults_in_payload(text, {});
  return 0;
}
