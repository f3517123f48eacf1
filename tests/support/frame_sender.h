#pragma once
#include <span>
#include <string>

#include "tests/support/sample_call.h"

namespace tapestry::testing {

/// Sends Ethernet frames from an interface as they were captured: with the distances in time that they have, divided by
/// `speed`. Blocks until all are sent. Throws std::runtime_error when packets cannot be sent there.
void send_frames(const std::string& interface, std::span<const TimedFrame> frames, double speed = 1);

}  // namespace tapestry::testing
