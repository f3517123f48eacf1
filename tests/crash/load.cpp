#include "tests/crash/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "core/bytes.h"
#include "rtp/packet.h"

namespace tapestry::crash {
namespace {

constexpr double kPause = 0.4;          // between two calls of a line
constexpr std::size_t kRtpAt = 42;      // behind Ethernet, IPv4 and UDP
constexpr std::size_t kRtpFrame = 214;  // with 160 octets

testing::SampleCall call_of(std::size_t number, Time start, double talk) {
  testing::SampleCall call;
  call.start = start;
  call.call_id = fmt::format("crash-{}@203.0.113.10", number);
  call.customer_user = fmt::format("+1555{:07}", number);
  call.agent_user = fmt::format("1{:03}", number % 1000);
  call.customer_port = static_cast<std::uint16_t>(20'000 + 2 * (number % 10'000));
  call.agent_port = static_cast<std::uint16_t>(40'000 + 2 * (number % 10'000));
  call.ssrc = static_cast<std::uint32_t>(0x10000000 + 16 * number);
  call.ring_seconds = 0.3;
  call.talk_seconds = talk;
  call.hold_seconds = 0;
  call.loss_at = -1;
  call.jitter = false;
  return call;
}

void count(const testing::TimedFrame& frame, Load& load) {
  if (frame.frame.size() != kRtpFrame) return;
  if (const auto packet = rtp::parse_packet(Bytes(frame.frame).subspan(kRtpAt), frame.time))
    ++load.packets[packet->ssrc];
}

}  // namespace

Load load_of(double seconds, unsigned lines, std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  Load load;
  const Time begin = *from_rfc3339("2026-03-02T09:15:00Z");
  for (unsigned line = 0; line < lines; ++line) {
    double at = 0.7 * line;
    while (true) {
      const double talk = 5 + static_cast<double>(dice() % 7000) / 1000;
      if (at + talk + 2 > seconds) break;
      const auto frames = testing::frames_of(call_of(++load.calls, begin + from_seconds(at), talk));
      load.frames.insert(load.frames.end(), frames.begin(), frames.end());
      at = to_seconds(frames.back().time - begin) + kPause;
    }
  }
  std::ranges::sort(load.frames, {}, &testing::TimedFrame::time);
  for (const testing::TimedFrame& frame : load.frames) count(frame, load);
  return load;
}

}  // namespace tapestry::crash
