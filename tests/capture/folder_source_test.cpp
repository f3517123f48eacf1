#include "capture/folder_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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
  /// Closed by its writer long ago, as far as anybody knows.
  void put_aged(const std::string& name, const std::string& text, seconds by = seconds(61)) const {
    put(name, text);
    age(name, by);
  }
  /// As if it had last changed that long ago.
  void age(const std::string& name, seconds by) const {
    fs::last_write_time(captures() / name, fs::file_time_type::clock::now() - by);
  }

 private:
  fs::path path_;
};

Time at(int second) { return Time(seconds(1'700'000'000 + second)); }

/// Times of what comes now, in seconds; `later` than by the wall clock.
std::vector<int> given(FolderSource& source, std::vector<std::string>* news = nullptr, seconds later = {}) {
  std::vector<Drops> drops;
  std::vector<std::string> told;
  std::vector<int> all;
  for (int round = 0; round < 2; ++round) {
    source.look(now() + later, drops, told);
    Frame frame;
    while (source.next(frame)) all.push_back(static_cast<int>((frame.time - at(0)) / seconds(1)));
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
    source.release(Time::max());
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
  source.release(Time::max());
  CHECK(fs::exists(place.captures() / "1.pcap"));
  CHECK(fs::exists(place.captures() / "2.pcap"));
  CHECK_FALSE(fs::exists(place.captures() / "3.pcap"));
  CHECK(testing::value_of(source.counters(), "live.files_damaged") == 2);
}

TEST_CASE("of a file that grows after it was read only what is new is given") {
  const Place place;
  const std::string all = Place::capture_of({1, 2, 3, 4, 5});
  const std::size_t record = (all.size() - 24) / 5;
  const auto until = [&](std::size_t records, std::size_t more) { return all.substr(0, 24 + records * record + more); };
  FolderSource source({.folder = place.captures()}, place.taken());
  place.put_aged("1.pcap", until(2, 0));
  CHECK(given(source) == std::vector{1, 2});
  place.put_aged("1.pcap", until(3, 7));
  CHECK(given(source) == std::vector{3});
  source.release(Time::max());
  place.put_aged("1.pcap", until(4, 0));
  CHECK(given(source) == std::vector{4});
  source.release(Time::max());
  fs::rename(place.captures() / "1.pcap", place.captures() / "1.pcap.old");
  CHECK(given(source).empty());
  place.put("1.pcap.old", all);
  CHECK(given(source) == std::vector{5});
  CHECK(testing::value_of(source.counters(), "live.frames") == 5);
}

TEST_CASE("a file whose place was taken by another capture is read from its beginning") {
  const Place place;
  FolderSource source({.folder = place.captures()}, place.taken());
  place.put_aged("1.pcap", Place::capture_of({1, 2}));
  CHECK(given(source) == std::vector{1, 2});
  place.put_aged("1.pcap", Place::capture_of({6, 7, 8}));
  CHECK(given(source) == std::vector{6, 7, 8});
  place.put_aged("1.pcap", Place::capture_of({6, 7, 9, 10}));
  CHECK(given(source) == std::vector{6, 7, 9, 10});
  source.release(Time::max());
  place.put_aged("1.pcap", Place::capture_of({11}));
  CHECK(given(source) == std::vector{11});
}

TEST_CASE("names that move on, as those of rotated logs, are not read again") {
  const Place place;
  FolderSource source({.folder = place.captures()}, place.taken());
  place.put("cap.pcap", Place::capture_of({1}));
  CHECK(given(source) == std::vector{1});
  source.release(Time::max());
  const auto rotate = [&](const std::string& from, const std::string& to) {
    fs::rename(place.captures() / from, place.captures() / to);
  };
  for (int second = 2; second < 5; ++second) {
    if (second > 3) rotate("cap.pcap.2", "cap.pcap.3");
    if (second > 2) rotate("cap.pcap.1", "cap.pcap.2");
    rotate("cap.pcap", "cap.pcap.1");
    place.put("cap.pcap", Place::capture_of({second}));
    CHECK(given(source) == std::vector{second});
    source.release(Time::max());
  }
  FolderSource again({.folder = place.captures()}, place.taken());
  CHECK(given(again, nullptr, seconds(100)).empty());
}

TEST_CASE("a file counts as read when all its frames are safe") {
  const Place place;
  const auto killed_after = [&](Time safe) {
    FolderSource source({.folder = place.captures()}, place.taken());
    const auto all = given(source);
    source.release(safe);
    return all;
  };
  place.put_aged("1.pcap", Place::capture_of({1, 2}));
  place.put_aged("2.pcap", Place::capture_of({4, 3}));
  CHECK(killed_after(at(0)) == std::vector{1, 2, 4, 3});
  CHECK(killed_after(at(3)) == std::vector{1, 2, 4, 3});
  CHECK(killed_after(at(3)) == std::vector{4, 3});
  CHECK(killed_after(at(4)) == std::vector{4, 3});
  CHECK(killed_after(at(4)).empty());
}

TEST_CASE("after a kill reading goes on behind the frames that were safe, a second time too") {
  const Place place;
  place.put_aged("1.pcap", Place::capture_of({1, 2, 3, 4, 5, 6}));
  const auto killed_after = [&](int frames, Time safe) {
    FolderSource source({.folder = place.captures()}, place.taken());
    std::vector<Drops> drops;
    std::vector<std::string> news;
    source.look(now(), drops, news);
    std::vector<int> all;
    Frame frame;
    while (frames-- > 0 && source.next(frame)) all.push_back(static_cast<int>((frame.time - at(0)) / seconds(1)));
    source.release(safe);
    return all;
  };
  CHECK(killed_after(4, at(2)) == std::vector{1, 2, 3, 4});
  CHECK(killed_after(0, Time::max()).empty());
  CHECK(killed_after(1, at(2)) == std::vector{3});
  CHECK(killed_after(1, Time::max()) == std::vector{3});
  CHECK(killed_after(9, at(4)) == std::vector{4, 5, 6});
  CHECK(killed_after(9, Time::max()) == std::vector{5, 6});
  CHECK(killed_after(9, Time::max()).empty());
}

TEST_CASE("no more is read than what a kill may make read again, until what is safe was kept") {
  const Place place;
  place.put_aged("1.pcap", Place::capture_of({0, 60, 61, 121, 122, 500}));
  FolderSource source({.folder = place.captures()}, place.taken());
  std::vector<Drops> drops;
  std::vector<std::string> news;
  const auto next = [&] {
    std::vector<int> all;
    Frame frame;
    while (source.next(frame)) all.push_back(static_cast<int>((frame.time - at(0)) / seconds(1)));
    return all;
  };
  source.look(now(), drops, news);
  CHECK(next() == std::vector{0, 60});
  CHECK(next().empty());
  source.release(at(0));
  CHECK(next() == std::vector{61, 121});
  source.release(at(60));
  CHECK(next().empty());
  source.look(now(), drops, news);
  CHECK(next().empty());
  source.release(at(0));
  CHECK(next() == std::vector{122});
  source.look(now(), drops, news);
  source.look(now(), drops, news);
  CHECK(next() == std::vector{500});
}

TEST_CASE("a frame that waits for its time is not lost at an orderly end") {
  const Place place;
  place.put_aged("1.pcap", Place::capture_of({0, 100, 200}));
  for (const int second : {0, 100, 200}) {
    FolderSource source({.folder = place.captures()}, place.taken());
    std::vector<Drops> drops;
    std::vector<std::string> news;
    source.look(now(), drops, news);
    Frame frame;
    REQUIRE(source.next(frame));
    CHECK(frame.time == at(second));
    CHECK_FALSE(source.next(frame));
    source.release(Time::max());
  }
}

TEST_CASE("so many files wait until they are safe, beyond that the oldest one counts as read") {
  const Place place;
  FolderSource source({.folder = place.captures()}, place.taken());
  const std::string text = Place::capture_of({1});
  for (std::size_t n = 0; n <= FolderSource::kMostUnsafe; ++n) place.put(std::to_string(100'000 + n) + ".pcap", text);
  CHECK(given(source).size() == FolderSource::kMostUnsafe + 1);
  CHECK(testing::value_of(source.counters(), "live.released_early") == 1);
  source.release(at(0));
  FolderSource again({.folder = place.captures()}, place.taken());
  CHECK(given(again, nullptr, seconds(100)).size() == FolderSource::kMostUnsafe);
}

TEST_CASE("a file is deleted when it is safe and nobody writes into it any more") {
  const Place place;
  FolderSource source({.folder = place.captures(), .remove = true}, place.taken());
  const auto is_there = [&](const std::string& name) { return fs::exists(place.captures() / name); };
  place.put("closed.pcap", Place::capture_of({1}));
  std::ofstream writer(place.captures() / "open.pcap");
  writer << Place::capture_of({2}) << std::flush;
  CHECK(given(source, nullptr, seconds(61)) == std::vector{1, 2});
  source.release(at(0));
  CHECK(is_there("closed.pcap"));
  source.release(at(2));
  CHECK_FALSE(is_there("closed.pcap"));
  CHECK(given(source, nullptr, seconds(62)).empty());
  CHECK(is_there("open.pcap"));
  writer.close();
  CHECK(given(source).empty());
  CHECK_FALSE(is_there("open.pcap"));
}

TEST_CASE("a file that nobody was seen to close is deleted when it did not change for long") {
  const Place place;
  place.put_aged("1.pcap", Place::capture_of({1}));
  {
    FolderSource source({.folder = place.captures(), .remove = true}, place.taken());
    CHECK(given(source) == std::vector{1});
    source.release(Time::max());
    CHECK(fs::exists(place.captures() / "1.pcap"));
  }
  FolderSource source({.folder = place.captures(), .remove = true}, place.taken());
  CHECK(given(source, nullptr, FolderSource::kAbandoned).empty());
  CHECK_FALSE(fs::exists(place.captures() / "1.pcap"));
}

TEST_CASE("a file that the system does not let be read is tried again later, and told of once") {
  const Place place;
  FolderSource source({.folder = place.captures(), .remove = true}, place.taken());
  // A regular file that can be opened; reading its beginning is an error.
  fs::create_symlink("/proc/self/mem", place.captures() / ".link");
  fs::rename(place.captures() / ".link", place.captures() / "1.pcap");
  place.put("2.pcap", Place::capture_of({2}));
  std::vector<std::string> news;
  CHECK(given(source, &news) == std::vector{2});
  REQUIRE(news.size() == 1);
  CHECK_THAT(news[0], Catch::Matchers::Contains("1.pcap") && Catch::Matchers::Contains("tried again"));
  CHECK(given(source, &news, seconds(6)).empty());
  CHECK(news.empty());
  source.release(Time::max());
  CHECK(fs::is_symlink(place.captures() / "1.pcap"));
  CHECK(testing::value_of(source.counters(), "live.files_damaged") == 0);
  fs::remove(place.captures() / "1.pcap");
  place.put("1.pcap", Place::capture_of({1}));
  CHECK(given(source, &news, seconds(30)) == std::vector{1});
}

TEST_CASE("a file of which the system reads no more in its middle is gone on with behind what was given") {
  const Place place;
  FolderSource source({.folder = place.captures(), .remove = true}, place.taken());
  place.put("1.pcap", Place::capture_of(std::vector<int>(20'000, 7)));
  std::vector<Drops> drops;
  std::vector<std::string> news;
  source.look(now(), drops, news);
  Frame frame;
  REQUIRE(source.next(frame));
  int descriptor = -1;
  for (const auto& one : fs::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    if (fs::read_symlink(one, error) == place.captures() / "1.pcap") descriptor = std::stoi(one.path().filename());
  }
  REQUIRE(descriptor >= 0);
  const int folder = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(::dup2(folder, descriptor) == descriptor);
  ::close(folder);
  int count = 1;
  while (source.next(frame)) ++count;
  CHECK(count < 20'000);
  source.release(Time::max());
  CHECK(fs::exists(place.captures() / "1.pcap"));
  CHECK(given(source, &news).empty());
  REQUIRE(news.size() == 1);
  CHECK_THAT(news[0], Catch::Matchers::Contains("Is a directory"));
  const auto rest = given(source, nullptr, seconds(10));
  REQUIRE(rest.size() == 20'000U - static_cast<std::size_t>(count));
  source.release(Time::max());
  CHECK_FALSE(fs::exists(place.captures() / "1.pcap"));
}

TEST_CASE("a folder that comes back empty, or not at all, does not make what was read forgotten") {
  const Place place;
  FolderSource source({.folder = place.captures()}, place.taken());
  place.put("1.pcap", Place::capture_of({1}));
  CHECK(given(source) == std::vector{1});
  source.release(Time::max());
  const fs::path away = place.captures().string() + "-away";
  fs::rename(place.captures(), away);
  std::vector<std::string> news;
  CHECK(given(source, &news).empty());
  REQUIRE(news.size() == 1);
  CHECK_THAT(news[0], Catch::Matchers::Contains("cannot be read"));
  CHECK(given(source, &news, seconds(100'000)).empty());
  CHECK(news.empty());
  fs::create_directory(place.captures());
  CHECK(given(source, &news, seconds(200'000)).empty());
  CHECK(news.size() == 1);
  CHECK(given(source, &news, seconds(300'000)).empty());
  fs::remove(place.captures());
  fs::rename(away, place.captures());
  CHECK(given(source, &news, seconds(300'001)).empty());
  place.put("2.pcap", Place::capture_of({2}));
  CHECK(given(source) == std::vector{2});
}

TEST_CASE("a file is forgotten when it was missing for a day") {
  const Place place;
  FolderSource source({.folder = place.captures()}, place.taken());
  place.put("1.pcap", Place::capture_of({1}));
  place.put("2.pcap", Place::capture_of({2}));
  CHECK(given(source) == std::vector{1, 2});
  source.release(Time::max());
  const auto go = [&] { fs::rename(place.captures() / "1.pcap", place.captures() / ".1"); };
  const auto come = [&] { fs::rename(place.captures() / ".1", place.captures() / "1.pcap"); };
  go();
  CHECK(given(source).empty());
  CHECK(given(source, nullptr, std::chrono::hours(23)).empty());
  come();
  CHECK(given(source, nullptr, std::chrono::hours(23)).empty());
  go();
  CHECK(given(source, nullptr, std::chrono::hours(24)).empty());
  CHECK(given(source, nullptr, std::chrono::hours(48)).empty());
  come();
  CHECK(given(source, nullptr, std::chrono::hours(48)) == std::vector{1});
}

TEST_CASE("a list that cannot be written is told of once") {
  const Place place;
  FolderSource source({.folder = place.captures()}, place.captures() / "absent" / "taken");
  place.put("1.pcap", Place::capture_of({1}));
  std::vector<std::string> news;
  CHECK(given(source) == std::vector{1});
  source.release(Time::max());
  CHECK(given(source, &news).empty());
  CHECK(news.size() == 1);
  place.put("2.pcap", Place::capture_of({2}));
  CHECK(given(source) == std::vector{2});
  source.release(Time::max());
  CHECK(given(source, &news).empty());
  CHECK(news.empty());
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
