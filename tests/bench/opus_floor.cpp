#include "tests/bench/opus_floor.h"

#include <opus/opus.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

#include "tests/bench/measure.h"

namespace tapestry::bench {
namespace {

constexpr int kRateHz = 8'000;
constexpr std::size_t kMaxPacket = 1'276;

void check(int status) {
  if (status < 0) throw std::runtime_error(opus_strerror(status));
}

void encode(const Recording& recording, const mux::Options& options) {
  std::array<BareEncoder, 2> encoders{BareEncoder(kRateHz, options), BareEncoder(kRateHz, options)};
  const std::size_t size = encoders[0].frame();
  std::vector<std::int16_t> frame(size);
  for (std::size_t at = 0; at < recording.size(); at += 2 * size) {
    const std::size_t length = std::min(size, (recording.size() - at) / 2);
    for (std::size_t channel = 0; channel < encoders.size(); ++channel) {
      std::ranges::fill(frame, std::int16_t{0});
      for (std::size_t i = 0; i < length; ++i) frame[i] = recording[at + 2 * i + channel];
      encoders[channel].encode(frame.data());
    }
  }
}

Recording read_recording(const std::filesystem::path& path) {
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, int (*)(SNDFILE*)> file(sf_open(path.c_str(), SFM_READ, &info), sf_close);
  if (!file || info.channels != 2 || info.samplerate != kRateHz) {
    throw std::runtime_error(path.string() + " is no stereo recording at 8 kHz");
  }
  Recording recording(static_cast<std::size_t>(info.frames) * 2);
  if (sf_readf_short(file.get(), recording.data(), info.frames) != info.frames) {
    throw std::runtime_error(path.string() + " cannot be read");
  }
  return recording;
}

}  // namespace

// Defaults are mux's own for that rate.
BareEncoder::BareEncoder(std::uint32_t rate_hz, const mux::Options& options)
    : encoder_(nullptr, opus_encoder_destroy), frame_(rate_hz / 50) {
  const bool wide = rate_hz > 8'000;
  int status = OPUS_OK;
  encoder_.reset(opus_encoder_create(static_cast<opus_int32>(rate_hz), 1, OPUS_APPLICATION_VOIP, &status));
  check(status);
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(options.bitrate_bps.value_or(wide ? 24'000 : 16'000))));
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(options.complexity.value_or(wide ? 5 : 3))));
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_VBR(1)));
  check(opus_encoder_ctl(encoder_.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE)));
}

void BareEncoder::encode(const std::int16_t* samples) {
  std::array<unsigned char, kMaxPacket> packet{};
  check(opus_encode(encoder_.get(), samples, static_cast<int>(frame_), packet.data(),
                    static_cast<opus_int32>(packet.size())));
}

BareOpusDecoder::BareOpusDecoder(std::uint32_t rate_hz)
    : decoder_(nullptr, opus_decoder_destroy), longest_(rate_hz / 25 * 3) {
  int status = OPUS_OK;
  decoder_.reset(opus_decoder_create(static_cast<opus_int32>(rate_hz), 1, &status));
  check(status);
}

void BareOpusDecoder::decode(Bytes payload, std::vector<std::int16_t>& samples) {
  const std::size_t at = samples.size();
  samples.resize(at + longest_);
  const int count = opus_decode(decoder_.get(), payload.data(), static_cast<opus_int32>(payload.size()), &samples[at],
                                static_cast<int>(longest_), 0);
  check(count);
  samples.resize(at + static_cast<std::size_t>(count));
}

double on_all_threads(std::size_t count, const std::function<void(std::size_t)>& work) {
  const double before = cpu_seconds();
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
      threads.emplace_back([&] {
        for (std::size_t n = next++; n < count; n = next++) work(n);
      });
    }
  }
  return cpu_seconds() - before;
}

std::vector<Recording> read_recordings(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".wav") paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Recording> recordings;
  for (const auto& path : paths) recordings.push_back(read_recording(path));
  return recordings;
}

double encode_bare(const std::vector<Recording>& recordings, const mux::Options& options) {
  return on_all_threads(recordings.size(), [&](std::size_t n) { encode(recordings[n], options); });
}

}  // namespace tapestry::bench
