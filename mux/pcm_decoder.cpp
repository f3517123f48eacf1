#include "mux/pcm_decoder.h"

#include <span>

#include "core/g711.h"

namespace tapestry::mux {
namespace {

class G711Decoder final : public Decoder {
 public:
  G711Decoder(Law law, std::uint32_t rate_hz) : law_(law), rate_hz_(rate_hz) {}
  [[nodiscard]] std::uint32_t rate_hz() const noexcept override { return rate_hz_; }
  bool decode(Bytes payload, std::vector<std::int16_t>& samples) override {
    const std::size_t before = samples.size();
    samples.resize(before + payload.size());
    tapestry::decode(law_, payload, std::span(samples).subspan(before));
    return true;
  }

 private:
  Law law_;
  std::uint32_t rate_hz_;
};

class L16Decoder final : public Decoder {
 public:
  L16Decoder(int channels, std::uint32_t rate_hz) : channels_(channels), rate_hz_(rate_hz) {}
  [[nodiscard]] std::uint32_t rate_hz() const noexcept override { return rate_hz_; }
  bool decode(Bytes payload, std::vector<std::int16_t>& samples) override {
    Cursor cursor(payload);
    while (cursor.left() >= 2 * static_cast<std::size_t>(channels_)) {
      int sum = 0;
      for (int channel = 0; channel < channels_; ++channel) sum += static_cast<std::int16_t>(cursor.u16());
      samples.push_back(static_cast<std::int16_t>(sum / channels_));
    }
    return cursor.left() == 0;
  }

 private:
  int channels_;
  std::uint32_t rate_hz_;
};

}  // namespace

std::unique_ptr<Decoder> make_g711_decoder(const Codec& codec) {
  return std::make_unique<G711Decoder>(codec.coding == Coding::PcmMu ? Law::Mu : Law::A, codec.sample_hz);
}

std::unique_ptr<Decoder> make_l16_decoder(const Codec& codec) {
  return std::make_unique<L16Decoder>(codec.channels, codec.sample_hz);
}

}  // namespace tapestry::mux
