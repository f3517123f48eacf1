#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "mux/e_model.h"
#include "rtp/chunk.h"
#include "rtp/rtcp_view.h"

namespace tapestry::mux {

/// How long the receiver by which we call a packet `discarded` waits for late packets.
constexpr Duration kJitterBuffer = std::chrono::milliseconds(60);
/// Gmin of RFC 3611 §4.7.2: so many packets in a row without loss end a burst.
constexpr std::uint64_t kGmin = 16;

/// What the sequence numbers of some packets tell.
struct PacketCounts {
  std::uint64_t expected = 0;
  std::uint64_t received = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t reordered = 0;
};

/// RFC 3550 A.8, after each packet.
struct Jitter {
  double mean_ms = 0;
  double most_ms = 0;
};

/// RFC 3611 §4.7.2, counted from the packets themselves; a loss here is a packet that was lost or discarded.
struct Bursts {
  std::uint64_t packets = 0;  ///< of which these figures speak
  std::uint64_t losses = 0;
  std::uint64_t runs = 0;    ///< of losses that follow each other
  std::uint64_t count = 0;   ///< bursts
  double burst_density = 0;  ///< losses within bursts, of their packets
  double gap_density = 0;    ///< losses between bursts, of their packets
  double burst_packets = 0;  ///< mean length
  double gap_packets = 0;    ///< mean length; with `count` bursts there are count + 1 gaps
  friend bool operator==(const Bursts&, const Bursts&) = default;
};

/// How well one stream came, as far as a recording uses it.
struct StreamQuality {
  rtp::FlowKey flow;
  int channel = 0;
  std::vector<std::string> codecs;  ///< encodings of its audio, upper-case, sorted
  PacketCounts packets;
  std::uint64_t discarded = 0;  ///< came too late for the receiver that quality.h describes
  Duration packet_time{};       ///< mean length of a packet's audio; 0 when there is none
  std::uint32_t clock_hz = 0;   ///< of its audio; 0 when there is none
  Jitter jitter;
  Bursts bursts;
  std::optional<EModel> e_model;  ///< where its one codec has published factors
  rtp::RtcpView rtcp;
};

}  // namespace tapestry::mux
