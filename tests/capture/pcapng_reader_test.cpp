#include "capture/pcapng_reader.h"

#include <catch2/catch.hpp>

#include <sstream>

#include "capture/memory_reader.h"
#include "tests/support/packet_builder.h"
#include "tests/support/pcap_writer.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::seconds;

struct Read {
  std::vector<std::string> frames;
  std::vector<std::int64_t> times;
  std::vector<std::uint32_t> link_types;
  std::vector<std::uint32_t> lengths;
  CaptureInfo info;
};

Read read_all(std::string_view file) {
  PcapngReader reader(Window(std::make_unique<MemoryReader>(as_bytes(file))), "memory");
  Read result;
  Frame frame;
  while (reader.next(frame)) {
    result.frames.emplace_back(as_text(frame.data));
    result.times.push_back(frame.time.time_since_epoch().count());
    result.link_types.push_back(frame.link_type);
    result.lengths.push_back(frame.original_length);
  }
  result.info = reader.info();
  return result;
}

std::int64_t time_with(const PcapngInterface& interface, std::uint64_t ticks) {
  std::ostringstream out;
  PcapngWriter writer(out);
  writer.add_interface(interface);
  writer.add(0, ticks, as_bytes("x"));
  return read_all(out.str()).times.at(0);
}

TEST_CASE("pcapng of both byte orders, several sections and interfaces, all kinds of packet blocks") {
  const bool big = GENERATE(false, true);
  std::ostringstream out;
  PcapngWriter writer(out, big);
  writer.add_interface({.link_type = 1, .snaplen = 4, .resolution = {}, .offset_seconds = {}});
  writer.add_interface({.link_type = 113, .snaplen = 0, .resolution = 9, .offset_seconds = {}});
  writer.add(0, 1'000'000, as_bytes("abcde"), 99);
  writer.add_block(0x0bad, "custom things");
  writer.add(1, 2'000'000'000, as_bytes("two"));
  writer.add_simple(as_bytes("wxyz"), 60);
  writer.add_obsolete(1, 3'000'000'000, as_bytes("old"));
  writer.begin_section(!big);
  writer.add_interface({.link_type = 276, .snaplen = 0, .resolution = {}, .offset_seconds = {}});
  writer.add(0, 4'000'000, as_bytes("other order"));
  const Read read = read_all(out.str());
  REQUIRE(read.frames == std::vector<std::string>{"abcde", "two", "wxyz", "old", "other order"});
  REQUIRE(read.link_types == std::vector<std::uint32_t>{1, 113, 1, 113, 276});
  REQUIRE(read.lengths == std::vector<std::uint32_t>{99, 3, 60, 3, 11});
  const std::int64_t second = 1'000'000'000;
  REQUIRE(read.times == std::vector<std::int64_t>{second, 2 * second, 2 * second, 3 * second, 4 * second});
  REQUIRE_FALSE(read.info.damage);
  REQUIRE(read.info.link_type == "Ethernet");
  REQUIRE(read.info.first == Time(seconds(1)));
  REQUIRE(read.info.last == Time(seconds(4)));
}

TEST_CASE("time resolutions are powers of ten or two, with an offset in seconds") {
  const auto at = [](std::optional<std::uint8_t> resolution, std::optional<std::int64_t> offset, std::uint64_t ticks) {
    return time_with({.link_type = 1, .snaplen = 0, .resolution = resolution, .offset_seconds = offset}, ticks);
  };
  REQUIRE(at({}, {}, 1'500'000) == 1'500'000'000);
  REQUIRE(at(0, {}, 7) == 7'000'000'000);
  REQUIRE(at(3, {}, 7) == 7'000'000);
  REQUIRE(at(12, {}, 7'000'999) == 7'000);
  REQUIRE(at(0x80 | 10, {}, 1536) == 1'500'000'000);
  REQUIRE(at(6, 100, 5) == 100'000'005'000);
  REQUIRE(at(6, -1, 3'000'000) == 2'000'000'000);
}

TEST_CASE("absurd pcapng timestamps are clamped to what Time can hold with room to spare") {
  const auto latest = std::int64_t{1} << 62U;
  REQUIRE(time_with({.link_type = 1, .snaplen = 0, .resolution = 0, .offset_seconds = {}}, ~0ULL) == latest);
  REQUIRE(time_with({.link_type = 1, .snaplen = 0, .resolution = 6, .offset_seconds = INT64_MAX}, ~0ULL) == latest);
  REQUIRE(time_with({.link_type = 1, .snaplen = 0, .resolution = 6, .offset_seconds = INT64_MIN}, 1) == 0);
}

TEST_CASE("a resolution that nothing can hold is damage") {
  const std::uint8_t resolution = GENERATE(std::uint8_t{20}, std::uint8_t{0x80 | 64});
  std::ostringstream out;
  PcapngWriter writer(out);
  writer.add_interface({.link_type = 1, .snaplen = 0, .resolution = resolution, .offset_seconds = {}});
  const Read read = read_all(out.str());
  REQUIRE(read.info.damage.value().offset == 28);
  REQUIRE(read.info.damage.value().what == "an interface has an unusable time resolution");
}

TEST_CASE("a pcapng file cut at any byte gives the frames before the cut and names the block") {
  std::ostringstream out;
  PcapngWriter writer(out);
  writer.add_interface({});
  std::vector<std::size_t> ends{out.str().size()};
  for (int i = 0; i < 3; ++i) {
    writer.add(0, 1, as_bytes("frame"));
    ends.push_back(out.str().size());
  }
  const std::string whole = out.str();
  for (std::size_t size = ends.front(); size <= whole.size(); ++size) {
    const Read read = read_all(std::string_view(whole).substr(0, size));
    const auto complete = static_cast<std::size_t>(std::ranges::upper_bound(ends, size) - ends.begin() - 1);
    REQUIRE(read.frames.size() == complete);
    REQUIRE(read.info.damage.has_value() == (size != ends[complete]));
    if (read.info.damage) REQUIRE(read.info.damage->offset == ends[complete]);
  }
}

std::string damage_of(std::string_view file) { return read_all(file).info.damage.value().what; }

TEST_CASE("blocks that contradict themselves are damage") {
  std::ostringstream out;
  PcapngWriter writer(out);
  writer.add_interface({});
  const std::string begun = out.str();
  writer.add(0, 1, as_bytes("frame"));
  const std::string file = out.str();
  const auto with = [&](std::size_t at, char value) {
    std::string changed = file;
    changed[begun.size() + at] = value;
    return damage_of(changed);
  };
  REQUIRE(with(4, 8) == "a block claims 8 bytes");
  REQUIRE(with(6, 127).starts_with("a block claims"));
  REQUIRE(with(4, 36) == "a block's two lengths differ");
  REQUIRE(with(8, 1) == "a packet names an interface that was never described");
  REQUIRE(with(20, 9) == "a packet claims 9 captured bytes");
  std::ostringstream small;
  PcapngWriter short_writer(small);
  short_writer.add_block(6, "short");
  REQUIRE(damage_of(small.str()) == "a packet block is too short");
  std::string version = file;
  version[12] = 2;
  REQUIRE(damage_of(version) == "a section header is of no known version");
}

TEST_CASE("unknown blocks of any size are skipped") {
  std::ostringstream out;
  PcapngWriter writer(out);
  writer.add_interface({});
  writer.add_block(0x0bad, std::string(3'000'000, 'x'));
  writer.add(0, 1, as_bytes("frame"));
  const Read read = read_all(out.str());
  REQUIRE(read.frames == std::vector<std::string>{"frame"});
  REQUIRE_FALSE(read.info.damage);
}

TEST_CASE("the number of interfaces is bounded") {
  std::ostringstream out;
  PcapngWriter writer(out);
  for (int i = 0; i < 4097; ++i) writer.add_interface({});
  REQUIRE(damage_of(out.str()) == "more than 4096 interfaces");
}

}  // namespace
}  // namespace tapestry::capture
