#pragma once
#include <cstdint>
#include <filesystem>

namespace tapestry::bench {

/// The packets that libpcap finds in a capture. Throws std::runtime_error when it cannot be read.
std::uint64_t count_by_libpcap(const std::filesystem::path& capture);

/// Two ways through one file, in CPU nanoseconds a packet; medians of runs that took turns.
struct PacketCost {
  double floor_ns = 0;  ///< a bare pcap_loop that counts
  double ours_ns = 0;   ///< decoder, SIP parser, flow table, correlator and the copy into chunks; nothing kept
  std::uint64_t packets = 0;
};

/// Throws std::runtime_error when the file cannot be read, or when a packet is missing from what either way counted.
PacketCost measure_packets(const std::filesystem::path& capture, int rounds);

}  // namespace tapestry::bench
