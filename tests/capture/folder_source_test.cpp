#include "capture/folder_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/packet_builder.h"
#include "tests/support/pcap_writer.h"
#include "tests/support/recording_receiver.h"

namespace tapestry::capture {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

Time now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

/// A folder of captures, gone after the test.
class Place {
 public:
  Place() : path_(fs::temp_directory_path() / ("tapestry-folder-test-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_ / "captures");
  }
  ~Place() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] fs::path captures() const { return path_ / "captures"; }
  [[nodiscard]] fs::path taken() const { return path_ / "taken"; }

  static std::string capture_of(const std::vector<int>& at) {
    std::ostringstream text;
    testing::PcapWriter writer(text);
    for (const int second : at) {
      writer.add(Time(seconds(1'700'000'000 + second)),
                 testing::udp_frame(testing::endpoint("192.0.2.1:1"), testing::endpoint("192.0.2.2:2"), {}));
    }
    return text.str();
  }
  void put(const std::string& name, const std::string& text) const { std::ofstream(captures() / name) << text; }
  /// As if it had last changed that long ago.
  void age(const std::string& name, seconds by) const {
    fs::last_write_time(captures() / name, fs::file_time_type::clock::now() - by);
  }

 private:
  fs::path path_;
};

/// Times of what comes now, in seconds.
std::vector<int> given(FolderSource& source, std::vector<std::string>* news = nullptr) {
  std::vector<Drops> drops;
  std::vector<std::string> told;
  std::vector<int> all;
  for (int round = 0; round < 2; ++round) {
    source.look(now(), drops, told);
    Frame frame;
    while (source.next(frame)) {
      all.push_back(static_cast<int>((frame.time.time_since_epoch() - seconds(1'700'000'000)) / seconds(1)));
    }
  }
  if (news != nullptr) *news = told;
  return all;
}

}  // namespace

TEST_CASE("files that were there before are read once they are old enough, in order of their first packets") {
  const Place place;
  place.put("b.pcap", Place::capture_of({1, 2}));
  place.put("a.pcap", Place::capture_of({3, 4}));
  place.put("note.txt", "no capture");
  FolderSource source({.folder = place.captures()}, place.taken());
  CHECK(given(source).empty());
  place.age("b.pcap", seconds(61));
  place.age("a.pcap", seconds(61));
  CHECK(given(source) == std::vector{1, 2, 3, 4});
  CHECK(given(source).empty());
  CHECK(testing::value_of(source.counters(), "live.files") == 2);
}

TEST_CASE("a file is read as soon as its writer closes it or moves it there") {
  const Place place;
  FolderSource source({.folder = place.captures()}, place.taken());
  std::ofstream open(place.captures() / "1.pcap");
  open << Place::capture_of({1}) << std::flush;
  CHECK(given(source).empty());
  open.close();
  CHECK(given(source) == std::vector{1});
  place.put(".hidden", Place::capture_of({2}));
  fs::rename(place.captures() / ".hidden", place.captures() / "2.pcap.gz");
  CHECK(given(source) == std::vector{2});
}

TEST_CASE("a file that a newer one has overtaken is complete sooner") {
  const Place place;
  place.put("1.pcap", Place::capture_of({1}));
  place.put("2.pcap", Place::capture_of({2}));
  place.age("1.pcap", seconds(6));
  FolderSource source({.folder = place.captures()}, place.taken());
  CHECK(given(source) == std::vector{1});
}

TEST_CASE("after a restart nothing is read twice, but for a file that was replaced") {
  const Place place;
  {
    FolderSource source({.folder = place.captures()}, place.taken());
    place.put("1.pcap", Place::capture_of({1}));
    place.put("with blank.pcap", Place::capture_of({2}));
    CHECK(given(source) == std::vector{1, 2});
  }
  place.age("1.pcap", seconds(100));
  FolderSource source({.folder = place.captures()}, place.taken());
  place.put("3.pcap", Place::capture_of({3}));
  CHECK(given(source) == std::vector{1, 3});
}

TEST_CASE("damaged files are told of and read as far as they go, they stay when others are deleted") {
  const Place place;
  FolderSource source({.folder = place.captures(), .remove = true}, place.taken());
  std::string cut = Place::capture_of({1, 2});
  cut.resize(cut.size() - 5);
  place.put("1.pcap", cut);
  place.put("2.pcap", "this is no capture at all");
  place.put("3.pcap", Place::capture_of({3}));
  std::vector<std::string> news;
  CHECK(given(source, &news) == std::vector{1, 3});
  REQUIRE(news.size() == 2);
  CHECK(fs::exists(place.captures() / "1.pcap"));
  CHECK(fs::exists(place.captures() / "2.pcap"));
  CHECK_FALSE(fs::exists(place.captures() / "3.pcap"));
  CHECK(testing::value_of(source.counters(), "live.files_damaged") == 2);
}

TEST_CASE("a folder that cannot be watched says so, and so does a list that cannot be read") {
  const Place place;
  CHECK_THROWS_WITH(FolderSource({.folder = place.captures() / "absent"}, place.taken()),
                    Catch::Matchers::Contains("cannot watch"));
  std::ofstream(place.taken()) << "no list\n";
  CHECK_THROWS_WITH(FolderSource({.folder = place.captures()}, place.taken()),
                    Catch::Matchers::Contains("cannot be read"));
}

}  // namespace tapestry::capture
