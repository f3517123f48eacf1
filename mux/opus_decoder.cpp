#include "mux/opus_decoder.h"

#include <opus/opus.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace tapestry::mux {
namespace {

constexpr int kClockHz = 48'000;
constexpr std::size_t kDtxBytes = 2;

struct Destroy {
  void operator()(OpusDecoder* decoder) const noexcept { opus_decoder_destroy(decoder); }
};

class LibopusDecoder final : public Decoder {
 public:
  explicit LibopusDecoder(Rate rate) : rate_(rate) {
    int status = OPUS_OK;
    decoder_.reset(opus_decoder_create(static_cast<opus_int32>(rate.hz), 1, &status));
    if (status != OPUS_OK) throw std::runtime_error(std::string("mux: Opus decoder: ") + opus_strerror(status));
  }

  [[nodiscard]] std::uint32_t rate_hz() const noexcept override { return rate_.hz; }

  bool decode(Bytes payload, std::vector<std::int16_t>& samples) override {
    return payload.empty() || append(payload, longest(), false, samples);
  }

  bool recover(std::size_t count, Bytes next, std::vector<std::int16_t>& samples) override {
    const auto unit = static_cast<std::size_t>(rate_.hz / 400);
    if (count % unit != 0) return false;
    const std::size_t before = samples.size();
    const int length = next.empty() ? 0
                                    : opus_packet_get_nb_samples(next.data(), static_cast<opus_int32>(next.size()),
                                                                 static_cast<opus_int32>(rate_.hz));
    const std::size_t last =
        length > 0 && static_cast<std::size_t>(length) <= count ? static_cast<std::size_t>(length) : 0;
    bool done = true;
    for (std::size_t left = count - last; done && left > 0;) {
      const std::size_t now = std::min(left, longest());
      done = append({}, now, false, samples);
      left -= now;
    }
    if (done && last > 0) done = append(next, last, true, samples);
    if (!done) samples.resize(before);
    return done;
  }

 private:
  /// RFC 6716 §2.1.4: 120 ms.
  [[nodiscard]] std::size_t longest() const noexcept { return std::size_t{rate_.hz} / 25 * 3; }

  /// An empty packet is a lost one.
  bool append(Bytes packet, std::size_t most, bool fec, std::vector<std::int16_t>& samples) {
    const std::size_t before = samples.size();
    samples.resize(before + most);
    const int count =
        opus_decode(decoder_.get(), packet.empty() ? nullptr : packet.data(), static_cast<opus_int32>(packet.size()),
                    samples.data() + before, static_cast<int>(most), fec ? 1 : 0);
    samples.resize(before + static_cast<std::size_t>(std::max(count, 0)));
    return count > 0;
  }

  Rate rate_;
  std::unique_ptr<OpusDecoder, Destroy> decoder_;
};

}  // namespace

std::optional<PayloadTime> measure_opus(Bytes payload) noexcept {
  std::array<const unsigned char*, 48> frames{};
  std::array<opus_int16, 48> sizes{};
  unsigned char toc = 0;
  int offset = 0;
  const auto size = static_cast<opus_int32>(payload.size());
  const int count = opus_packet_parse(payload.data(), size, &toc, frames.data(), sizes.data(), &offset);
  const int samples = count > 0 ? opus_packet_get_nb_samples(payload.data(), size, kClockHz) : 0;
  if (samples <= 0) return std::nullopt;
  return PayloadTime{.ticks = static_cast<std::uint32_t>(samples),
                     .pauses = payload.size() <= kDtxBytes * static_cast<std::size_t>(count)};
}

std::unique_ptr<Decoder> make_opus_decoder(Rate rate) { return std::make_unique<LibopusDecoder>(rate); }

}  // namespace tapestry::mux
