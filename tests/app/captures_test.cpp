#include "app/captures.h"

#include <array>
#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"
#include "tests/support/pcap_writer.h"
#include "tests/support/sample_call.h"

using namespace tapestry;

namespace {

Time at(int seconds) { return *from_rfc3339("2026-03-02T09:15:00Z") + std::chrono::seconds(seconds); }

/// A capture with a frame at each of those seconds, in that order.
std::string write_times(const testing::TemporaryFolder& folder, const std::string& name,
                        const std::vector<int>& times) {
  std::ofstream file(folder / name, std::ios::binary);
  testing::PcapWriter writer(file);
  for (const int time : times) writer.add(at(time), testing::Buffer(60, 0));
  return (folder / name).string();
}

/// A capture with one frame per second.
std::string write_capture(const testing::TemporaryFolder& folder, const std::string& name, int first, int count) {
  std::vector<int> times;
  for (int i = 0; i < count; ++i) times.push_back(first + i);
  return write_times(folder, name, times);
}

std::vector<Time> times_of(app::Captures& captures) {
  std::vector<Time> times;
  capture::Frame frame;
  while (captures.next(frame)) times.push_back(frame.time);
  return times;
}

}  // namespace

TEST_CASE("captures are read in order of their first packets and reported in the order named") {
  const testing::TemporaryFolder folder;
  const std::string late = write_capture(folder, "late", 10, 2);
  const std::string empty = write_capture(folder, "empty", 0, 0);
  const std::string early = write_capture(folder, "early", 0, 3);
  app::Captures captures({late, empty, early});
  CHECK(times_of(captures) == std::vector<Time>{at(0), at(1), at(2), at(10), at(11)});
  REQUIRE(captures.reports().size() == 3);
  CHECK(captures.reports()[0].info.file == late);
  CHECK(captures.reports()[0].info.packets == 2);
  CHECK(captures.reports()[0].info.first == at(10));
  CHECK(captures.reports()[1].info.packets == 0);
  CHECK(captures.reports()[2].info.last == at(2));
  CHECK(captures.done_bytes() == captures.total_bytes());
}

TEST_CASE("captures that begin at one time are merged in the order of their frames' octets, however they are named") {
  const testing::TemporaryFolder folder;
  const auto write = [&folder](const std::string& name, std::uint8_t octet) {
    std::ofstream file(folder / name, std::ios::binary);
    testing::PcapWriter writer(file);
    for (const int time : {0, 1}) writer.add(at(time), testing::Buffer(60, octet));
    return (folder / name).string();
  };
  const std::vector<std::string> files{write("a", 7), write("b", 9), write("c", 8)};
  for (const auto& order : {std::array{0, 1, 2}, std::array{2, 1, 0}, std::array{1, 0, 2}}) {
    std::vector<std::string> named;
    for (const int n : order) named.push_back(files.at(static_cast<std::size_t>(n)));
    app::Captures captures(named);
    std::vector<int> octets;
    capture::Frame frame;
    while (captures.next(frame)) octets.push_back(frame.data.front());
    CHECK(octets == std::vector{7, 8, 9, 7, 8, 9});
  }
}

TEST_CASE("a file that is no capture is a damaged one, and the others are read") {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "text", "this is not a capture at all, only some text");
  const std::string good = write_capture(folder, "good", 0, 2);
  app::Captures captures({(folder / "text").string(), good});
  CHECK(times_of(captures).size() == 2);
  REQUIRE(captures.reports()[0].info.damage);
  CHECK(captures.reports()[0].info.packets == 0);
  CHECK_FALSE(captures.reports()[1].info.damage);
}

TEST_CASE("frames that the capture cut are counted") {
  const testing::TemporaryFolder folder;
  {
    std::ofstream file(folder / "cut", std::ios::binary);
    testing::PcapWriter writer(file);
    writer.add(at(0), testing::Buffer(60, 0), 1000);
    writer.add(at(1), testing::Buffer(60, 0));
  }
  app::Captures captures({(folder / "cut").string()});
  CHECK(times_of(captures).size() == 2);
  CHECK(captures.reports()[0].snapped == 1);
}

TEST_CASE("captures that overlap are one timeline, whatever the order of their names") {
  const testing::TemporaryFolder folder;
  const std::string signalling = write_times(folder, "signalling", {0, 1, 7, 8});
  const std::string media = write_times(folder, "media", {2, 3, 4, 6});
  const std::string later = write_times(folder, "later", {5, 9});
  const std::vector<Time> all{at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9)};
  app::Captures captures({signalling, media, later});
  CHECK(times_of(captures) == all);
  CHECK(captures.done_bytes() == captures.total_bytes());
  for (const app::CaptureReport& report : captures.reports()) CHECK(report.info.packets > 1);
  app::Captures renamed({later, media, signalling});
  CHECK(times_of(renamed) == all);
}

TEST_CASE("packets of one time come from the capture that began first") {
  const testing::TemporaryFolder folder;
  std::ofstream file(folder / "long", std::ios::binary);
  testing::PcapWriter writer(file);
  writer.add(at(0), testing::Buffer(60, 0));
  writer.add(at(5), testing::Buffer(61, 0));
  file.close();
  app::Captures captures({write_times(folder, "short", {5}), (folder / "long").string()});
  capture::Frame frame;
  std::vector<std::size_t> sizes;
  while (captures.next(frame)) sizes.push_back(frame.data.size());
  CHECK(sizes == std::vector<std::size_t>{60, 61, 60});
}

TEST_CASE("a capture whose clock jumps keeps its own order") {
  const testing::TemporaryFolder folder;
  const std::string jumps = write_times(folder, "jumps", {0, 1000, 2});
  app::Captures captures({jumps, write_times(folder, "other", {1, 3, 2000})});
  CHECK(times_of(captures) == std::vector<Time>{at(0), at(1), at(3), at(1000), at(2), at(2000)});
}

TEST_CASE("more captures at one time than may be open are read nevertheless, and counted") {
  const testing::TemporaryFolder folder;
  std::vector<std::string> files;
  for (std::size_t n = 0; n < app::kMaxOpenCaptures + 2; ++n)
    files.push_back(write_times(folder, std::to_string(n), {static_cast<int>(n), 1000}));
  app::Captures captures(files);
  CHECK(times_of(captures).size() == 2 * files.size());
  CHECK(captures.counters().front().value == 2);
}
