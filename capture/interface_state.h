#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace tapestry::capture {

/// What the system says of an interface.
struct InterfaceState {
  int index = 0;
  bool up = false;            ///< by the administrator, and with a carrier
  std::uint32_t missed = 0;   ///< packets that the NIC had no room for (rx_missed_errors, rx_fifo_errors); wraps
  std::uint32_t dropped = 0;  ///< rx_dropped: also what nobody wanted; wraps
};

/// Nothing when there is no interface of that name; the errno when the system does not say.
[[nodiscard]] std::expected<std::optional<InterfaceState>, int> interface_state(const std::string& name);

}  // namespace tapestry::capture
