// Needs a network namespace: run as root, or nothing of this is tested (a line says so).
#include "capture/interface_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <map>
#include <thread>

#include "capture/live_merge.h"
#include "tests/support/cable.h"
#include "tests/support/frame_sender.h"
#include "tests/support/network_namespace.h"
#include "tests/support/recording_receiver.h"

namespace tapestry::capture {
namespace {

using std::chrono::milliseconds;

Time now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

InterfaceOptions options_for(const std::string& filter = {}, std::size_t rings = 1) {
  return {.ring = {.interface = "tstC", .bytes = 8U << 20U, .block_time = milliseconds(10)},
          .rings = rings,
          .filter = filter};
}

testing::TimedFrame udp(std::uint16_t port, std::string_view payload) {
  return {Time{}, testing::udp_frame({*IpAddress::parse("192.0.2.1"), port}, testing::endpoint("192.0.2.2:9"),
                                     testing::buffer(payload))};
}

/// The ends of the frames that come within a moment, which is longer when fewer than `least` come: a machine may be
/// slow. The source is looked after meanwhile.
std::vector<std::string> given(InterfaceSource& source, std::vector<std::string>& news, milliseconds moment,
                               std::size_t least = 0) {
  constexpr std::chrono::seconds kPatience{10};
  LiveMerge merge(source.lanes(), milliseconds(30));
  std::vector<std::string> all;
  std::vector<Drops> drops;
  const auto until = std::chrono::steady_clock::now() + moment;
  const auto is_over = [&] {
    const auto now = std::chrono::steady_clock::now();
    return now >= until && (all.size() >= least || now >= until + kPatience);
  };
  while (!is_over()) {
    Frame frame;
    while (merge.next(frame, now())) all.emplace_back(as_text(frame.data.last(5)));
    source.look(now(), drops, news);
    std::this_thread::sleep_for(milliseconds(5));
  }
  CHECK(drops.empty());
  return all;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("frames are captured with their time, and only those that the filter wants") {
  testing::with_cable([] {
    InterfaceSource source(options_for("udp port 1000"));
    const Time before = now();
    testing::send_frames("tstA", std::vector{udp(1000, "first"), udp(2000, "other"), udp(1000, "again")});
    std::this_thread::sleep_for(milliseconds(50));
    Frame frame;
    LiveLane& lane = *source.lanes().front();
    REQUIRE(lane.next(frame));
    CHECK(frame.time >= before);
    CHECK(frame.time <= now());
    CHECK(frame.original_length == frame.data.size());
    CHECK(as_text(frame.data).ends_with("first"));
    REQUIRE(lane.next(frame));
    CHECK(as_text(frame.data).ends_with("again"));
    CHECK_FALSE(lane.next(frame));
    std::vector<Drops> drops;
    Words news;
    source.look(now(), drops, news);
    CHECK(news == Words{"tstC is up"});
    CHECK(testing::value_of(source.counters(), "live.frames") == 2);
    CHECK(testing::value_of(source.counters(), "live.kernel_packets") == 2);
  });
}

TEST_CASE("a VLAN tag that the kernel took off is there again") {
  testing::with_cable([] {
    InterfaceSource source(options_for());
    const testing::Buffer packet =
        testing::ip_packet(testing::endpoint("192.0.2.1:1").ip, testing::endpoint("192.0.2.2:1").ip, testing::kUdp,
                           testing::udp_segment(testing::endpoint("192.0.2.1:1"), testing::endpoint("192.0.2.2:2"),
                                                testing::buffer("in a virtual network of its own")));
    const std::vector<testing::TimedFrame> sent = {{Time{}, testing::link_frame(testing::kEthernet, packet, {0x2123})},
                                                   {Time{}, testing::link_frame(testing::kEthernet, packet, {7, 9})}};
    testing::send_frames("tstA", sent);
    std::this_thread::sleep_for(milliseconds(50));
    for (const testing::TimedFrame& one : sent) {
      Frame frame;
      REQUIRE(source.lanes().front()->next(frame));
      CHECK(testing::Buffer(frame.data.begin(), frame.data.end()) == one.frame);
      CHECK(frame.original_length == one.frame.size());
    }
  });
}

TEST_CASE("what is longer than the snapshot length is cut, and its length told") {
  testing::with_cable([] {
    InterfaceOptions options = options_for();
    options.snaplen = 300;
    InterfaceSource source(options);
    testing::send_frames("tstA", std::vector{udp(1, std::string(1000, 'x'))});
    std::this_thread::sleep_for(milliseconds(50));
    Frame frame;
    REQUIRE(source.lanes().front()->next(frame));
    CHECK(frame.data.size() == 300);
    CHECK(frame.original_length == 1042);
  });
}

TEST_CASE("several rings give each frame once, merged in order of time") {
  testing::with_cable([] {
    InterfaceOptions options = options_for({}, 4);
    options.ring.bytes = 128U << 20U;
    InterfaceSource source(options);
    std::vector<testing::TimedFrame> sent;
    Words expected;
    for (int n = 0; n < 2000; ++n) {
      expected.push_back("n" + std::to_string(1000 + n));
      sent.push_back(udp(static_cast<std::uint16_t>(20'000 + n % 50), expected.back()));
      sent.back().time = Time(std::chrono::microseconds(100 * n));
    }
    testing::send_frames("tstA", sent);
    Words news;
    CHECK(given(source, news, milliseconds(300), expected.size()) == expected);
  });
}

TEST_CASE("an interface may go down and up, go away, and come back") {
  testing::with_cable([] {
    InterfaceSource source(options_for());
    Words news;
    CHECK(given(source, news, milliseconds(20)).empty());
    REQUIRE(testing::ip("link set tstC down"));
    CHECK(given(source, news, milliseconds(20)).empty());
    REQUIRE(testing::ip("link set tstC up"));
    REQUIRE(testing::wait_until_up("tstC"));
    testing::send_frames("tstA", std::vector{udp(1, "after")});
    CHECK(given(source, news, milliseconds(60), 1) == Words{"after"});
    REQUIRE(testing::ip("link del tstA"));
    CHECK(given(source, news, milliseconds(40)).empty());
    REQUIRE(testing::make_cable("tstA", "tstC"));
    REQUIRE(testing::wait_until_up("tstC"));
    CHECK(given(source, news, milliseconds(40)).empty());
    testing::send_frames("tstA", std::vector{udp(1, "newer")});
    CHECK(given(source, news, milliseconds(60), 1) == Words{"newer"});
    CHECK(news == Words{"tstC is up", "tstC is down; waiting for it", "tstC is up", "tstC is not there; waiting for it",
                        "tstC is up"});
    CHECK(testing::value_of(source.counters(), "live.interface_down") == 2);
  });
}

TEST_CASE("an interface that is down at first is captured by several rings when it comes up") {
  testing::with_cable([] {
    REQUIRE(testing::ip("link set tstC down"));
    InterfaceSource source(options_for({}, 2));
    Words news;
    std::vector<Drops> drops;
    source.look(now(), drops, news);
    CHECK(news == Words{"tstC is down; waiting for it"});
    REQUIRE(testing::ip("link set tstC up"));
    REQUIRE(testing::wait_until_up("tstC"));
    source.look(now(), drops, news);
    CHECK(news.back() == "tstC is up");
    testing::send_frames("tstA", std::vector{udp(1000, "here")});
    CHECK(given(source, news, milliseconds(100), 1).size() == 1);
  });
}

TEST_CASE("an interface that is missing at first is captured when it comes") {
  testing::with_cable([] {
    InterfaceOptions options = options_for();
    options.ring.interface = "tstE";
    InterfaceSource source(options);
    Words news;
    CHECK(given(source, news, milliseconds(20)).empty());
    REQUIRE(testing::make_cable("tstD", "tstE"));
    CHECK(given(source, news, milliseconds(40)).empty());
    testing::send_frames("tstD", std::vector{udp(1, "there")});
    CHECK(given(source, news, milliseconds(60), 1) == Words{"there"});
    CHECK(news == Words{"tstE is not there; waiting for it", "tstE is up"});
  });
}

TEST_CASE("what a full ring drops is counted, and told with its time") {
  testing::with_cable([] {
    InterfaceSource source(options_for());
    const Time before = now();
    std::vector<Drops> drops;
    Words news;
    source.look(before, drops, news);
    const std::vector<testing::TimedFrame> sent(12'000, udp(1, std::string(1400, 'x')));
    testing::send_frames("tstA", sent);
    source.look(now(), drops, news);
    REQUIRE(drops.size() == 1);
    CHECK(drops[0].from == before);
    CHECK(drops[0].to >= before);
    Frame frame;
    std::uint64_t read = 0;
    while (source.lanes().front()->next(frame)) ++read;
    CHECK(read > 1000);
    CHECK(read + drops[0].packets == sent.size());
    CHECK(testing::value_of(source.counters(), "live.ring_drops") == drops[0].packets);
    CHECK(testing::value_of(source.counters(), "live.kernel_packets") == sent.size());
  });
}

/// Descriptors as a service manager keeps them.
struct Stored {
  void take_from(InterfaceSource& source) {
    std::vector<DescriptorToStore> all;
    source.take_descriptors_to_store(all);
    for (const DescriptorToStore& one : all) {
      if (one.descriptor < 0) {
        std::erase_if(kept, [&](const auto& old) { return old.name == one.name; });
      } else {
        kept.push_back({one.name, Descriptor(::fcntl(one.descriptor, F_DUPFD_CLOEXEC, 3))});
      }
    }
  }
  [[nodiscard]] std::vector<NamedDescriptor> copy() const {
    std::vector<NamedDescriptor> all;
    for (const auto& one : kept)
      all.push_back({one.name, Descriptor(::fcntl(one.descriptor.get(), F_DUPFD_CLOEXEC, 3))});
    return all;
  }
  std::vector<NamedDescriptor> kept{};
};

TEST_CASE("a source goes on with the rings that the one before left, what was not released included") {
  testing::with_cable([] {
    InterfaceOptions options = options_for("udp", 2);
    options.ring.keep = true;
    options.ring.bytes = 64U << 20U;
    Stored stored;
    Words news;
    {
      InterfaceSource first(options);
      CHECK(first.is_always_readable());
      CHECK_FALSE(first.goes_on());
      stored.take_from(first);
      REQUIRE(stored.kept.size() == 2);
      testing::send_frames("tstA", std::vector{udp(1000, "first"), udp(1001, "other")});
      CHECK(given(first, news, milliseconds(80)).size() == 2);
      first.release(now());
      testing::send_frames("tstA", std::vector{udp(1000, "third"), udp(1001, "forth")});
      CHECK(given(first, news, milliseconds(80)).size() == 2);
    }
    testing::send_frames("tstA", std::vector{udp(1000, "fifth")});
    auto left = stored.copy();
    InterfaceSource second(options, &left);
    CHECK(left.empty());
    CHECK(second.goes_on());
    CHECK(given(second, news, milliseconds(80)) == Words{"third", "forth", "fifth"});
    REQUIRE(news.size() == 3);
    CHECK(news[1].starts_with("tstC goes on with the ring that a process before left, with "));
    CHECK(testing::value_of(second.counters(), "live.taken_over") >= 2);
    CHECK(testing::value_of(second.counters(), "live.released_early") == 0);
    const std::size_t before = stored.kept.size();
    stored.take_from(second);
    CHECK(stored.kept.size() == before);
  });
}

TEST_CASE("rings that are not all there, or were made otherwise, are left alone") {
  testing::with_cable([] {
    Stored stored;
    InterfaceSource first(options_for("udp", 2));
    stored.take_from(first);
    const auto is_left = [&](InterfaceOptions options, std::size_t most) {
      auto left = stored.copy();
      while (left.size() > most) left.pop_back();
      const std::size_t given = left.size();
      const InterfaceSource other(std::move(options), &left);
      return left.size() == given;
    };
    CHECK_FALSE(is_left(options_for("udp", 2), 2));
    CHECK(is_left(options_for("udp", 2), 1));
    CHECK(is_left(options_for("udp", 1), 2));
    CHECK(is_left(options_for("tcp", 2), 2));
    InterfaceOptions options = options_for("udp", 2);
    options.snaplen = 100;
    CHECK(is_left(options, 2));
    options = options_for("udp", 2);
    options.ring.bytes *= 2;
    CHECK(is_left(options, 2));
    options = options_for("udp", 2);
    options.ring.outgoing = true;
    CHECK(is_left(options, 2));
    auto twice = stored.copy();
    std::ranges::move(stored.copy(), std::back_inserter(twice));
    const InterfaceSource other(options_for("udp", 2), &twice);
    CHECK(twice.size() == 4);
  });
}

TEST_CASE("the ring of an interface that is gone is not taken over, and is forgotten for the new one") {
  testing::with_cable([] {
    Stored stored;
    Words news;
    InterfaceSource first(options_for());
    stored.take_from(first);
    const auto old = stored.copy();
    REQUIRE(testing::ip("link del tstA"));
    CHECK(given(first, news, milliseconds(40)).empty());
    stored.take_from(first);
    CHECK(stored.kept.empty());
    REQUIRE(testing::make_cable("tstA", "tstC"));
    auto left = Stored{};
    for (const auto& one : old) left.kept.push_back({one.name, Descriptor(::dup(one.descriptor.get()))});
    InterfaceSource second(options_for(), &left.kept);
    CHECK(left.kept.size() == 1);
    news.clear();
    CHECK(given(second, news, milliseconds(10)).empty());
    CHECK(news == Words{"what was kept for tstC belongs to an interface that is gone", "tstC is up"});
    CHECK(given(first, news, milliseconds(40)).empty());
    stored.take_from(first);
    CHECK(stored.kept.size() == 1);
  });
}

}  // namespace tapestry::capture
