#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"

namespace tapestry::rtp {

/// One block of a RED payload (RFC 2198 §3).
struct RedBlock {
  std::uint8_t payload_type = 0;
  std::uint32_t ticks_before = 0;  ///< how much earlier than the packet's its timestamp is; 0: the primary one
  Bytes bytes;                     ///< a view of the payload
};

/// The primary block; nothing when the payload is no RED.
std::optional<RedBlock> primary_block(Bytes payload) noexcept;
/// Replaces `blocks` by all but the primary one, in order; none when the payload is no RED.
void redundant_blocks(Bytes payload, std::vector<RedBlock>& blocks);

}  // namespace tapestry::rtp
