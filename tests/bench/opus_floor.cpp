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
constexpr int kBitrate = 16'000;  ///< mux's own for that rate
constexpr int kComplexity = 3;
constexpr std::size_t kFrame = kRateHz / 50;
constexpr std::size_t kMaxPacket = 1'276;

using Encoder = std::unique_ptr<OpusEncoder, void (*)(OpusEncoder*)>;

Encoder make_encoder(const mux::Options& options) {
  int status = OPUS_OK;
  Encoder encoder(opus_encoder_create(kRateHz, 1, OPUS_APPLICATION_VOIP, &status), opus_encoder_destroy);
  for (const int next : {opus_encoder_ctl(encoder.get(), OPUS_SET_BITRATE(options.bitrate_bps.value_or(kBitrate))),
                         opus_encoder_ctl(encoder.get(), OPUS_SET_COMPLEXITY(options.complexity.value_or(kComplexity))),
                         opus_encoder_ctl(encoder.get(), OPUS_SET_VBR(1)),
                         opus_encoder_ctl(encoder.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE))}) {
    status = std::min(status, next);
  }
  if (status < 0) throw std::runtime_error(opus_strerror(status));
  return encoder;
}

void encode(const Recording& recording, const mux::Options& options) {
  const std::array<Encoder, 2> encoders{make_encoder(options), make_encoder(options)};
  std::array<std::int16_t, kFrame> frame{};
  std::array<unsigned char, kMaxPacket> packet{};
  for (std::size_t at = 0; at < recording.size(); at += 2 * kFrame) {
    const std::size_t length = std::min(kFrame, (recording.size() - at) / 2);
    for (std::size_t channel = 0; channel < encoders.size(); ++channel) {
      frame.fill(0);
      for (std::size_t i = 0; i < length; ++i) frame[i] = recording[at + 2 * i + channel];
      const int size = opus_encode(encoders[channel].get(), frame.data(), static_cast<int>(kFrame), packet.data(),
                                   static_cast<opus_int32>(packet.size()));
      if (size < 0) throw std::runtime_error(opus_strerror(size));
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
  const double before = cpu_seconds();
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
      threads.emplace_back([&] {
        for (std::size_t n = next++; n < recordings.size(); n = next++) encode(recordings[n], options);
      });
    }
  }
  return cpu_seconds() - before;
}

}  // namespace tapestry::bench
