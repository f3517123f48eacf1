#include "tests/support/captured_stream.h"

#include <map>

#include "capture/decoder.h"
#include "capture/file_source.h"
#include "rtp/packet.h"
#include "tests/support/recording_receiver.h"

namespace tapestry::testing {

std::vector<std::vector<std::uint8_t>> longest_stream(const std::filesystem::path& capture, std::uint8_t type) {
  const auto source = capture::open_file(capture.string());
  RecordingReceiver receiver;
  capture::Decoder decoder(receiver);
  capture::Frame frame;
  while (source->next(frame)) decoder.decode(frame);
  std::map<std::uint32_t, std::map<std::uint32_t, std::vector<std::uint8_t>>> streams;  // by SSRC and timestamp
  for (const auto& datagram : receiver.datagrams) {
    const auto packet = rtp::parse_packet(as_bytes(datagram.payload), datagram.time);
    if (!packet || packet->payload_type != type) continue;
    streams[packet->ssrc][packet->timestamp] = {packet->payload.begin(), packet->payload.end()};
  }
  std::vector<std::vector<std::uint8_t>> longest;
  for (const auto& [ssrc, packets] : streams) {
    if (packets.size() <= longest.size()) continue;
    longest.clear();
    for (const auto& [timestamp, payload] : packets) longest.push_back(payload);
  }
  return longest;
}

}  // namespace tapestry::testing
