// Needs a network namespace: run as root, or nothing of this is tested (a line says so).
#include "capture/packet_ring.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <memory>
#include <thread>

#include "capture/fanout.h"
#include "tests/support/cable.h"
#include "tests/support/frame_sender.h"
#include "tests/support/network_namespace.h"
#include "tests/support/packet_builder.h"

namespace tapestry::capture {
namespace {

using std::chrono::milliseconds;
using Numbers = std::vector<int>;

constexpr std::size_t kBlocks = 16;
constexpr milliseconds kBlockTime{10};
constexpr std::size_t kLarge = 1400;

RingOptions options_for(std::size_t blocks = kBlocks) {
  return {.interface = "tstC", .bytes = blocks * kBlockBytes, .block_time = kBlockTime, .keep = true};
}

std::unique_ptr<PacketRing> started(const RingOptions& options) {
  auto ring = std::make_unique<PacketRing>(options);
  ring->socket().start(compile_filter("udp", 1, 65535));
  return ring;
}

/// The socket, as somebody else has it as well.
Descriptor same_socket(const PacketRing& ring) {
  return Descriptor(::fcntl(ring.socket().descriptor(), F_DUPFD_CLOEXEC, 3));
}

testing::Buffer numbered(int n, std::size_t bytes, std::optional<std::uint16_t> vlan = {}) {
  testing::Buffer payload(bytes);
  store(std::span(payload), n);
  const Endpoint from = testing::endpoint("192.0.2.1:9");
  const Endpoint to = testing::endpoint("192.0.2.2:9");
  const testing::Buffer packet =
      testing::ip_packet(from.ip, to.ip, testing::kUdp, testing::udp_segment(from, to, payload));
  return vlan ? testing::link_frame(testing::kEthernet, packet, {*vlan})
              : testing::link_frame(testing::kEthernet, packet);
}

/// Sends frames with the numbers from `first` on, before `end`, and waits until they are handed over.
void send(int first, int end, std::size_t bytes = 64) {
  std::vector<testing::TimedFrame> frames;
  for (int n = first; n < end; ++n) frames.push_back({Time{}, numbered(n, bytes)});
  testing::send_frames("tstA", frames);
  std::this_thread::sleep_for(5 * kBlockTime);
}

int number_of(const Frame& frame, std::size_t bytes) { return load<int>(frame.data.last(bytes)); }

/// The numbers of the next frames, so many at most.
Numbers read(PacketRing& ring, std::size_t bytes = 64, std::size_t most = 1'000'000) {
  Numbers numbers;
  Frame frame;
  while (numbers.size() < most && ring.next(frame)) numbers.push_back(number_of(frame, bytes));
  return numbers;
}

Numbers from_to(int first, int end) {
  Numbers numbers;
  for (int n = first; n < end; ++n) numbers.push_back(n);
  return numbers;
}

Time now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace

TEST_CASE("what was not released is read again by whoever takes the ring over, in order, each once") {
  testing::with_cable([] {
    auto first = started(options_for());
    const Descriptor socket = same_socket(*first);
    send(0, 100);
    CHECK(read(*first) == from_to(0, 100));
    const Time safe = now();
    send(100, 200);
    CHECK(read(*first, 64, 50) == from_to(100, 150));
    first->release(safe);
    first.reset();
    send(200, 300);
    PacketRing second(options_for(), Descriptor(::dup(socket.get())));
    REQUIRE(second.taken_over());
    CHECK(second.taken_over()->frames == 200);
    CHECK(second.taken_over()->since > safe);
    CHECK(second.taken_over()->since < now());
    CHECK(read(second) == from_to(100, 300));
    send(300, 310);
    CHECK(read(second) == from_to(300, 310));
  });
}

TEST_CASE("a block is kept while one of its frames is newer than what is safe") {
  testing::with_cable([] {
    auto first = started(options_for());
    const Descriptor socket = same_socket(*first);
    send(0, 10);
    Frame frame;
    REQUIRE(first->next(frame));
    const Time oldest = frame.time;
    Time newest = oldest;
    while (first->next(frame)) newest = std::max(newest, frame.time);
    REQUIRE(newest > oldest);
    first->release(newest - Duration(1));
    const Numbers kept = read(*std::make_unique<PacketRing>(options_for(), Descriptor(::dup(socket.get()))));
    REQUIRE_FALSE(kept.empty());  // all of them, but when the kernel began a second block meanwhile
    CHECK(kept == from_to(kept.front(), 10));
    first->release(newest);
    CHECK(read(*std::make_unique<PacketRing>(options_for(), Descriptor(::dup(socket.get())))).empty());
  });
}

TEST_CASE("who takes a ring over from which all was released begins with what comes next, wherever that lies") {
  testing::with_cable([] {
    auto first = started(options_for());
    const Descriptor socket = same_socket(*first);
    for (int round = 0; round < 3 * static_cast<int>(kBlocks); ++round) {
      send(round, round + 1);
      PacketRing next(options_for(), Descriptor(::dup(socket.get())));
      CHECK(read(next) == from_to(round, round + 1));
      send(1000 + round, 1001 + round);
      CHECK(read(next) == from_to(1000 + round, 1001 + round));
      next.release(Time::max());
    }
  });
}

TEST_CASE("a ring goes round and round through several hands, and nothing is lost or comes twice") {
  testing::with_cable([] {
    auto ring = started(options_for());
    const Descriptor socket = same_socket(*ring);
    Numbers seen;
    constexpr int kRound = 500;  // three or four blocks, half of which are kept when the ring changes hands
    int unsafe = 0;
    for (int round = 0; round < 12; ++round) {
      send(kRound * round, kRound * round + kRound / 2, kLarge);
      Numbers numbers = read(*ring, kLarge);
      const Time safe = now();
      CHECK(numbers == from_to(unsafe, kRound * round + kRound / 2));
      send(kRound * round + kRound / 2, kRound * (round + 1), kLarge);
      if (round % 3 != 2) CHECK_FALSE(read(*ring, kLarge, 100).empty());
      ring->release(safe);
      CHECK(ring->released_early() == 0);
      unsafe = kRound * round + kRound / 2;
      ring = std::make_unique<PacketRing>(options_for(), Descriptor(::dup(socket.get())));
    }
    CHECK(ring->socket().take_tally().drops == 0);
  });
}

TEST_CASE("a full ring drops what comes, which is counted for the next process, what it holds comes whole") {
  testing::with_cable([] {
    auto first = started(options_for());
    const Descriptor socket = same_socket(*first);
    constexpr int kSent = 6000;
    send(0, 500, kLarge);
    CHECK(read(*first, kLarge, 300) == from_to(0, 300));
    send(500, kSent, kLarge);
    first.reset();
    PacketRing second(options_for(), Descriptor(::dup(socket.get())));
    const RingTally tally = second.socket().take_tally();
    CHECK(tally.packets == kSent);
    CHECK(tally.drops > 2000);
    CHECK(tally.freezes > 0);
    const int held = kSent - static_cast<int>(tally.drops);
    REQUIRE(second.taken_over());
    CHECK(second.taken_over()->frames == static_cast<std::uint64_t>(held));
    CHECK(read(second, kLarge) == from_to(0, held));
    CHECK(second.released_early() == kBlocks / PacketRing::kKeptShare);
    send(kSent, kSent + 10, kLarge);
    CHECK(read(second, kLarge) == from_to(kSent, kSent + 10));
    CHECK(second.socket().take_tally().drops == 0);
  });
}

TEST_CASE("half of the blocks are kept at most: the oldest goes back early, and is counted") {
  testing::with_cable([] {
    auto first = started(options_for());
    const Descriptor socket = same_socket(*first);
    for (int n = 0; n < 20; ++n) {
      send(n, n + 1);
      CHECK(read(*first) == from_to(n, n + 1));
    }
    CHECK(first->released_early() == 20 - kBlocks / 2);
    first.reset();
    PacketRing second(options_for(), Descriptor(::dup(socket.get())));
    CHECK(read(second) == from_to(20 - static_cast<int>(kBlocks) / 2, 20));
  });
}

TEST_CASE("without keeping a block goes back as soon as it was read") {
  testing::with_cable([] {
    RingOptions options = options_for();
    options.keep = false;
    auto first = started(options);
    const Descriptor socket = same_socket(*first);
    send(0, 10);
    CHECK(read(*first) == from_to(0, 10));
    send(10, 20);
    CHECK(read(*first, 64, 5) == from_to(10, 15));
    CHECK(first->released_early() == 0);
    first.reset();
    PacketRing second(options, Descriptor(::dup(socket.get())));
    CHECK(read(second) == from_to(10, 20));
  });
}

TEST_CASE("a frame whose tag was put back is the same when it is read again") {
  testing::with_cable([] {
    auto first = started(options_for());
    first->socket().start(compile_filter("", 1, 65535));
    const Descriptor socket = same_socket(*first);
    const testing::Buffer sent = numbered(7, 64, 0x2123);
    testing::send_frames("tstA", std::vector<testing::TimedFrame>(2, {Time{}, sent}));
    std::this_thread::sleep_for(5 * kBlockTime);
    for (int reader = 0; reader < 3; ++reader) {
      Frame frame;
      for (int n = 0; n < 2 - reader / 2; ++n) {
        REQUIRE(first->next(frame));
        CHECK(testing::Buffer(frame.data.begin(), frame.data.end()) == sent);
        CHECK(frame.original_length == sent.size());
      }
      first = std::make_unique<PacketRing>(options_for(), Descriptor(::dup(socket.get())));
    }
  });
}

TEST_CASE("a group of rings may have any number, and the first one that the kernel gives is 0") {
  testing::with_cable([] {
    PacketRing first(options_for());
    PacketRing second(options_for());
    CHECK(first.socket().join_fanout(0, fanout_program()) == 0);
    CHECK(second.socket().join_fanout(0, fanout_program()) == 0);
    CHECK(PacketRing(options_for()).socket().join_fanout(std::nullopt, fanout_program()) != 0);
  });
}

TEST_CASE("rings that share an interface are taken over with what each holds") {
  testing::with_cable([] {
    std::vector<std::unique_ptr<PacketRing>> rings;
    std::vector<Descriptor> sockets;
    std::optional<std::uint16_t> group;
    for (int n = 0; n < 2; ++n) {
      rings.push_back(std::make_unique<PacketRing>(options_for()));
      group = rings.back()->socket().join_fanout(group, fanout_program());
      sockets.push_back(same_socket(*rings.back()));
    }
    for (const auto& ring : rings) ring->socket().start(compile_filter("udp", 1, 65535));
    std::vector<testing::TimedFrame> frames;
    for (int n = 0; n < 50; ++n) {
      const Endpoint from = testing::endpoint("192.0.2.1:" + std::to_string(20'000 + n));
      testing::Buffer payload(64);
      store(std::span(payload), n);
      frames.push_back({Time{}, testing::udp_frame(from, testing::endpoint("192.0.2.2:9"), payload)});
    }
    const auto read_both = [&] {
      Numbers all;
      for (const auto& ring : rings) {
        const Numbers some = read(*ring);
        CHECK_FALSE(some.empty());
        all.insert(all.end(), some.begin(), some.end());
      }
      std::ranges::sort(all);
      return all;
    };
    testing::send_frames("tstA", frames);
    std::this_thread::sleep_for(5 * kBlockTime);
    CHECK(read_both() == from_to(0, 50));
    for (std::size_t n = 0; n < rings.size(); ++n) {
      rings[n] = std::make_unique<PacketRing>(options_for(), Descriptor(::dup(sockets[n].get())));
    }
    CHECK(read_both() == from_to(0, 50));
    for (const auto& ring : rings) ring->release(Time::max());
    testing::send_frames("tstA", frames);
    std::this_thread::sleep_for(5 * kBlockTime);
    CHECK(read_both() == from_to(0, 50));
  });
}

TEST_CASE("a socket that does not fit is not taken over") {
  testing::with_cable([] {
    const auto ring = started(options_for());
    CHECK_THROWS_AS(PacketRing(options_for(2 * kBlocks), same_socket(*ring)), std::runtime_error);
    RingOptions other = options_for();
    other.interface = "tstA";
    CHECK_THROWS_AS(PacketRing(other, same_socket(*ring)), std::runtime_error);
    CHECK_THROWS_AS(PacketRing(options_for(), Descriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))),
                    std::runtime_error);
    CHECK_THROWS_AS(PacketRing(options_for(), Descriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0))),
                    std::runtime_error);
    CHECK_THROWS_AS(PacketRing(options_for(), Descriptor{}), std::runtime_error);
    REQUIRE(testing::ip("link del tstA"));
    REQUIRE(testing::make_cable("tstA", "tstC"));
    CHECK_THROWS_AS(PacketRing(options_for(), same_socket(*ring)), std::runtime_error);
  });
}

}  // namespace tapestry::capture
