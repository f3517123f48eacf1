#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

namespace tapestry::vconout {

/// UUID version 8 as draft-ietf-vcon-vcon-core-04 §4.1 lays it out: 48 bits of Unix milliseconds, version, 12 bits
/// `counter`, variant, and the high 62 bits of SHA-1(host). `recorder.example.com`, 0x019f15a6a752, 0x26f gives
/// `019f15a6-a752-826f-bb82-041452eb905f`.
std::string uuid8(std::string_view host, Time time, std::uint16_t counter);

/// Whether the text has a UUID's form (RFC 9562 §4), in digits of either case.
bool is_uuid(std::string_view text) noexcept;

}  // namespace tapestry::vconout
