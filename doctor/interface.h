#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "doctor/finding.h"

namespace tapestry::doctor {

/// A network interface, as /sys/class/net has it.
struct Interface {
  std::string name;
  bool present = false;
  bool up = false;           ///< by the administrator
  bool carrier = false;      ///< something is plugged in and alive
  bool promiscuous = false;  ///< now; a capture makes it so for its own time
  unsigned mtu = 0;
  std::uint64_t dropped = 0;  ///< rx_dropped since the interface was made
  std::uint64_t missed = 0;   ///< rx_missed_errors and rx_fifo_errors: the NIC had no room
};

/// What the NIC's driver tells by ethtool's ioctl; nothing where it tells nothing (virtual interfaces).
struct Nic {
  std::optional<bool> gro{};
  std::optional<bool> lro{};
  std::optional<std::uint32_t> ring{};       ///< receive descriptors in use
  std::optional<std::uint32_t> most_ring{};  ///< that the NIC could have
};

/// `sys`: the place of /sys.
[[nodiscard]] Interface read_interface(const std::filesystem::path& sys, const std::string& name);
/// Needs no privileges.
[[nodiscard]] Nic read_nic(const std::string& name) noexcept;

[[nodiscard]] Findings judge_interface(const Interface& interface);
/// Merged packets (GRO, LRO) are neither what was on the wire nor at its times; a small ring loses bursts.
[[nodiscard]] Findings judge_nic(const std::string& name, const Nic& nic);

}  // namespace tapestry::doctor
