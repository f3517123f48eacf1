#pragma once
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/time.h"
#include "tests/support/packet_builder.h"
#include "tests/support/voice.h"

namespace tapestry::testing {

struct TimedFrame {
  Time time;
  Buffer frame;  ///< Ethernet
};

/// A complete conversation: a customer calls agent 1001 through a proxy (each message is seen on both hops), is asked
/// for credentials (407), talks, is put on hold with music (sendonly), talks again, and hangs up. G.711 mu-law, 20 ms.
struct SampleCall {
  Time start;
  std::string call_id = "4f1d9e3a@203.0.113.10";
  std::string customer_user = "+15550100";
  std::string agent_user = "1001";
  Endpoint customer = endpoint("203.0.113.10:5060");
  Endpoint proxy = endpoint("198.51.100.5:5060");
  Endpoint agent = endpoint("10.1.0.11:5060");
  std::uint16_t customer_port = 40'000;  ///< of its media
  std::uint16_t agent_port = 16'400;
  std::uint32_t ssrc = 0x1a2b3c00;  ///< the customer's; the agent's is one more
  double ring_seconds = 2;
  double talk_seconds = 12;  ///< before the hold
  double hold_seconds = 6;   ///< 0: no hold, and no talk after it
  double rest_seconds = 13;  ///< talk after the hold
  double loss_at = 24;       ///< seconds after the answer; the customer's packets of 400 ms are missing. Negative: none
  /// More attribute lines, each with CR LF, for the SDP of that end (true: the customer's) and version (1, 2, ...).
  std::function<std::string(bool customer, int version)> attributes{};
  /// What is sent in an RTP packet's place; `since` is seconds after the answer.
  std::function<Buffer(bool customer, double since, const Buffer& rtp)> protect{};
  /// Where set, the proxy relays media: these are the attribute lines of the SDP that it writes for the hop beyond it,
  /// and the media is there a second time, from and to its own ports, as `protect_relayed` makes it.
  std::function<std::string(bool customer, int version)> relayed_attributes{};
  std::function<Buffer(bool customer, double since, const Buffer& rtp)> protect_relayed{};
  bool jitter = true;  ///< arrival times wander by up to 12 ms, one packet in 200 comes late, one in 300 twice
};

inline constexpr Voice kCustomerVoice{.pitch_hz = 205, .level = 7000};
inline constexpr Voice kAgentVoice{.pitch_hz = 118, .level = 8000};

/// Seconds from SampleCall::start to the answer (200 on the agent's hop).
double answer_offset(const SampleCall& call);

/// All of its frames in order of time. The same call gives the same bytes.
std::vector<TimedFrame> frames_of(const SampleCall& call);

/// Frames as a pcap file with microseconds; they are sorted first.
void write_pcap(std::ostream& out, std::vector<TimedFrame> frames);

}  // namespace tapestry::testing
