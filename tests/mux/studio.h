#pragma once
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/g711.h"
#include "mux/render.h"
#include "spool/spool.h"

namespace tapestry::mux {

using calls::Gap;
using calls::GapReason;
using namespace std::chrono_literals;

/// When the recordings of these tests begin.
constexpr Time kStart = Time(Duration(1'790'000'000'000'000'000));

/// A packet that a test makes; `at` is its arrival after kStart.
struct Sent {
  Duration at{};
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::vector<std::uint8_t> payload;
  std::uint8_t type = 0;
  std::uint32_t ssrc = 0x1234;
  std::vector<std::uint8_t> raw{};  ///< when not empty, all of the packet, and all but `at` is read from it
};

/// A sender of 20 ms packets with a perfect clock. What `signal` says at second t of the recording is sent as PCMU.
struct Sender {
  std::function<double(double)> signal = [](double) { return 0.0; };
  Duration first{};  ///< when its first packet arrives
  std::uint16_t sequence = 100;
  std::uint32_t timestamp = 5000;
  Law law = Law::Mu;

  [[nodiscard]] std::vector<Sent> packets(std::size_t count) const;
};

/// Sine of `hertz` with an amplitude of 8,000.
std::function<double(double)> sine(double hertz);
/// 10,000 for one sample at each full second, else 0.
double ticks(double seconds);

/// What sox or a person would find in a file.
struct Heard {
  int channels = 0;
  std::uint32_t rate_hz = 0;
  std::vector<std::int16_t> left;
  std::vector<std::int16_t> right;
};
/// By libsndfile.
Heard listen(const std::filesystem::path& file);

/// A spool, tracks and a plan for one recording, all in a folder that goes away.
class Studio {
 public:
  explicit Studio(Duration length = 10s, Time start = kStart);
  ~Studio();
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  /// Sorts by arrival, spools as chunks of a second. Gives the track's index.
  std::size_t add_track(std::vector<Sent> packets);
  /// A track heard on that channel from beginning to end.
  std::size_t play(std::size_t channel, const std::vector<Sent>& packets);
  /// From here on the track is SRTP of that suite, without keys.
  void encrypt(std::size_t track, const std::string& suite) { tracks[track].encryption = suite; }
  void map(std::size_t track, std::uint8_t type, const std::string& encoding, Duration since = {});
  Rendered render(Format format = Format::Wav);
  /// render() as WAV, read back.
  Heard heard();

  Digits digits = Digits::NoDigits;  ///< of render()
  calls::RecordingPlan plan;
  std::vector<calls::Track> tracks;
  std::filesystem::path folder;
  ByteObserver observer;  ///< of what render() writes
  bool beep = false;
  spool::Spool spool;
};

/// `loss 0 1.5-2 12 packets`, `hold 0,1 1-2`: for comparing in one go. Seconds after `start`.
std::vector<std::string> describe(const std::vector<Gap>& gaps, Time start = kStart);

}  // namespace tapestry::mux
