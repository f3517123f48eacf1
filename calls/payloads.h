#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "calls/call.h"

namespace tapestry::calls {

/// How payload types sent by `sender` are to be read: by the receiver's SDP (RFC 3264 §5.1: the numbers that an end
/// wants to receive), then by the sender's own. Sorted by time; each (type, since) once.
std::vector<PayloadMapping> payload_mappings(const Call& call, Side sender, const std::string& media);

/// Encodings of the payload types that were really seen, sorted, each once. Types that nobody mapped are named by RFC
/// 3551's static table, or `payload type N`.
std::vector<std::string> encodings_of(const std::vector<PayloadMapping>& mappings, const rtp::FlowStats& stats);

/// Whether a payload type was seen that is audible without SDP: by RFC 3551's static table.
bool has_static_audio(const rtp::FlowStats& stats) noexcept;

/// Encodings (upper-case) that mux can make audible; a stream of others only is Use::Codec.
bool is_audible(std::string_view encoding) noexcept;

}  // namespace tapestry::calls
