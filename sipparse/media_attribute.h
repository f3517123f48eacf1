#pragma once
#include <optional>
#include <string_view>

#include "sipparse/sdp.h"

namespace tapestry::sip {

/// Writes what one a= line (`name:value`, trimmed) of a media description tells into it; attributes unknown here change
/// nothing. `a=rtcp` without an address gets the unspecified one.
void apply_attribute(MediaDescription& media, std::string_view attribute);

/// `sendonly` and its like (RFC 8866 §6.7) in any case.
std::optional<Direction> parse_direction(std::string_view name) noexcept;

/// The format with that number; nullptr when the m-line does not list it.
PayloadFormat* find_format(MediaDescription& media, std::uint8_t payload_type) noexcept;

}  // namespace tapestry::sip
