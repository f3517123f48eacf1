#pragma once
#include <optional>

#include "sipparse/message.h"

namespace tapestry::sip {

/// What an INFO of the package `x-cisco-mute-status` (RFC 6086 for packages) says of its sender: true when muted.
/// Nothing for any other message, and when neither the package's parameters nor the body say one of `muted`, `unmuted`
/// (with or without -d), `mute=on`, `off`, `true`, `false`, `1` or `0`, in any case and syntax around. Linear.
std::optional<bool> mute_status(const Message& message);

}  // namespace tapestry::sip
