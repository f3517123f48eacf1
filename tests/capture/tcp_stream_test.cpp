#include "capture/tcp_stream.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "tests/support/packet_builder.h"
#include "tests/support/recording_receiver.h"

namespace tapestry::capture {
namespace {

using namespace tapestry::testing;
using std::chrono::seconds;

const Time kStart{seconds(1'700'000'000)};

/// A stream under test with what it gave.
struct Bench {
  explicit Bench(std::uint32_t first, bool syn = true) : next(first), stream(1, segment(first, "", syn)) {}

  static TcpSegment segment(std::uint32_t sequence, std::string_view payload, bool syn = false) {
    TcpSegment made;
    made.source = endpoint("10.0.0.1:40000");
    made.destination = endpoint("10.0.0.2:5060");
    made.sequence = sequence;
    made.syn = syn;
    made.payload = as_bytes(payload);
    return made;
  }
  void add(std::uint32_t offset, std::string_view payload, bool fin = false, std::size_t cut = 0) {
    TcpSegment made = segment(next + offset, payload);
    made.fin = fin;
    made.cut = cut;
    stream.add(kStart + seconds(++clock), made, receiver, tally);
  }
  std::string got() { return receiver.streams[1].bytes; }
  bool closed() { return receiver.streams[1].closed; }

  std::uint32_t next;
  TcpStream stream;
  RecordingReceiver receiver;
  TcpTally tally;
  int clock = 0;
};

TEST_CASE("bytes in order are handed on at once") {
  Bench bench(1000);
  bench.add(0, "one ");
  REQUIRE(bench.got() == "one ");
  bench.add(4, "two", true);
  REQUIRE(bench.got() == "one two");
  REQUIRE(bench.closed());
  REQUIRE(bench.receiver.streams[1].source == endpoint("10.0.0.1:40000"));
  REQUIRE(bench.tally.bytes == 7);
}

TEST_CASE("a stream that begins in the middle is marked as lost before, once") {
  Bench bench(1000, false);
  bench.add(0, "one ");
  bench.add(4, "two");
  REQUIRE(bench.got() == "|one two");
}

TEST_CASE("repeated segments and overlaps give each byte once") {
  Bench bench(1000);
  bench.add(0, "abcd");
  bench.add(0, "abcd");
  bench.add(2, "XXef");
  bench.add(4, "YY");
  REQUIRE(bench.got() == "abcdef");
  REQUIRE(bench.tally.retransmitted == 2);
}

TEST_CASE("segments out of order wait, and the first of overlapping ones wins") {
  Bench bench(1000);
  bench.add(4, "efgh");
  bench.add(10, "kl");
  bench.add(2, "cdXXXXijXXYY");
  REQUIRE(bench.got().empty());
  REQUIRE(bench.stream.waiting());
  REQUIRE(bench.stream.waiting_since() == kStart + seconds(3));
  bench.add(0, "abZZ");
  REQUIRE(bench.got() == "abcdefghijklYY");
  REQUIRE_FALSE(bench.stream.waiting());
  REQUIRE(bench.stream.waiting_cost() == 0);
  REQUIRE(bench.tally.out_of_order == 3);
}

TEST_CASE("sequence numbers wrap around") {
  Bench bench(0xfffffffaU);
  bench.add(8, "ij");
  bench.add(0, "abcd");
  bench.add(4, "efgh");
  bench.add(10, "kl", true);
  REQUIRE(bench.got() == "abcdefghijkl");
  REQUIRE(bench.closed());
}

TEST_CASE("a hole that is given up marks what comes behind it") {
  Bench bench(1000);
  bench.add(0, "ab");
  bench.add(4, "ef");
  bench.add(8, "ij");
  bench.stream.skip_hole(kStart, bench.receiver, bench.tally);
  REQUIRE(bench.got() == "ab|ef");
  REQUIRE(bench.stream.waiting());
  bench.stream.close(kStart, bench.receiver, bench.tally);
  REQUIRE(bench.got() == "ab|ef|ij");
  REQUIRE(bench.closed());
  REQUIRE(bench.tally.holes == 2);
}

TEST_CASE("what waited behind a hole that is given up has the time at which it came") {
  Bench bench(1000);
  bench.add(0, "ab");
  bench.add(4, "ef");
  const Time came = bench.stream.waiting_since();
  bench.stream.skip_hole(came + seconds(9), bench.receiver, bench.tally);
  REQUIRE(bench.receiver.streams[1].last == came);
}

TEST_CASE("an end behind a hole waits for the hole") {
  Bench bench(1000);
  bench.add(0, "ab");
  bench.add(4, "ef", true);
  REQUIRE_FALSE(bench.closed());
  bench.add(2, "cd");
  REQUIRE(bench.got() == "abcdef");
  REQUIRE(bench.closed());
  bench.add(2, "cd");
  bench.add(6, "late");
  REQUIRE(bench.got() == "abcdef");
  REQUIRE(bench.tally.retransmitted == 2);
}

TEST_CASE("an end alone behind a hole is given up like bytes") {
  Bench bench(1000);
  bench.add(0, "ab");
  bench.add(4, "", true);
  REQUIRE(bench.stream.waiting());
  bench.stream.skip_hole(kStart, bench.receiver, bench.tally);
  REQUIRE(bench.got() == "ab|");
  REQUIRE(bench.closed());
}

TEST_CASE("a segment that the capture cut gives what is there, and a loss behind it") {
  Bench bench(1000);
  bench.add(0, "ab", false, 3);
  bench.add(5, "fg");
  REQUIRE(bench.got() == "ab|fg");
  bench.add(9, "jk", false, 2);
  bench.add(7, "hi");
  bench.add(13, "no");
  REQUIRE(bench.got() == "ab|fghijk|no");
  REQUIRE(bench.tally.cut == 2);
}

TEST_CASE("a segment that fills the cut part of one that waits is used") {
  Bench bench(1000);
  bench.add(2, "cd", false, 2);
  bench.add(4, "ef");
  bench.add(0, "ab");
  REQUIRE(bench.got().starts_with("abcd"));
}

TEST_CASE("segments far off belong to another use of the ports") {
  Bench bench(0x80000000U);
  bench.add(0, "ab");
  REQUIRE_FALSE(bench.stream.is_foreign(Bench::segment(0x80000000U, "", true)));
  REQUIRE(bench.stream.is_foreign(Bench::segment(0x80000001U, "", true)));
  REQUIRE(bench.stream.is_foreign(Bench::segment(0x70000000U, "x")));
  REQUIRE_FALSE(bench.stream.is_foreign(Bench::segment(0x70000000U, "")));
  REQUIRE_FALSE(bench.stream.is_foreign(Bench::segment(0x7fffff00U, "x")));
}

struct Cut {
  std::size_t at = 0;
  std::size_t size = 0;
};

std::vector<Cut> random_segments(std::size_t size, std::mt19937& random) {
  std::vector<Cut> cuts;
  for (std::size_t at = 0; at < size;) {
    const std::size_t length = std::min<std::size_t>(1 + random() % 40, size - at);
    cuts.push_back({at, length});
    if (random() % 4 == 0) {
      const std::size_t back = std::min<std::size_t>(at, random() % 30);
      cuts.push_back({at - back, std::min<std::size_t>(length + back, size - (at - back))});
    }
    at += length;
  }
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const std::size_t other = std::min(cuts.size() - 1, i + random() % 8);
    std::swap(cuts[i], cuts[other]);
  }
  return cuts;
}

TEST_CASE("any segmentation, order and repetition of a stream gives the same bytes") {
  std::mt19937 random(20261120);
  for (int round = 0; round < 300; ++round) {
    std::string text(1 + random() % 3000, '\0');
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    Bench bench(static_cast<std::uint32_t>(random()));
    for (const Cut& cut : random_segments(text.size(), random)) {
      bench.add(static_cast<std::uint32_t>(cut.at), std::string_view(text).substr(cut.at, cut.size));
    }
    bench.add(static_cast<std::uint32_t>(text.size()), "", true);
    REQUIRE(bench.got() == text);
    REQUIRE(bench.closed());
    REQUIRE(bench.tally.bytes == text.size());
    REQUIRE(bench.tally.holes == 0);
  }
}

}  // namespace
}  // namespace tapestry::capture
