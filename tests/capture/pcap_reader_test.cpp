#include "capture/pcap_reader.h"

#include <catch2/catch.hpp>

#include <sstream>

#include "capture/memory_reader.h"
#include "tests/support/packet_builder.h"
#include "tests/support/pcap_writer.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;

const Time kStart{std::chrono::nanoseconds(1'700'000'000'123'456'789)};

PcapReader reader_of(std::string_view file) {
  return {Window(std::make_unique<MemoryReader>(as_bytes(file))), "memory"};
}

std::string three_frames(const PcapOptions& options = {}) {
  std::ostringstream out;
  PcapWriter writer(out, options);
  writer.add(kStart, as_bytes("first"));
  writer.add(kStart + std::chrono::milliseconds(1), as_bytes("second"), 1500);
  writer.add(kStart + std::chrono::seconds(1), {});
  return out.str();
}

std::vector<std::string> contents(PcapReader& reader) {
  std::vector<std::string> frames;
  Frame frame;
  while (reader.next(frame)) frames.emplace_back(as_text(frame.data));
  return frames;
}

TEST_CASE("pcap of both byte orders and both resolutions gives the same frames") {
  const bool big = GENERATE(false, true);
  const bool nano = GENERATE(false, true);
  const std::string file = three_frames({.link_type = 113, .nanoseconds = nano, .big_endian = big});
  PcapReader reader = reader_of(file);
  Frame frame;
  REQUIRE(reader.next(frame));
  REQUIRE(as_text(frame.data) == "first");
  REQUIRE(frame.link_type == 113);
  REQUIRE(frame.original_length == 5);
  REQUIRE(frame.time == kStart - std::chrono::nanoseconds(nano ? 0 : 789));
  REQUIRE(reader.next(frame));
  REQUIRE(as_text(frame.data) == "second");
  REQUIRE(frame.original_length == 1500);
  REQUIRE(reader.next(frame));
  REQUIRE(frame.data.empty());
  REQUIRE_FALSE(reader.next(frame));
  REQUIRE_FALSE(reader.info().damage);
  REQUIRE(reader.info().link_type == "Linux cooked v1");
  REQUIRE(reader.info().packets == 3);
}

TEST_CASE("the modified pcap format has longer record headers") {
  Buffer file;
  append_big(file, 0xa1b2cd34, 4);
  append_big(file, 0x00020004, 4);
  append_big(file, 0, 8);
  append_big(file, 65535, 4);
  append_big(file, 1, 4);
  for (int i = 0; i < 2; ++i) {
    append_big(file, 5, 4);
    append_big(file, 7, 4);
    append_big(file, 3, 4);
    append_big(file, 3, 4);
    append_big(file, 0x0000000208000000, 8);
    append(file, as_bytes("abc"));
  }
  PcapReader reader = reader_of(as_text(file));
  REQUIRE(contents(reader) == std::vector<std::string>{"abc", "abc"});
  REQUIRE(reader.info().first == Time(std::chrono::seconds(5) + std::chrono::microseconds(7)));
}

TEST_CASE("a pcap file cut at any byte gives the frames before the cut and names the place") {
  const std::string whole = three_frames();
  const std::vector<std::size_t> ends{24, 24 + 21, 24 + 21 + 22, 24 + 21 + 22 + 16};
  for (std::size_t size = 24; size <= whole.size(); ++size) {
    PcapReader reader = reader_of(std::string_view(whole).substr(0, size));
    const auto complete = std::ranges::upper_bound(ends, size) - ends.begin() - 1;
    REQUIRE(contents(reader).size() == static_cast<std::size_t>(complete));
    const std::size_t boundary = ends[static_cast<std::size_t>(complete)];
    REQUIRE(reader.info().damage.has_value() == (size != boundary));
    if (reader.info().damage) REQUIRE(reader.info().damage->offset == boundary);
  }
}

TEST_CASE("a captured length above the bound is damage, whatever the file's snaplen says") {
  std::ostringstream out;
  PcapWriter writer(out, {.snaplen = 0xffffffff});
  const Buffer largest(kMaxFrame, 'x');
  writer.add(kStart, largest);
  std::string file = out.str();
  PcapReader good = reader_of(file);
  REQUIRE(contents(good).size() == 1);
  file += file.substr(24, 16);
  file[file.size() - 8] = 1;
  file += std::string(kMaxFrame + 1, 'x');
  PcapReader bad = reader_of(file);
  REQUIRE(contents(bad).size() == 1);
  REQUIRE(bad.info().damage.value().offset == 24 + 16 + kMaxFrame);
  REQUIRE(bad.info().damage.value().what == "a packet claims 262145 captured bytes");
}

TEST_CASE("absurd timestamps do not overflow") {
  std::string file = three_frames();
  std::fill_n(file.begin() + 24, 8, '\xff');
  PcapReader reader = reader_of(file);
  REQUIRE(contents(reader).size() == 3);
  REQUIRE(reader.info().last.value() > kStart);
  REQUIRE(reader.info().last.value() - reader.info().first.value() > Duration(0));
}

TEST_CASE("frames larger than what is left of a block are put together") {
  std::ostringstream out;
  PcapWriter writer(out);
  for (std::size_t i = 0; i < 200; ++i) writer.add(kStart, Buffer(i * 331, static_cast<std::uint8_t>(i)));
  const std::string file = out.str();
  PcapReader reader = reader_of(file);
  const auto frames = contents(reader);
  REQUIRE(frames.size() == 200);
  for (std::size_t i = 0; i < 200; ++i) REQUIRE(frames[i] == std::string(i * 331, static_cast<char>(i)));
}

}  // namespace
}  // namespace tapestry::capture
