#pragma once
#include <optional>

#include "core/bytes.h"
#include "pause/marker_rule.h"

namespace tapestry::pause {

/// What one end said last of recording in its SDP (RFC 7866 §6).
enum class Recording : std::uint8_t { Unknown, On, Off, Paused };

/// What an SDP says: of several lines (session and media level) the one that records least, but `off`, which says
/// nothing beside others.
struct RecordLines {
  std::optional<Recording> state{};       ///< a=record
  std::optional<Recording> preference{};  ///< a=recordpref: `pause` is Paused; `nopreference` is none
};
/// Reads a whole SDP body; linear.
RecordLines parse_record_lines(Bytes sdp);

/// What a new state after `before` asks for. `off` that was never `on` asks for nothing: phones send it in ordinary
/// calls that nobody records. What begins a dialog (`initial`) can only pause: `on` is how a call usually begins.
std::optional<Action> asked_by_state(Recording before, Recording now, bool initial) noexcept;
/// The same for a preference: a request by a party that knows of the recorder, where `off` always asks for something.
std::optional<Action> asked_by_preference(Recording before, Recording now, bool initial) noexcept;

}  // namespace tapestry::pause
