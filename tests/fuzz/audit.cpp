#include <cassert>
#include <cstddef>
#include <cstdint>
#include <sstream>

#include "core/bytes.h"
#include "verify/audit.h"

/// A hostile audit log: whatever it says, lines are counted and faults told.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream log{std::string(tapestry::as_text(tapestry::Bytes(data, size)))};
  std::uint64_t told = 0;
  const auto result = tapestry::verify::check_audit(log, [&told](const tapestry::verify::AuditEntry&) { ++told; });
  assert(told == result.entries && result.entries <= result.lines);
  assert(result.first_fault.has_value() == (result.faults != 0));
  return 0;
}
