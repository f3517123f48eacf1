#include "captured.h"

#include "tests/support/captured_stream.h"

namespace tapestry::mux {

std::vector<std::vector<std::uint8_t>> captured_payloads(const std::string& name, std::uint8_t type) {
  const std::filesystem::path path = std::filesystem::path(TAPESTRY_SHARED) / "captures/codecs" / name;
  if (!std::filesystem::exists(path)) {
    WARN("no " << name << ": skipped");
    return {};
  }
  return testing::longest_stream(path, type);
}

std::vector<Sent> send(const std::vector<std::vector<std::uint8_t>>& payloads, std::uint32_t ticks,
                       std::uint32_t clock_hz, Duration first, std::uint8_t type) {
  std::vector<Sent> packets;
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    Sent packet;
    packet.at = first + from_seconds(static_cast<double>(i * ticks) / clock_hz);
    packet.sequence = static_cast<std::uint16_t>(65'500 + i);
    packet.timestamp = static_cast<std::uint32_t>(0xffff'0000U + i * ticks);
    packet.payload = payloads[i];
    packet.type = type;
    packets.push_back(packet);
  }
  return packets;
}

void map_codec(Studio& studio, std::size_t track, const std::string& encoding, std::uint32_t clock_hz,
               const std::string& parameters, std::uint8_t channels, std::uint8_t type) {
  studio.map(track, type, encoding);
  calls::PayloadMapping& mapping = studio.tracks[track].payloads.back();
  mapping.clock_hz = clock_hz;
  mapping.parameters = parameters;
  mapping.channels = channels;
}

}  // namespace tapestry::mux
