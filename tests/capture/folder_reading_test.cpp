#include "capture/folder_reading.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/packet_builder.h"
#include "tests/support/pcap_writer.h"

namespace tapestry::capture {
namespace {

namespace fs = std::filesystem;
using Step = FolderReading::Step;

/// A capture of so many packets, a second apart, gone after the test.
class CaptureFile {
 public:
  explicit CaptureFile(std::size_t packets)
      : path_(fs::temp_directory_path() / ("tapestry-reading-test-" + std::to_string(::getpid()))) {
    std::ofstream out(path_);
    testing::PcapWriter writer(out);
    const auto frame = testing::udp_frame(testing::endpoint("192.0.2.1:1"), testing::endpoint("192.0.2.2:2"), {});
    for (std::size_t n = 0; n < packets; ++n) writer.add(time_of(n), frame);
  }
  ~CaptureFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }
  static Time time_of(std::size_t n) { return Time(std::chrono::seconds(1'700'000'000 + n)); }
  /// The file after so many frames of it were given.
  [[nodiscard]] FolderReading after(std::size_t frames) const {
    return {path_, {.name = "x", .first = time_of(0)}, FolderProgress({.frames = frames, .last = time_of(frames - 1)})};
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("what was given before is passed over in pieces") {
  const CaptureFile file(FolderReading::kPassedAtOnce + 3);
  FolderReading reading = file.after(FolderReading::kPassedAtOnce + 2);
  Frame frame;
  CHECK(reading.next(frame, Time::max()) == Step::Later);
  REQUIRE(reading.next(frame, Time::max()) == Step::Given);
  CHECK(frame.time == CaptureFile::time_of(FolderReading::kPassedAtOnce + 2));
  CHECK(reading.next(frame, Time::max()) == Step::Ended);
  CHECK(reading.fault().empty());
  CHECK(reading.as_given().frames == FolderReading::kPassedAtOnce + 3);
  CHECK(reading.as_safe().frames == FolderReading::kPassedAtOnce + 2);
}

TEST_CASE("a file that has fewer frames than were given is another one") {
  const CaptureFile file(2);
  FolderReading reading = file.after(3);
  Frame frame;
  REQUIRE(reading.next(frame, Time::max()) == Step::Given);
  CHECK(frame.time == CaptureFile::time_of(0));
  CHECK(reading.as_given().frames == 1);
  CHECK(reading.as_safe().frames == 0);
}

TEST_CASE("a frame behind the limit waits, and is not among those that were given") {
  const CaptureFile file(2);
  FolderReading reading(file.path(), {.name = "x"}, {});
  Frame frame;
  REQUIRE(reading.next(frame, CaptureFile::time_of(0)) == Step::Given);
  CHECK(reading.next(frame, CaptureFile::time_of(0)) == Step::Later);
  CHECK(reading.next(frame, CaptureFile::time_of(0)) == Step::Later);
  CHECK(reading.as_given().frames == 1);
  REQUIRE(reading.next(frame, CaptureFile::time_of(1)) == Step::Given);
  CHECK(frame.time == CaptureFile::time_of(1));
  CHECK(reading.next(frame, CaptureFile::time_of(0)) == Step::Ended);
}

TEST_CASE("what the system does not let be read is told apart from what is no capture") {
  const CaptureFile file(1);
  CHECK_THROWS_AS(open_in_folder(file.path().string() + ".absent"), ReadFailure);
  CHECK_THROWS_AS(open_in_folder("/proc/self/mem"), ReadFailure);
  std::ofstream(file.path()) << "no capture";
  try {
    (void)open_in_folder(file.path());
    FAIL("it was opened");
  } catch (const ReadFailure&) {
    FAIL("the system does let it be read");
  } catch (const std::runtime_error& error) {
    CHECK_THAT(error.what(), Catch::Matchers::Contains("neither a pcap"));
  }
}

}  // namespace tapestry::capture
