#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace tapestry::pause {

/// What asked for a pause, or for its end. No digit that was keyed is in it.
struct PauseMark {
  std::string rule;       ///< the marker's name in the configuration, or a preset's
  std::string message;    ///< `INFO`, `200 INVITE`, `telephone-event`, `tone`, `command`, ...
  std::string call_id{};  ///< of the dialog that carried it; may be empty
  std::string from{};     ///< address of record of who sent it; may be empty
  Time at;                ///< packet time
  friend bool operator==(const PauseMark&, const PauseMark&) = default;
};

/// What ended a pause.
enum class PauseEnd : std::uint8_t { Resume, Timeout, LegEnd, CallEnd };
std::string_view to_string(PauseEnd end) noexcept;  ///< `resume`, `timeout`, `leg-end`, `call-end`

/// Time of which nothing of a conversation is kept: its media from `start` up to `end`, whatever leg carried it.
struct Pause {
  Time start;                  ///< rolls are in it
  Time end;                    ///< Time::max() while it is open
  std::string reason = "pci";  ///< the rule's: `pci`, `privacy`, ...
  PauseMark opened;
  std::optional<PauseMark> closed{};  ///< with PauseEnd::Resume
  PauseEnd how = PauseEnd::CallEnd;
  friend bool operator==(const Pause&, const Pause&) = default;
};

}  // namespace tapestry::pause
