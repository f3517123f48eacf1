#include "mux/measure.h"

#include <limits>
#include <vector>

#include "mux/amr_payload.h"
#include "mux/frames.h"
#include "mux/opus_decoder.h"
#include "mux/speex_payload.h"

namespace tapestry::mux {
namespace {

using Ticks = std::optional<PayloadTime>;

Ticks measure_frames(const Codec& codec, Bytes payload) {
  FrameReader frames(codec, payload);
  PayloadTime time;
  while (const auto frame = frames.next()) {
    time.ticks += frame->ticks;
    time.pauses = !frame->speech;
  }
  return frames.whole() ? Ticks(time) : std::nullopt;
}

Ticks measure_amr(const Codec& codec, Bytes payload) {
  std::vector<AmrFrame> frames;
  if (!read_amr(codec, payload, frames)) return std::nullopt;
  return PayloadTime{.ticks = static_cast<std::uint32_t>(frames.size()) * codec.clock_hz / 50,
                     .pauses = frames.back().kind != AmrFrame::Kind::Speech};
}

Ticks measure_speex(const Codec& codec, Bytes payload) {
  const auto frames = count_speex_frames(payload, codec.sample_hz);
  if (!frames) return std::nullopt;
  // Fewer bytes than the least submode of speech has: comfort noise, and its sender stops.
  return PayloadTime{.ticks = *frames * (codec.clock_hz / 50), .pauses = payload.size() <= 6};
}

Ticks measure_bytes(const Codec& codec, std::size_t bytes) {
  const auto ticks = [](std::size_t count) { return PayloadTime{.ticks = static_cast<std::uint32_t>(count)}; };
  switch (codec.coding) {
    case Coding::G722:
      return ticks(bytes);
    case Coding::G726:
    case Coding::G726Aal2:
      return ticks(bytes * 8 / codec.sample_bits);
    case Coding::L16:
      if (bytes % (2 * std::size_t{codec.channels}) != 0) return std::nullopt;
      return ticks(bytes / 2 / codec.channels);
    case Coding::Dvi4:
      if (bytes <= 4) return std::nullopt;
      return ticks((bytes - 4) * 2);
    default:
      return std::nullopt;
  }
}

Ticks measure_any(const Codec& codec, Bytes payload) {
  switch (codec.coding) {
    case Coding::G723:
    case Coding::G729:
    case Coding::Gsm:
    case Coding::Ilbc:
      return measure_frames(codec, payload);
    case Coding::Amr:
    case Coding::AmrWb:
      return measure_amr(codec, payload);
    case Coding::Speex:
      return measure_speex(codec, payload);
    case Coding::Opus:
      return measure_opus(payload);
    default:
      return measure_bytes(codec, payload.size());
  }
}

}  // namespace

std::optional<PayloadTime> measure(const Codec& codec, Bytes payload) {
  const bool g711 = codec.coding == Coding::PcmMu || codec.coding == Coding::PcmA;
  // Most packets by far are G.711's.
  const Ticks time = g711 || payload.empty() ? PayloadTime{.ticks = static_cast<std::uint32_t>(payload.size())}
                                             : measure_any(codec, payload);
  if (!time || time->ticks > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return time;
}

}  // namespace tapestry::mux
