#pragma once
#include "capture/bpf_program.h"

namespace tapestry::capture {

/// UDP ports of SIP, from and to: what comes from or goes to one of them stays in one ring.
inline constexpr std::uint16_t kFirstSipPort = 5060;
inline constexpr std::uint16_t kLastSipPort = 5090;

/// Where a packet's network header is when the kernel runs the program (SKF_NET_OFF).
inline constexpr std::uint32_t kNetworkHeader = 0xfff00000U;

/// A program for PACKET_FANOUT_CBPF. TCP, fragments, SIP over UDP and everything that is not UDP over IPv4 or IPv6 get
/// 0, the first ring, so that their order holds; other UDP gets a hash of addresses and ports that is the same both
/// ways. `network` is where the IP header lies: another place than kNetworkHeader is for interpreters.
BpfProgram fanout_program(std::uint32_t network = kNetworkHeader);

}  // namespace tapestry::capture
