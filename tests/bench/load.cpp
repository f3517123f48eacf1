#include "tests/bench/load.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <queue>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/time.h"
#include "tests/bench/next_round.h"
#include "tests/support/packet_builder.h"
#include "tests/support/pcap_writer.h"
#include "tests/support/tunnel_builder.h"
#include "tests/support/voice.h"

namespace tapestry::bench {
namespace {

using std::chrono::milliseconds;
using testing::Buffer;

constexpr Time kStart{std::chrono::seconds(1'790'000'000)};
constexpr std::uint8_t kDynamicType = 96;
constexpr std::size_t kPacketSamples = 160;
constexpr Duration kAnswer = milliseconds(300);
constexpr Duration kMediaBegin = milliseconds(340);
constexpr Duration kWaveMargin = milliseconds(1'500);
constexpr std::uint32_t kMaxJitterUs = 4'000;
constexpr std::size_t kTalkers = 8;
constexpr std::size_t kTalkerPackets = 1'200;  // then the talker begins again
constexpr std::uint32_t kMessages = 6;

enum class Kind : std::uint8_t { Signalling, CallerMedia, CalleeMedia };

/// One packet to come. What it holds follows from these numbers alone, so nothing is kept per call.
struct Event {
  Time at;
  std::uint32_t call = 0;
  std::uint32_t step = 0;
  Kind kind = Kind::Signalling;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const noexcept {
    return std::tuple(a.at, a.call, a.kind, a.step) > std::tuple(b.at, b.call, b.kind, b.step);
  }
};

/// splitmix64: the same numbers everywhere.
std::uint64_t scatter(std::uint64_t value) noexcept {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

std::vector<Buffer> make_talkers(Law law) {
  std::vector<Buffer> talkers(kTalkers);
  for (std::size_t n = 0; n < kTalkers; ++n) {
    const testing::Voice voice{.pitch_hz = 95.0 + 19.0 * static_cast<double>(n), .level = 7500};
    talkers[n].resize(kTalkerPackets * kPacketSamples);
    for (std::size_t i = 0; i < talkers[n].size(); ++i) {
      talkers[n][i] = encode(law, testing::voice_sample(voice, static_cast<double>(i) / 8000));
    }
  }
  return talkers;
}

/// What a line carries while nobody speaks: the steps around 0.
Buffer make_hush(Law law) {
  Buffer hush(kTalkerPackets * kPacketSamples);
  for (std::size_t i = 0; i < hush.size(); ++i) hush[i] = encode(law, scatter(i) % 2 == 0 ? 8 : -8);
  return hush;
}

Duration packet_time(const Load& load) {
  if (!load.speech) return milliseconds(20);
  return Duration(std::int64_t{load.speech->ticks} * 1'000'000'000 / load.speech->clock_hz);
}

class Generator {
 public:
  Generator(std::ostream& out, const Load& load)
      : load_(load),
        packet_time_(packet_time(load)),
        talkers_(make_talkers(load.law)),
        hush_(make_hush(load.law)),
        writer_(out) {}
  void run();

 private:
  [[nodiscard]] Endpoint signalling(std::uint32_t call, bool caller) const;
  [[nodiscard]] Endpoint media(std::uint32_t call, bool caller) const;
  [[nodiscard]] Time begin_of(std::uint32_t call) const;
  [[nodiscard]] Time message_at(std::uint32_t call, std::uint32_t step) const;
  [[nodiscard]] Time packet_at(const Event& event) const;
  [[nodiscard]] std::string message(std::uint32_t call, std::uint32_t step) const;
  [[nodiscard]] std::string sdp(std::uint32_t call, bool caller) const;
  void say(const Event& event);
  void talk(const Event& event);
  void put(Time at, const Endpoint& from, const Endpoint& to, Bytes payload);
  [[nodiscard]] Bytes payload(const Event& event, std::uint64_t seed) const;
  [[nodiscard]] std::uint32_t packets() const noexcept {
    return static_cast<std::uint32_t>(std::chrono::seconds(load_.seconds) / packet_time_);
  }

  Load load_;
  Duration packet_time_;
  std::vector<Buffer> talkers_;
  Buffer hush_;
  testing::PcapWriter writer_;
  std::priority_queue<Event, std::vector<Event>, Later> events_;
  std::uint16_t ip_id_ = 0;
  std::uint32_t mirrored_ = 0;
};

// Customers come through a session border controller with one address; each agent has a phone of its own.
Endpoint Generator::signalling(std::uint32_t call, bool caller) const {
  if (caller) return testing::endpoint("198.51.100.20:5060");
  const std::uint32_t phone = call % load_.calls;
  const std::array<std::uint8_t, 4> ip{10, static_cast<std::uint8_t>(64 + phone / 62'500),
                                       static_cast<std::uint8_t>(phone / 250 % 250),
                                       static_cast<std::uint8_t>(1 + phone % 250)};
  return {IpAddress::from_bytes(ip), 5060};
}

Endpoint Generator::media(std::uint32_t call, bool caller) const {
  return {signalling(call, caller).ip, static_cast<std::uint16_t>(16'384 + 2 * (call % 24'000))};
}

Time Generator::begin_of(std::uint32_t call) const {
  const std::uint32_t wave = call / load_.calls;
  return kStart + wave * (std::chrono::seconds(load_.seconds) + kWaveMargin) +
         (call % load_.calls) * (Duration(std::chrono::seconds(load_.spread_seconds)) / load_.calls);
}

Time Generator::message_at(std::uint32_t call, std::uint32_t step) const {
  const Duration end = kMediaBegin + std::chrono::seconds(load_.seconds) + milliseconds(20);
  const std::array<Duration, kMessages> at{Duration(0), milliseconds(60),      kAnswer, kAnswer + milliseconds(20),
                                           end,         end + milliseconds(15)};
  return begin_of(call) + at.at(step);
}

Time Generator::packet_at(const Event& event) const {
  const std::uint64_t stream = std::uint64_t{event.call} * 2 + (event.kind == Kind::CallerMedia ? 0 : 1);
  const std::uint64_t jitter_us = scatter(stream << 32U | event.step) % kMaxJitterUs;
  return begin_of(event.call) + kMediaBegin + event.step * packet_time_ + std::chrono::microseconds(jitter_us);
}

std::string Generator::sdp(std::uint32_t call, bool caller) const {
  const Endpoint at = media(call, caller);
  const bool mu = load_.law == Law::Mu;
  const int type = load_.speech ? kDynamicType : mu ? 0 : 8;
  const std::string encoding = load_.speech ? fmt::format("{}/{}", load_.speech->encoding, load_.speech->clock_hz)
                               : mu         ? "PCMU/8000"
                                            : "PCMA/8000";
  const bool tells = load_.speech && !load_.speech->parameters.empty();
  const std::string parameters = tells ? fmt::format("a=fmtp:{} {}\r\n", type, load_.speech->parameters) : "";
  return fmt::format(
      "v=0\r\no=- {0} 1 IN IP4 {1}\r\ns=-\r\nc=IN IP4 {1}\r\nt=0 0\r\nm=audio {2} RTP/AVP {3} 101\r\n"
      "a=rtpmap:{3} {4}\r\n{6}a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:{5}\r\na=sendrecv\r\n",
      call + 1, at.ip.to_string(), at.port, type, encoding, packet_time_ / milliseconds(1), parameters);
}

/// INVITE, 180, 200, ACK, BYE and its 200, by `step`.
std::string Generator::message(std::uint32_t call, std::uint32_t step) const {
  constexpr std::array<const char*, kMessages> kLines{"INVITE", "180 Ringing", "200 OK", "ACK", "BYE", "200 OK"};
  const bool request = step == 0 || step == 3 || step == 4;
  const char* const method = step == 3 ? "ACK" : step >= 4 ? "BYE" : "INVITE";
  const std::string caller = signalling(call, true).to_string();
  const std::string callee = signalling(call, false).to_string();
  const std::string line = request ? fmt::format("{} sip:{}@{} SIP/2.0", kLines.at(step), 1000 + call, callee)
                                   : fmt::format("SIP/2.0 {}", kLines.at(step));
  const std::string body = step == 0 || step == 2 ? sdp(call, step == 0) : std::string();
  return fmt::format(
      "{}\r\nVia: SIP/2.0/UDP {};branch=z9hG4bK{:x};rport\r\nMax-Forwards: 70\r\n"
      "From: \"Customer {}\" <sip:+1555{:07}@sbc.example.net>;tag=f{:x}\r\nTo: <sip:{}@agents.example.com>{}\r\n"
      "Call-ID: {:016x}@sbc.example.net\r\nCSeq: {} {}\r\nContact: <sip:{}@{}>\r\n"
      "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO\r\nSupported: replaces, timer\r\n"
      "User-Agent: {}\r\n{}Content-Length: {}\r\n\r\n{}",
      line, caller, scatter(call * std::uint64_t{kMessages} + (step < 3 ? 0 : step - (step == 5 ? 1 : 0))), call, call,
      call, 1000 + call, step == 0 ? std::string() : fmt::format(";tag=t{:x}", call), scatter(call), step >= 4 ? 2 : 1,
      method, request ? "customer" : "agent", request ? caller : callee, request ? "Bench SBC 1.0" : "Bench Phone 1.0",
      body.empty() ? "" : "Content-Type: application/sdp\r\n", body.size(), body);
}

void Generator::put(Time at, const Endpoint& from, const Endpoint& to, Bytes payload) {
  const Buffer frame = testing::udp_frame(from, to, payload, ++ip_id_);
  switch (load_.tunnel) {
    case Tunnel::None:
      return writer_.add(at, frame);
    case Tunnel::Vxlan:
      return writer_.add(at, testing::tunnel_frame(testing::kVxlanPort, testing::vxlan(frame)));
    case Tunnel::Erspan2:
      return writer_.add(at, testing::tunnel_frame_ip(testing::kGre, testing::erspan2(++mirrored_, frame)));
  }
}

void Generator::say(const Event& event) {
  const bool from_caller = event.step == 0 || event.step == 3 || event.step == 4;
  const std::string text = message(event.call, event.step);
  put(event.at, signalling(event.call, from_caller), signalling(event.call, !from_caller), as_bytes(text));
  if (event.step == 0 && event.call + 1 < load_.calls * load_.waves) {
    events_.push({begin_of(event.call + 1), event.call + 1, 0, Kind::Signalling});
  }
  if (event.step == 3) {
    for (const Kind kind : {Kind::CallerMedia, Kind::CalleeMedia}) {
      Event first{{}, event.call, 0, kind};
      first.at = packet_at(first);
      events_.push(first);
    }
  }
  if (event.step + 1 < kMessages) {
    events_.push({message_at(event.call, event.step + 1), event.call, event.step + 1, Kind::Signalling});
  }
}

Bytes Generator::payload(const Event& event, std::uint64_t seed) const {
  if (load_.speech) {
    // The same from two hosts would be taken for relayed media.
    const std::size_t half = load_.speech->payloads.size() / 2;
    return load_.speech->payloads.at((event.kind == Kind::CallerMedia ? 0 : half) +
                                     (seed / kTalkers + event.step) % half);
  }
  const Duration turn = std::chrono::seconds(load_.turn_seconds);
  const bool listens =
      turn > Duration(0) && (event.step * packet_time_ / turn + (event.kind == Kind::CallerMedia ? 1 : 0)) % 2 == 0;
  const Buffer& talker = listens ? hush_ : talkers_[seed % kTalkers];
  return Bytes(talker).subspan((seed / kTalkers + event.step) % kTalkerPackets * kPacketSamples, kPacketSamples);
}

void Generator::talk(const Event& event) {
  const bool caller = event.kind == Kind::CallerMedia;
  const std::uint64_t seed = scatter(std::uint64_t{event.call} * 2 + (caller ? 0 : 1));
  const std::uint32_t ticks = load_.speech ? load_.speech->ticks : kPacketSamples;
  const std::uint8_t type = load_.speech ? kDynamicType : load_.law == Law::Mu ? 0 : 8;
  const Bytes speech = payload(event, seed);
  Buffer said(speech.begin(), speech.end());
  if (!load_.speech && load_.turn_seconds == 0) individualize(said, seed);
  put(event.at, media(event.call, caller), media(event.call, !caller),
      testing::rtp_packet(type, static_cast<std::uint16_t>(seed + event.step),
                          static_cast<std::uint32_t>((seed >> 16U) + event.step * ticks),
                          event.call * 2 + (caller ? 1 : 2), event.step == 0, said));
  if (event.step + 1 == packets()) return;
  Event next = event;
  ++next.step;
  next.at = packet_at(next);
  events_.push(next);
}

void Generator::run() {
  if (load_.calls == 0 || load_.waves == 0 || load_.seconds == 0) return;
  events_.push({begin_of(0), 0, 0, Kind::Signalling});
  while (!events_.empty()) {
    const Event event = events_.top();
    events_.pop();
    if (event.kind == Kind::Signalling) {
      say(event);
    } else {
      talk(event);
    }
  }
}

}  // namespace

void write_load(const std::filesystem::path& path, const Load& load) {
  std::ofstream file(path, std::ios::binary);
  Generator(file, load).run();
  file.close();
  if (!file) throw std::runtime_error(path.string() + " cannot be written");
}

double call_hours(const Load& load) {
  return static_cast<double>(load.calls) * static_cast<double>(load.waves) * static_cast<double>(load.seconds) / 3600;
}

}  // namespace tapestry::bench
