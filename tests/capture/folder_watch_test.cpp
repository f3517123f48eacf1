#include "capture/folder_watch.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

namespace tapestry::capture {
namespace {

namespace fs = std::filesystem;

/// A folder, gone after the test.
class Watched {
 public:
  Watched() : path_(fs::temp_directory_path() / ("tapestry-watch-test-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Watched() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }
  void make(const std::string& name) const { std::ofstream(path_ / name) << name; }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("a folder's files are listed whose names are wanted") {
  const Watched folder;
  for (const char* name : {"1.pcap", "2.pcapng.gz", ".3.pcap", "note.txt", "4\n.pcap"}) folder.make(name);
  fs::create_directory(folder.path() / "5.pcap");
  FolderWatch watch(folder.path(), "*.pcap*");
  const auto listing = watch.list();
  CHECK(listing.fault().empty());
  REQUIRE(listing.files.size() == 2);
  CHECK(listing.files.contains("1.pcap"));
  CHECK(listing.newest == listing.files.at("2.pcapng.gz").changed);
  CHECK(listing.files.at("1.pcap").size == 6);
}

TEST_CASE("what writers close is known, until the file is gone") {
  const Watched folder;
  FolderWatch watch(folder.path(), "*.pcap");
  CHECK_FALSE(watch.read_events());
  folder.make("1.pcap");
  folder.make("2.pcap");
  folder.make("note.txt");
  CHECK(watch.read_events());
  CHECK_FALSE(watch.is_closed("note.txt"));
  CHECK(watch.take_closed("1.pcap"));
  CHECK_FALSE(watch.is_closed("1.pcap"));
  fs::remove(folder.path() / "2.pcap");
  (void)watch.list();
  CHECK_FALSE(watch.is_closed("2.pcap"));
}

TEST_CASE("a folder that was made anew is watched when it is there again") {
  const Watched folder;
  FolderWatch watch(folder.path(), "*");
  fs::remove_all(folder.path());
  watch.renew();
  CHECK(watch.list().error == std::errc::no_such_file_or_directory);
  fs::create_directory(folder.path());
  watch.renew();
  (void)watch.read_events();
  folder.make("1");
  CHECK(watch.read_events());
  CHECK(watch.is_closed("1"));
}

TEST_CASE("of a folder with too many files only so many are listed") {
  const Watched folder;
  for (int n = 0; n < 10; ++n) folder.make(std::to_string(n));
  FolderWatch watch(folder.path(), "*", 10);
  CHECK_FALSE(watch.list().cut);
  folder.make("one more");
  const auto listing = watch.list();
  CHECK(listing.cut);
  CHECK(listing.files.size() == 10);
  CHECK(listing.fault() == "has more than 10 files: some must wait");
}

}  // namespace tapestry::capture
