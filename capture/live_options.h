#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/address.h"

// How live sources capture, as plain data.
namespace tapestry::capture {

struct RingOptions {
  std::string interface;
  std::size_t bytes = 256U << 20U;
  std::chrono::milliseconds block_time{40};  ///< a block that is not full is handed over after so long
  bool promiscuous = true;
  bool outgoing = false;       ///< also what this host sends
  bool hardware_time = false;  ///< the NIC's timestamps, where it gives any
  bool keep = false;           ///< what was read stays in the ring until it is released
};

struct InterfaceOptions {
  RingOptions ring;       ///< of each; its bytes are for all rings together
  std::size_t rings = 1;  ///< so many sockets share the interface's packets (fanout_program)
  std::string filter{};   ///< pcap-filter(7); empty: everything
  std::uint32_t snaplen = 262'144;
};

struct FolderOptions {
  std::filesystem::path folder;
  std::string pattern = "*.pcap*";   ///< of names, as in a shell (fnmatch(3))
  std::chrono::seconds settled{60};  ///< a file that nobody closed is complete when it did not change for so long
  bool remove = false;               ///< files that were read are deleted
};

struct HepOptions {
  Endpoint listen;
  std::vector<Cidr> from{};  ///< who is listened to; empty: everybody
  std::size_t buffer = 16U << 20U;
};

}  // namespace tapestry::capture
