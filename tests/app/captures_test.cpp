#include "app/captures.h"

#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"
#include "tests/support/pcap_writer.h"
#include "tests/support/sample_call.h"

using namespace tapestry;

namespace {

Time at(int seconds) { return *from_rfc3339("2026-03-02T09:15:00Z") + std::chrono::seconds(seconds); }

/// A capture with one frame per second.
std::string write_capture(const testing::TemporaryFolder& folder, const std::string& name, int first, int count) {
  std::vector<testing::TimedFrame> frames;
  for (int i = 0; i < count; ++i) frames.push_back({at(first + i), testing::Buffer(60, 0)});
  std::ofstream file(folder / name, std::ios::binary);
  testing::write_pcap(file, frames);
  return (folder / name).string();
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
