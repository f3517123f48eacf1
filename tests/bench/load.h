#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/g711.h"

namespace tapestry::bench {

/// What the load's frames are put into, as a mirror does.
enum class Tunnel : std::uint8_t { None, Vxlan, Erspan2 };

/// What a codec makes of a talker, packet by packet.
struct CodedSpeech {
  std::string encoding;                               ///< as in a=rtpmap
  std::uint32_t clock_hz = 8000;                      ///< of timestamps
  std::uint32_t ticks = 160;                          ///< of each payload
  std::vector<std::vector<std::uint8_t>> payloads{};  ///< callers say the first half, callees the second, over and over
  std::string parameters{};                           ///< as in a=fmtp; empty: none
};

/// A load: `waves` times `calls` calls at once, each of `seconds` of talk between two synthetic talkers, packets of 20
/// ms (or as `speech` has them) with up to 4 ms of jitter, INVITE, 180, 200, ACK, BYE, 200. Every call has its own
/// Call-ID, ports and SSRCs.
struct Load {
  std::uint32_t calls = 100;
  std::uint32_t seconds = 60;
  std::uint32_t spread_seconds = 1;  ///< calls of a wave begin within it, evenly
  std::uint32_t waves = 1;           ///< one begins as the one before ends: the capture grows, the calls at once do not
  std::uint32_t turn_seconds = 0;    ///< caller and callee speak in turns of that length (G.711 only); 0: both always
  Law law = Law::Mu;
  std::optional<CodedSpeech> speech{};  ///< instead of G.711
  Tunnel tunnel = Tunnel::None;
};

/// Writes the load as a pcap file in order of time, packet by packet: memory does not grow with its size. Equal loads
/// give equal bytes. Throws std::runtime_error when the file cannot be written.
void write_load(const std::filesystem::path& path, const Load& load);

/// Hours that all calls of the load talk, together.
double call_hours(const Load& load);

}  // namespace tapestry::bench
