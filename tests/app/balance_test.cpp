// Every frame has exactly one end: captures, scenes, and bytes that nobody would send.
#include "app/balance.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "app/config.h"
#include "app/pipeline.h"
#include "capture/file_source.h"
#include "capture/link_type.h"
#include "tests/support/forgetting.h"
#include "tests/support/packet_builder.h"
#include "tests/support/recording_receiver.h"
#include "tests/support/scenes/scenes.h"
#include "tests/support/tunnel_builder.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;
using namespace tapestry::testing;
using std::chrono::milliseconds;

const Time kStart{std::chrono::seconds(1'700'000'000)};

/// Checks it after every `add`, and at the end, when nothing may wait.
class Balanced {
 public:
  explicit Balanced(const calls::Rules& rules = {}) : pipeline_(rules, output_) {}

  void add(Time time, std::uint32_t link_type, Bytes bytes, std::size_t length) {
    pipeline_.add({time, link_type, static_cast<std::uint32_t>(length), bytes});
    ++frames_;
  }
  void add(const capture::Frame& frame) {
    pipeline_.add(frame);
    ++frames_;
  }
  /// Whether it balances while frames still may come.
  void check() const {
    const Balance balance = balance_of(pipeline_.counters());
    REQUIRE(balance.difference == 0);
    REQUIRE(balance.received == frames_);
  }
  Balance end() {
    check();
    pipeline_.finish();
    check();
    const Balance balance = balance_of(pipeline_.counters());
    REQUIRE(balance.waiting == 0);
    return balance;
  }
  [[nodiscard]] Counters counters() const { return pipeline_.counters(); }

 private:
  testing::Forgetting output_;
  Pipeline pipeline_;
  std::uint64_t frames_ = 0;
};

std::uint64_t ignored(const Balance& balance, std::string_view kind) {
  const auto found = std::ranges::find(balance.ignored, kind, &Balance::Kind::name);
  REQUIRE(found != balance.ignored.end());
  return found->frames;
}

const Endpoint kA = endpoint("10.0.0.1:4000");
const Endpoint kB = endpoint("10.0.0.2:5000");
constexpr const char* kOptions = "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n";

Buffer media(std::uint16_t sequence, std::size_t octets = 160) {
  return rtp_packet(0, sequence, sequence * 160U, 7, false, Buffer(octets, 0x55));
}

/// Nothing when it is no capture.
std::unique_ptr<capture::Source> opened(const fs::path& path) {
  try {
    return capture::open_file(path);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

/// One frame of each kind that there is, and some that are none.
std::vector<Buffer> some_frames() {
  const Buffer options = buffer(kOptions);
  const Buffer inner = udp_frame(kA, kB, media(9));
  const Buffer ip = ip_packet(kA.ip, kB.ip, kUdp, udp_segment(kA, kB, media(10, 900)), 5);
  const Endpoint phone = endpoint("10.0.0.3:5060");
  std::vector<Buffer> all{udp_frame(kA, kB, media(1)),
                          udp_frame(kA, kB, options),
                          udp_frame(kA, kB, {}),
                          udp_frame(kA, kB, buffer("no protocol of ours")),
                          udp_frame(kA, kB, buffer(std::string("\x80\xc8\x00\x00", 4) + "\x01\x02\x03\x04")),
                          tcp_frame(kA, phone, {.sequence = 1, .flags = kSyn}, {}),
                          tcp_frame(kA, phone, {.sequence = 2}, options),
                          tcp_frame(kA, kB, {.sequence = 2}, buffer("no SIP")),
                          tunnel_frame(kVxlanPort, vxlan(inner)),
                          tunnel_frame(kGenevePort, geneve(kBridging, 2, inner)),
                          tunnel_frame(kTzspPort, tzsp(inner)),
                          tunnel_frame(kHepPort, hep({}, kOptions)),
                          tunnel_frame_ip(kGre, erspan2(1, inner)),
                          tunnel_frame_ip(kIpInIp, ip),
                          tunnel_frame_ip(kMplsInIp, mpls(3, ip)),
                          tunnel_frame_ip(1, options),
                          ethernet(0x0806, options),
                          mirrored(inner, 7, true),
                          link_frame(kEthernet, ip, std::vector<std::uint16_t>(30, 7))};
  for (const Buffer& piece : fragments(ip, 400)) {
    all.push_back(link_frame(kEthernet, piece));
    for (const Buffer& smaller : fragments(ip_packet(kA.ip, kB.ip, kIpInIp, piece, 6), 200)) {
      all.push_back(link_frame(kEthernet, smaller, {4, 5}));
    }
  }
  return all;
}

TEST_CASE("a packet of three fragments is three frames used, and each other frame ends once") {
  Balanced run;
  Time now = kStart;
  const auto add = [&](const Buffer& frame) { run.add(now += milliseconds(1), kEthernet, frame, frame.size()); };
  const Buffer ip = ip_packet(kA.ip, kB.ip, kUdp, udp_segment(kA, kB, media(1, 900)), 5);
  const auto pieces = fragments(ip, 400);
  REQUIRE(pieces.size() == 3);
  add(link_frame(kEthernet, pieces[2]));
  add(link_frame(kEthernet, pieces[0]));
  run.check();
  add(link_frame(kEthernet, pieces[0]));
  add(link_frame(kEthernet, pieces[1]));
  add(udp_frame(kA, kB, media(2)));
  add(udp_frame(kA, kB, media(2)));
  add(udp_frame(kA, kB, buffer(kOptions)));
  add(udp_frame(kA, kB, buffer(kOptions)));
  add(udp_frame(kA, kB, {}));
  add(ethernet(0x0806, ip));
  add(link_frame(kEthernet, fragments(ip_packet(kA.ip, kB.ip, kUdp, Buffer(900, 1), 6), 400).front()));
  const Balance balance = run.end();
  CHECK(balance.received == 11);
  CHECK(balance.used == 5);
  CHECK(balance.duplicates == 3);
  CHECK(ignored(balance, "empty_datagram") == 1);
  CHECK(ignored(balance, "not_ip") == 1);
  CHECK(ignored(balance, "incomplete_packet") == 1);
  CHECK(value_of(run.counters(), "frames.used.rtp") == 4);
}

TEST_CASE("a packet of fragments inside fragments is all the frames that it came in") {
  Balanced run;
  const Buffer ip = ip_packet(kA.ip, kB.ip, kUdp, udp_segment(kA, kB, media(1, 900)), 5);
  std::uint64_t frames = 0;
  for (const Buffer& piece : fragments(ip, 400)) {
    for (const Buffer& smaller :
         fragments(ip_packet(kA.ip, kB.ip, kIpInIp, piece, static_cast<std::uint16_t>(frames)), 200)) {
      const Buffer frame = link_frame(kEthernet, smaller);
      run.add(kStart + milliseconds(++frames), kEthernet, frame, frame.size());
    }
  }
  const Balance balance = run.end();
  CHECK(frames > 6);
  CHECK(balance.used == frames);
}

TEST_CASE("what was lost before it could be read, and who was not listened to, is in the balance") {
  const Balance balance = balance_of({{"capture.frames", 5},
                                      {"frames.used.rtp", 3},
                                      {"frames.dropped.fragment", 1},
                                      {"live.ring_drops", 10},
                                      {"live.nic_missed", 20},
                                      {"live.nic_dropped", 1000},
                                      {"live.hep_drops", 40},
                                      {"live.hep_strangers", 80}});
  CHECK(balance.received == 155);
  CHECK(balance.dropped == 71);
  CHECK(ignored(balance, "hep_stranger") == 80);
  CHECK(balance.difference == 1);
}

TEST_CASE("every capture balances to the frame") {
  const fs::path captures = fs::path(TAPESTRY_SHARED) / "captures";
  if (!fs::exists(captures)) {
    WARN("the shared captures are not here");
    return;
  }
  std::size_t read = 0;
  for (const auto& entry : fs::recursive_directory_iterator(captures)) {
    INFO(entry.path());
    const auto source = entry.is_regular_file() ? opened(entry.path()) : nullptr;
    if (!source) continue;
    ++read;
    Balanced run;
    capture::Frame frame;
    while (source->next(frame)) run.add(frame);
    CHECK(run.end().received == source->info().packets);
  }
  CHECK(read > 100);
}

TEST_CASE("every scene balances to the frame") {
  for (const scenes::SceneEntry& entry : scenes::many_scenes()) {
    INFO(entry.name);
    const scenes::Scene scene = entry.make(entry.name);
    Balanced run(parse_config(scene.configuration, "scene").rules);
    for (const TimedFrame& one : scene.frames) run.add(one.time, kEthernet, one.frame, one.frame.size());
    CHECK(run.end().used > 0);
  }
}

TEST_CASE("frames that are broken at random balance") {
  namespace link = capture::link;
  constexpr std::array kLinks{link::kEthernet, link::kEthernet, link::kEthernet, link::kRaw,        link::kCooked1,
                              link::kNull,     link::kIpv4,     link::kErf,      std::uint32_t{147}};
  const std::vector<Buffer> good = some_frames();
  std::mt19937 random(GENERATE(1U, 2U, 3U, 4U));
  const auto below = [&random](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  Balanced run;
  Time now = kStart;
  for (int n = 0; n < 30'000; ++n) {
    Buffer frame = good[below(good.size())];
    for (std::size_t flips = below(4) == 0 ? below(6) : 0; flips > 0; --flips) {
      frame[below(std::min<std::size_t>(frame.size(), 90))] = static_cast<std::uint8_t>(below(256));
    }
    if (below(50) == 0) std::ranges::generate(frame, [&] { return static_cast<std::uint8_t>(below(256)); });
    const std::size_t length = frame.size();
    if (below(20) == 0) frame.resize(below(length));
    now += milliseconds(below(30));
    if (below(2000) == 0) now += std::chrono::seconds(40);
    if (below(3000) == 0) now -= std::chrono::seconds(10);
    run.add(now, below(30) == 0 ? kLinks.at(below(kLinks.size())) : link::kEthernet, frame,
            below(9) == 0 ? frame.size() : length);
    if (n % 100 == 0) run.check();
  }
  const Balance balance = run.end();
  CHECK(balance.used > 0);
  CHECK(balance.duplicates > 0);
  for (const Balance::Kind& kind : balance.ignored) {
    INFO(kind.name);
    CHECK(kind.frames > 0);
  }
}

TEST_CASE("frames balance when the decoder's bounds are reached") {
  std::mt19937 random(9);
  RecordingReceiver receiver;
  capture::Decoder decoder(receiver, {.fragment_sets = 4, .fragment_bytes = 4000, .streams = 4, .stream_bytes = 500});
  std::uint64_t frames = 0;
  for (std::uint16_t n = 0; n < 4000; ++n) {
    const Buffer ip =
        ip_packet(kA.ip, kB.ip, kUdp, udp_segment(kA, kB, media(n, 500 + n % 700)), static_cast<std::uint16_t>(n / 7));
    const auto pieces = fragments(ip, 300);
    const Buffer frame = link_frame(kEthernet, pieces[random() % pieces.size()]);
    decoder.decode({kStart + milliseconds(n), kEthernet, static_cast<std::uint32_t>(frame.size()), frame});
    ++frames;
    const Balance balance = balance_of(decoder.counters());
    REQUIRE(balance.difference == 0);
    REQUIRE(balance.received == frames);
  }
  decoder.finish();
  const Balance balance = balance_of(decoder.counters());
  CHECK(balance.difference == 0);
  CHECK(balance.waiting == 0);
  CHECK(balance.dropped > 0);
}

}  // namespace
}  // namespace tapestry::app
