#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::sip {

/// The UCID (universal call identifier, 20 digits: node, sequence, time) that Avaya's hosts put into User-to-User:
/// after the protocol discriminator 00 or 04 a list of type, length and value, in hexadecimal, of which type FA with 8
/// octets is one. `value` is one value of the header with its parameters, escaped or not (`%3B` for the semicolon).
/// Nothing when there is none. Linear.
std::optional<std::string> ucid_of(std::string_view value);

}  // namespace tapestry::sip
