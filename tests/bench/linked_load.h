#pragma once
#include <cstdint>
#include <filesystem>

#include "core/time.h"

namespace tapestry::bench {

/// A load for what links calls. Customers come through a session border controller; agents have phones of their own and
/// get one call after the other. Of five calls one is transferred by REFER (blind: the controller calls the second
/// agent), so six dialogs are five conversations. Every dialog has Session-IDs (RFC 7989), of which the customer's goes
/// on after a transfer.
struct LinkedLoad {
  std::uint32_t groups = 1'000;    ///< of six dialogs
  std::uint32_t at_once = 10'000;  ///< dialogs
  std::uint32_t seconds = 30;      ///< each dialog's talk
  bool media = false;              ///< G.711 in both directions, packets of 20 ms

  [[nodiscard]] std::uint32_t dialogs() const noexcept { return groups * 6; }
  [[nodiscard]] std::uint32_t conversations() const noexcept { return groups * 5; }
};

/// Five minutes after the load's last dialog has ended. From there on nothing comes but an OPTIONS every ten seconds,
/// for 25 hours.
Time quiet_since(const LinkedLoad& load);

/// Writes the load as a pcap file (or into a pipe) in order of time: memory does not grow with its size. Equal loads
/// give equal bytes. Throws std::runtime_error when it cannot be written.
void write_linked_load(const std::filesystem::path& path, const LinkedLoad& load);

}  // namespace tapestry::bench
