#pragma once
#include <optional>
#include <string>

#include "core/address.h"
#include "core/time.h"

namespace tapestry::calls {

/// One marker as it was seen on the wire or given as a command, and what came of it: for the audit log. No digit that
/// was keyed is in it.
struct MarkerReport {
  Time time;              ///< packet time
  std::string rule;       ///< PauseMark::rule
  std::string action;     ///< `pause`, `resume`, `toggle`
  std::string message;    ///< PauseMark::message
  std::string call_id{};  ///< of the dialog that carried it; may be empty
  std::string from{};     ///< address of record of who sent it; may be empty
  Endpoint source{};      ///< of what carried it
  Endpoint destination{};
  bool honoured = false;
  std::string why;  ///< `paused`, `resumed`, `already paused`, `repeated`, `from the customer's side`, ...
  std::optional<Time> effective{};  ///< since when it holds; none when nothing changed
};

}  // namespace tapestry::calls
