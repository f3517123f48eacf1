#include "mux/opus_channel.h"

#include <opus/opus.h>

#include <array>
#include <cassert>
#include <stdexcept>
#include <string>

namespace tapestry::mux {
namespace {

constexpr std::size_t kMaxPacket = 1276;  ///< RFC 6716 §3.4: 1,275 bytes of frame and a TOC

// Mono, one frame of 20 ms (RFC 6716 §3.1). SILK: inactive, the least gain, the flattest filter (first NLSF vector, no
// residual), no pulses, and a seed whose noise rounds to 0. CELT: the flag `silence` (§4.3).
constexpr std::array<std::uint8_t, 6> kSilkNarrowband{1U << 3U, 0x00, 0x09, 0xf2, 0x94, 0xf0};
constexpr std::array<std::uint8_t, 6> kSilkMediumband{5U << 3U, 0x00, 0x09, 0xeb, 0x49, 0xf3};
constexpr std::array<std::uint8_t, 7> kSilkWideband{9U << 3U, 0x00, 0x09, 0xd1, 0x7f, 0x42, 0xe8};
constexpr std::array<std::uint8_t, 3> kCeltNarrowband{19U << 3U, 0xff, 0xfe};
constexpr std::array<std::uint8_t, 3> kCeltWideband{23U << 3U, 0xff, 0xfe};

void check(int status, const char* what) {
  if (status < 0) throw std::runtime_error(std::string("mux: Opus encoder, ") + what + ": " + opus_strerror(status));
}

}  // namespace

void OpusChannel::Destroy::operator()(OpusEncoder* encoder) const noexcept { opus_encoder_destroy(encoder); }

OpusChannel::OpusChannel(Rate rate, const OpusSettings& settings)
    : gating_(settings.gating), frame_(rate.hz / 50), packet_(kMaxPacket) {
  int status = OPUS_OK;
  encoder_.reset(opus_encoder_create(static_cast<opus_int32>(rate.hz), 1, OPUS_APPLICATION_VOIP, &status));
  check(status, "create");
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(settings.bitrate_bps)), "bitrate");
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(settings.complexity)), "complexity");
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_VBR(1)), "VBR");
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE)), "signal");
  opus_int32 lookahead = 0;
  check(opus_encoder_ctl(encoder_.get(), OPUS_GET_LOOKAHEAD(&lookahead)), "lookahead");
  lookahead_ = lookahead;
}

Bytes OpusChannel::encode(std::span<const std::int16_t> frame) {
  assert(frame.size() == frame_);
  if (gating_ && !gate_.passes(frame)) {
    if (const Bytes packet = silent_packet(toc_); !packet.empty()) {
      resting_ = true;
      return packet;
    }
  }
  // The decoder's history is zeros now, and so must be the encoder's.
  if (resting_) check(opus_encoder_ctl(encoder_.get(), OPUS_RESET_STATE), "reset");
  resting_ = false;
  const Bytes packet = encode_frame(frame);
  toc_ = packet[0];
  return packet;
}

Bytes OpusChannel::encode_frame(std::span<const std::int16_t> frame) {
  const int size = opus_encode(encoder_.get(), frame.data(), static_cast<int>(frame.size()), packet_.data(),
                               static_cast<opus_int32>(packet_.size()));
  check(size, "encode");
  return Bytes(packet_).first(static_cast<std::size_t>(size));
}

Bytes silent_packet(std::uint8_t toc) noexcept {
  for (const Bytes packet : {Bytes(kSilkNarrowband), Bytes(kSilkMediumband), Bytes(kSilkWideband),
                             Bytes(kCeltNarrowband), Bytes(kCeltWideband)}) {
    if (packet[0] == toc) return packet;
  }
  return {};
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
