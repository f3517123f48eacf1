#include "mux/opus_channel.h"

#include <opus/opus.h>

#include <cassert>
#include <stdexcept>
#include <string>

namespace tapestry::mux {
namespace {

constexpr std::size_t kMaxPacket = 1276;  ///< RFC 6716 §3.4: 1,275 bytes of frame and a TOC

void check(int status, const char* what) {
  if (status < 0) throw std::runtime_error(std::string("mux: Opus encoder, ") + what + ": " + opus_strerror(status));
}

}  // namespace

void OpusChannel::Destroy::operator()(OpusEncoder* encoder) const noexcept { opus_encoder_destroy(encoder); }

OpusChannel::OpusChannel(Rate rate, int bitrate_bps, int complexity) : frame_(rate.hz / 50), packet_(kMaxPacket) {
  int status = OPUS_OK;
  encoder_.reset(opus_encoder_create(static_cast<opus_int32>(rate.hz), 1, OPUS_APPLICATION_VOIP, &status));
  check(status, "create");
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(bitrate_bps)), "bitrate");
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(complexity)), "complexity");
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_VBR(1)), "VBR");
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE)), "signal");
  opus_int32 lookahead = 0;
  check(opus_encoder_ctl(encoder_.get(), OPUS_GET_LOOKAHEAD(&lookahead)), "lookahead");
  lookahead_ = lookahead;
}

Bytes OpusChannel::encode(std::span<const std::int16_t> frame) {
  assert(frame.size() == frame_);
  const int size = opus_encode(encoder_.get(), frame.data(), static_cast<int>(frame.size()), packet_.data(),
                               static_cast<opus_int32>(packet_.size()));
  check(size, "encode");
  return Bytes(packet_).first(static_cast<std::size_t>(size));
}

void append_self_delimited(Bytes packet, std::vector<std::uint8_t>& out) {
  constexpr std::size_t kOneOctet = 252;
  assert(!packet.empty() && (packet[0] & 3U) == 0);
  out.push_back(packet[0]);
  const std::size_t length = packet.size() - 1;
  if (length < kOneOctet) {
    out.push_back(static_cast<std::uint8_t>(length));
  } else {
    const std::size_t first = kOneOctet + (length & 3U);
    out.push_back(static_cast<std::uint8_t>(first));
    out.push_back(static_cast<std::uint8_t>((length - first) / 4));
  }
  out.insert(out.end(), packet.begin() + 1, packet.end());
}

}  // namespace tapestry::mux
