#pragma once
#include <string>
#include <string_view>

#include "calls/call.h"

namespace tapestry::calls {

/// The user part of an address of record; a tel URI's number. Empty when there is none.
std::string_view user_of(std::string_view uri) noexcept;

/// What is the same for two addresses of one party on several hosts' lips: of a number of seven digits or more its last
/// nine (`+1 202 555 0101`, `12025550101` and `2025550101` are one), else the user part. Empty when there is none.
std::string identity_of(std::string_view uri);

/// The host that the caller signals from: of the first INVITE, or of the first message seen.
IpAddress caller_host(const Call& call);
/// The host that answered, or the last one that an INVITE reached.
IpAddress callee_host(const Call& call);
/// One of the two.
IpAddress host_of(const Call& call, Side side);

}  // namespace tapestry::calls
