#include "capture/folder_list.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

namespace tapestry::capture {
namespace {

namespace fs = std::filesystem;

/// A list's file, gone after the test.
class ListFile {
 public:
  ListFile() : folder_(fs::temp_directory_path() / ("tapestry-list-test-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ListFile() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  ListFile(const ListFile&) = delete;
  ListFile& operator=(const ListFile&) = delete;
  [[nodiscard]] fs::path path() const { return folder_ / "read"; }

 private:
  fs::path folder_;
};

ReadFile file_of(const std::string& name, std::uint64_t inode, std::uint64_t size = 100) {
  return {.name = name,
          .state = {.size = size, .changed = 5, .device = 1, .inode = inode},
          .frames = size / 10,
          .first = Time(Duration(1)),
          .last = Time(Duration(2)),
          .closed = true,
          .ended = true};
}

}  // namespace

TEST_CASE("a list has what was put into it after a restart, but for what is not safe") {
  const ListFile file;
  FolderList list(file.path());
  list.put(file_of("with blank.pcap", 7));
  ReadFile unsafe = file_of("unsafe.pcap", 8);
  unsafe.safe = false;
  list.put(unsafe);
  CHECK(list.save());
  FolderList again(file.path());
  const ReadFile* one = again.named("with blank.pcap");
  REQUIRE(one != nullptr);
  CHECK(is_unchanged(one->state, file_of("", 7).state));
  CHECK(one->frames == 10);
  CHECK(one->first == Time(Duration(1)));
  CHECK(one->last == Time(Duration(2)));
  CHECK((one->closed && one->ended && !one->remove && one->safe));
  CHECK(again.named("unsafe.pcap") == nullptr);
}

TEST_CASE("how much was read of a file counts unless that very file was read to its end") {
  const ListFile file;
  {
    FolderList list(file.path());
    list.put(file_of("ended.pcap", 1));
    list.put(file_of("grown.pcap", 2));
    CHECK(list.save());
    ReadFile ended = file_of("ended.pcap", 1);
    ended.ended = false;
    ReadFile grown = file_of("grown.pcap", 2, 200);
    grown.ended = false;
    CHECK(list.save_begun({ended, grown}));
  }
  CHECK(FolderList(file.path()).named("ended.pcap")->ended);
  fs::remove(file.path().string() + ".begun");
  FolderList kept_by_the_list(file.path());
  const ReadFile* grown = kept_by_the_list.named("grown.pcap");
  REQUIRE(grown != nullptr);
  CHECK_FALSE(grown->ended);
  CHECK(grown->frames == 20);
}

TEST_CASE("a file is found by its name, or by its inode under another name") {
  const ListFile file;
  FolderList list(file.path());
  list.put(file_of("a", 1));
  list.put(file_of("b", 2));
  CHECK(list.find("c", file_of("", 3).state) == nullptr);
  CHECK(list.find("c", file_of("", 2).state)->name == "b");
  CHECK(list.find("a", file_of("", 2, 300).state)->name == "b");
  CHECK(list.find("a", {.size = 100, .changed = 5, .device = 9, .inode = 9})->name == "a");
  CHECK(list.find("a", {.size = 300, .changed = 6, .device = 9, .inode = 1})->name == "a");
  CHECK(list.find("a", {.size = 300, .changed = 6, .device = 9, .inode = 9}) == nullptr);
  list.swap_names("a", "b");
  CHECK(list.named("a")->state.inode == 2);
  CHECK(list.find("c", file_of("", 1, 300).state)->name == "b");
  list.swap_names("b", "c");
  CHECK(list.named("b") == nullptr);
  CHECK(list.named("c")->state.inode == 1);
  list.erase("c");
  CHECK(list.find("c", file_of("", 1).state) == nullptr);
}

TEST_CASE("a full list forgets what is missing first, and then what is oldest") {
  const ListFile file;
  FolderList list(file.path());
  std::map<std::string, FileState> listing;
  for (std::size_t n = 0; n < FolderList::kMost; ++n) {
    ReadFile one = file_of(std::to_string(n), n);
    one.last = Time(Duration(static_cast<std::int64_t>(n)));
    if (n >= 100) listing[one.name] = one.state;
    list.put(one);
    if (n == 150'000) CHECK_FALSE(list.note_listing(listing, Time(Duration(1))));
  }
  for (std::size_t n = 0; n < 100; ++n) CHECK(list.named(std::to_string(n))->missing);
  ReadFile oldest = file_of("oldest but there", FolderList::kMost);
  oldest.last = Time(Duration(100));
  list.put(oldest);
  CHECK(list.named("99") == nullptr);
  CHECK(list.named("101") == nullptr);
  CHECK(list.named(std::to_string(FolderList::kMost - 1)) != nullptr);
}

}  // namespace tapestry::capture
