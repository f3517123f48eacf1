#include "mux/wav_writer.h"

#include <vector>

#include "mux/output_file.h"
#include "mux/wav_header.h"

namespace tapestry::mux {
namespace {

void put(std::uint8_t* to, std::uint8_t code) noexcept { *to = code; }

void put(std::uint8_t* to, std::int16_t sample) noexcept {
  const auto bits = static_cast<std::uint16_t>(sample);
  to[0] = static_cast<std::uint8_t>(bits);
  to[1] = static_cast<std::uint8_t>(bits >> 8U);
}

template <class Sample>
class WavWriter final : public Writer<Sample> {
 public:
  WavWriter(const Destination& to, WavCoding coding, const FileTags& tags, Rate rate, std::uint64_t frames)
      : output_(to), left_(frames) {
    output_.write(wav_header({.coding = coding, .channels = 2, .rate_hz = rate.hz}, tags, frames));
  }

  void write(std::span<const Sample> left, std::span<const Sample> right) override {
    if (left.size() > left_) output_.fail("more samples than were said");
    left_ -= left.size();
    both_.resize(2 * sizeof(Sample) * left.size());
    std::uint8_t* to = both_.data();
    for (std::size_t i = 0; i < left.size(); ++i) {
      put(to, left[i]);
      put(to + sizeof(Sample), right[i]);
      to += 2 * sizeof(Sample);
    }
    output_.write(both_);
  }

  void finish() override {
    if (left_ != 0) output_.fail("fewer samples than were said");
  }

 private:
  OutputFile output_;
  std::uint64_t left_;
  std::vector<std::uint8_t> both_;
};

}  // namespace

std::unique_ptr<Writer<std::int16_t>> make_wav_writer(const Destination& to, const FileTags& tags, Rate rate,
                                                      std::uint64_t frames) {
  return std::make_unique<WavWriter<std::int16_t>>(to, WavCoding::Pcm16, tags, rate, frames);
}

std::unique_ptr<Writer<std::uint8_t>> make_g711_writer(const Destination& to, const FileTags& tags,
                                                       std::uint64_t frames, Law law) {
  const WavCoding coding = law == Law::Mu ? WavCoding::MuLaw : WavCoding::ALaw;
  return std::make_unique<WavWriter<std::uint8_t>>(to, coding, tags, kNarrowband, frames);
}

}  // namespace tapestry::mux
