#include "tests/bench/linked_load.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <queue>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "core/g711.h"
#include "tests/support/packet_builder.h"
#include "tests/support/pcap_writer.h"
#include "tests/support/voice.h"

namespace tapestry::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Buffer;

constexpr Time kStart{seconds(1'790'000'000)};
constexpr std::uint32_t kGroup = 6;
constexpr std::uint32_t kAgents = 12'000;  // more than calls at once: nobody has two
constexpr std::size_t kPacketSamples = 160;
constexpr std::size_t kTalkerPackets = 1'200;
constexpr Duration kMediaBegin = milliseconds(340);
constexpr Duration kTransfer = milliseconds(100);  ///< from the REFER to the INVITE that it asks for
constexpr Duration kQuiet = std::chrono::minutes(5);
constexpr Duration kTick = seconds(10);
constexpr std::uint32_t kTicks = 25 * 360;

enum class Role : std::uint8_t { Plain, Transferred, Target };

/// One message of a dialog. Times that are `late` count from the end of its talk.
struct Line {
  const char* start;  ///< a method, or a status with its reason
  const char* method;
  std::uint32_t cseq;
  bool from_caller;
  bool request_by_caller;
  milliseconds at;
  bool late = false;
};

constexpr std::array kSetUp{Line{"INVITE", "INVITE", 1, true, true, milliseconds(0)},
                            Line{"100 Trying", "INVITE", 1, false, true, milliseconds(5)},
                            Line{"180 Ringing", "INVITE", 1, false, true, milliseconds(60)},
                            Line{"200 OK", "INVITE", 1, false, true, milliseconds(300)},
                            Line{"ACK", "ACK", 1, true, true, milliseconds(320)}};
constexpr std::array kEnd{Line{"BYE", "BYE", 2, true, true, milliseconds(20), true},
                          Line{"200 OK", "BYE", 2, false, true, milliseconds(35), true}};
constexpr std::array kTransferAndEnd{Line{"REFER", "REFER", 1, false, false, milliseconds(20), true},
                                     Line{"202 Accepted", "REFER", 1, true, false, milliseconds(35), true},
                                     Line{"NOTIFY", "NOTIFY", 2, true, true, milliseconds(40), true},
                                     Line{"200 OK", "NOTIFY", 2, false, true, milliseconds(55), true},
                                     Line{"NOTIFY", "NOTIFY", 3, true, true, milliseconds(460), true},
                                     Line{"200 OK", "NOTIFY", 3, false, true, milliseconds(475), true},
                                     Line{"BYE", "BYE", 2, false, false, milliseconds(480), true},
                                     Line{"200 OK", "BYE", 2, true, false, milliseconds(495), true}};

Role role_of(std::uint32_t dialog) noexcept {
  const std::uint32_t place = dialog % kGroup;
  return place == 0 ? Role::Transferred : place + 1 == kGroup ? Role::Target : Role::Plain;
}

std::span<const Line> end_of(Role role) noexcept {
  return role == Role::Transferred ? std::span<const Line>(kTransferAndEnd) : kEnd;
}

std::size_t lines(std::uint32_t dialog) noexcept { return kSetUp.size() + end_of(role_of(dialog)).size(); }

const Line& line_of(std::uint32_t dialog, std::uint32_t step) {
  return step < kSetUp.size() ? kSetUp.at(step) : end_of(role_of(dialog))[step - kSetUp.size()];
}

enum class Kind : std::uint8_t { Signalling, CallerMedia, CalleeMedia, Tick };

/// One packet to come. What it holds follows from these numbers alone, so nothing is kept per dialog.
struct Event {
  Time at;
  std::uint32_t dialog = 0;
  std::uint32_t step = 0;
  Kind kind = Kind::Signalling;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const noexcept {
    return std::tuple(a.at, a.dialog, a.kind, a.step) > std::tuple(b.at, b.dialog, b.kind, b.step);
  }
};

/// splitmix64: the same numbers everywhere.
std::uint64_t scatter(std::uint64_t value) noexcept {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

std::uint32_t agent_of(std::uint32_t dialog) noexcept { return dialog % kAgents; }
/// The dialog whose customer it is.
std::uint32_t customer_of(std::uint32_t dialog) noexcept { return dialog - (dialog % kGroup == kGroup - 1 ? 5 : 0); }

std::string session_of(std::uint64_t one) { return fmt::format("{:016x}{:016x}", scatter(one), scatter(~one)); }

class LinkedGenerator {
 public:
  LinkedGenerator(std::ostream& out, const LinkedLoad& load)
      : load_(load), writer_(out), talker_(kTalkerPackets * kPacketSamples) {
    for (std::size_t i = 0; i < talker_.size(); ++i)
      talker_[i] = encode(Law::Mu, testing::voice_sample({.pitch_hz = 110}, static_cast<double>(i) / 8000));
  }
  void run();
  [[nodiscard]] Time begin_of(std::uint32_t dialog) const;

 private:
  [[nodiscard]] Endpoint host(std::uint32_t dialog, bool caller) const;
  [[nodiscard]] Endpoint media(std::uint32_t dialog, bool caller) const;
  [[nodiscard]] Time time_of(std::uint32_t dialog, std::uint32_t step) const;
  [[nodiscard]] std::string message(std::uint32_t dialog, const Line& line) const;
  [[nodiscard]] std::string extra(std::uint32_t dialog, const Line& line) const;
  [[nodiscard]] std::string body(std::uint32_t dialog, const Line& line) const;
  void say(const Event& event);
  void talk(const Event& event);
  void tick(const Event& event);
  void put(Time at, const Endpoint& from, const Endpoint& to, Bytes payload) {
    writer_.add(at, testing::udp_frame(from, to, payload, ++ip_id_));
  }

  LinkedLoad load_;
  testing::PcapWriter writer_;
  Buffer talker_;
  std::priority_queue<Event, std::vector<Event>, Later> events_;
  std::uint16_t ip_id_ = 0;
};

Time LinkedGenerator::begin_of(std::uint32_t dialog) const {
  const Duration step = Duration(seconds(load_.seconds)) / load_.at_once;
  if (role_of(dialog) != Role::Target) return kStart + dialog * step;
  return begin_of(customer_of(dialog)) + kMediaBegin + seconds(load_.seconds) + kTransfer;
}

Endpoint LinkedGenerator::host(std::uint32_t dialog, bool caller) const {
  if (caller) return testing::endpoint("198.51.100.20:5060");
  const std::uint32_t agent = agent_of(dialog);
  const std::array<std::uint8_t, 4> ip{10, static_cast<std::uint8_t>(64 + agent / 62'500),
                                       static_cast<std::uint8_t>(agent / 250 % 250),
                                       static_cast<std::uint8_t>(1 + agent % 250)};
  return {IpAddress::from_bytes(ip), 5060};
}

Endpoint LinkedGenerator::media(std::uint32_t dialog, bool caller) const {
  return {host(dialog, caller).ip, static_cast<std::uint16_t>(16'384 + 2 * (dialog % 24'000))};
}

Time LinkedGenerator::time_of(std::uint32_t dialog, std::uint32_t step) const {
  const Line& line = line_of(dialog, step);
  return begin_of(dialog) + line.at + (line.late ? kMediaBegin + seconds(load_.seconds) : Duration(0));
}

std::string LinkedGenerator::body(std::uint32_t dialog, const Line& line) const {
  if (std::string_view(line.start) == "NOTIFY") return line.cseq == 2 ? "SIP/2.0 100 Trying\r\n" : "SIP/2.0 200 OK\r\n";
  const bool offer = std::string_view(line.start) == "INVITE";
  if (!offer && (std::string_view(line.start) != "200 OK" || std::string_view(line.method) != "INVITE")) return {};
  const Endpoint at = media(dialog, line.from_caller);
  return fmt::format(
      "v=0\r\no=- {0} 1 IN IP4 {1}\r\ns=-\r\nc=IN IP4 {1}\r\nt=0 0\r\nm=audio {2} RTP/AVP 0 101\r\n"
      "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n",
      dialog + 1, at.ip.to_string(), at.port);
}

/// The header fields that only some messages have.
std::string LinkedGenerator::extra(std::uint32_t dialog, const Line& line) const {
  const std::string_view start = line.start;
  if (start == "REFER") {
    return fmt::format("Refer-To: <sip:{0}@agents.example.com>\r\nReferred-By: <sip:{1}@agents.example.com>\r\n",
                       1000 + agent_of(dialog + kGroup - 1), 1000 + agent_of(dialog));
  }
  if (start == "NOTIFY") {
    return fmt::format("Event: refer;id=1\r\nSubscription-State: {}\r\nContent-Type: message/sipfrag;version=2.0\r\n",
                       line.cseq == 2 ? "active;expires=60" : "terminated;reason=noresource");
  }
  if (start == "INVITE" && role_of(dialog) == Role::Target) {
    return fmt::format("Referred-By: <sip:{}@agents.example.com>\r\nContent-Type: application/sdp\r\n",
                       1000 + agent_of(customer_of(dialog)));
  }
  return body(dialog, line).empty() ? "" : "Content-Type: application/sdp\r\n";
}

std::string LinkedGenerator::message(std::uint32_t dialog, const Line& line) const {
  const bool request = line.from_caller == line.request_by_caller;
  const bool initial = std::string_view(line.start) == "INVITE";
  const std::string caller = host(dialog, true).to_string();
  const std::string callee = host(dialog, false).to_string();
  const std::uint32_t agent = 1000 + agent_of(dialog);
  const std::string ends[2]{fmt::format("<sip:+1555{:07}@sbc.example.net>;tag=f{:x}", customer_of(dialog), dialog),
                            fmt::format("<sip:{}@agents.example.com>{}", agent,
                                        initial || line.start[0] == '1' ? "" : fmt::format(";tag=t{:x}", dialog))};
  const std::string sessions[2]{session_of(customer_of(dialog)),
                                initial ? std::string(32, '0') : session_of(dialog + (1ULL << 40U))};
  const std::size_t from = line.request_by_caller ? 0 : 1;
  const std::size_t sender = line.from_caller ? 0 : 1;
  const std::string start = request ? fmt::format("{} sip:{} SIP/2.0", line.start,
                                                  initial            ? fmt::format("{}@agents.example.com", agent)
                                                  : line.from_caller ? fmt::format("{}@{}", agent, callee)
                                                                     : fmt::format("gw@{}", caller))
                                    : fmt::format("SIP/2.0 {}", line.start);
  const std::string content = body(dialog, line);
  return fmt::format(
      "{}\r\nVia: SIP/2.0/UDP {};branch=z9hG4bK{:x};rport\r\nMax-Forwards: 70\r\nFrom: {}\r\nTo: {}\r\n"
      "Call-ID: {:016x}@sbc.example.net\r\nCSeq: {} {}\r\nContact: <sip:{}@{}>\r\n"
      "Session-ID: {};remote={}\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, REFER, NOTIFY\r\n"
      "Supported: replaces, timer\r\nUser-Agent: {}\r\n{}Content-Length: {}\r\n\r\n{}",
      start, line.request_by_caller ? caller : callee,
      scatter((std::uint64_t{dialog} << 8U) + line.cseq * 2 + (line.request_by_caller ? 0 : 1)), ends[from],
      ends[1 - from], scatter(dialog), line.cseq, line.method, line.from_caller ? "gw" : std::to_string(agent),
      line.from_caller ? caller : callee, sessions[sender], sessions[1 - sender],
      line.from_caller ? "Bench SBC 1.0" : "Bench Phone 1.0", extra(dialog, line), content.size(), content);
}

void LinkedGenerator::say(const Event& event) {
  const Line& line = line_of(event.dialog, event.step);
  const std::string text = message(event.dialog, line);
  put(event.at, host(event.dialog, line.from_caller), host(event.dialog, !line.from_caller), as_bytes(text));
  if (event.step == 0 && role_of(event.dialog) != Role::Target) {
    // The target of a transfer begins by itself, so that the queue is as long as dialogs are at once.
    const std::uint32_t next = event.dialog + (role_of(event.dialog + 1) == Role::Target ? 2 : 1);
    if (next < load_.dialogs()) events_.push({begin_of(next), next, 0, Kind::Signalling});
    if (role_of(event.dialog) == Role::Transferred)
      events_.push({begin_of(event.dialog + kGroup - 1), event.dialog + kGroup - 1, 0, Kind::Signalling});
  }
  if (load_.media && event.step + 1 == kSetUp.size()) {
    for (const Kind kind : {Kind::CallerMedia, Kind::CalleeMedia})
      events_.push({begin_of(event.dialog) + kMediaBegin, event.dialog, 0, kind});
  }
  if (event.step + 1 < lines(event.dialog))
    events_.push({time_of(event.dialog, event.step + 1), event.dialog, event.step + 1, Kind::Signalling});
}

void LinkedGenerator::talk(const Event& event) {
  const bool caller = event.kind == Kind::CallerMedia;
  const std::uint64_t seed = scatter(std::uint64_t{event.dialog} * 2 + (caller ? 0 : 1));
  const Bytes said = Bytes(talker_).subspan((seed + event.step) % kTalkerPackets * kPacketSamples, kPacketSamples);
  Buffer payload(said.begin(), said.end());
  // Some noise of its own: equal payloads would be taken for relayed media.
  const std::uint64_t noise = scatter(seed + event.step);
  for (std::size_t i = 0; i < 64; ++i) payload[i] = static_cast<std::uint8_t>(payload[i] ^ (noise >> i & 1U));
  put(event.at, media(event.dialog, caller), media(event.dialog, !caller),
      testing::rtp_packet(0, static_cast<std::uint16_t>(seed + event.step),
                          static_cast<std::uint32_t>((seed >> 16U) + event.step * kPacketSamples),
                          event.dialog * 2 + (caller ? 1 : 2), event.step == 0, payload));
  if (event.step + 1 == load_.seconds * 50) return;
  events_.push({event.at + milliseconds(20), event.dialog, event.step + 1, event.kind});
}

void LinkedGenerator::tick(const Event& event) {
  const std::string text = fmt::format(
      "OPTIONS sip:198.51.100.20 SIP/2.0\r\nVia: SIP/2.0/UDP 10.64.0.1:5060;branch=z9hG4bKo{0}\r\n"
      "From: <sip:1000@agents.example.com>;tag=o{0}\r\nTo: <sip:agents.example.com>\r\nCall-ID: o{0}@phone\r\n"
      "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
      event.step);
  put(event.at, host(0, false), host(0, true), as_bytes(text));
  if (event.step + 1 < kTicks) events_.push({event.at + kTick, 0, event.step + 1, Kind::Tick});
}

void LinkedGenerator::run() {
  events_.push({begin_of(0), 0, 0, Kind::Signalling});
  events_.push({quiet_since(load_) - kQuiet, 0, 0, Kind::Tick});
  while (!events_.empty()) {
    const Event event = events_.top();
    events_.pop();
    if (event.kind == Kind::Signalling) {
      say(event);
    } else if (event.kind == Kind::Tick) {
      tick(event);
    } else {
      talk(event);
    }
  }
}

}  // namespace

Time quiet_since(const LinkedLoad& load) {
  const Duration step = Duration(seconds(load.seconds)) / load.at_once;
  return kStart + load.dialogs() * step + 2 * (kMediaBegin + seconds(load.seconds) + kTransfer) + seconds(1) + kQuiet;
}

void write_linked_load(const std::filesystem::path& path, const LinkedLoad& load) {
  std::ofstream file(path, std::ios::binary);
  LinkedGenerator(file, load).run();
  file.close();
  if (!file) throw std::runtime_error(path.string() + " cannot be written");
}

}  // namespace tapestry::bench
