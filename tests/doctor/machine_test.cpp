#include "doctor/machine.h"

#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"

using namespace tapestry::doctor;
using namespace std::chrono_literals;
using tapestry::testing::TemporaryFolder;
using tapestry::testing::write_file;

namespace {

void make_proc(const TemporaryFolder& proc, const std::string& capabilities, const std::string& locked, bool swap) {
  std::filesystem::create_directories(proc / "self");
  write_file(proc / "self/status", "Name:\tx\nCapPrm:\tffff\nCapEff:\t" + capabilities + "\n");
  write_file(proc / "self/limits", "Limit  Soft Limit  Hard Limit  Units\nMax locked memory         " + locked +
                                       "                65536                bytes\n");
  write_file(proc / "swaps",
             std::string("Filename Type Size Used Priority\n") + (swap ? "/dev/sda2 partition 1000 0 -2\n" : ""));
}

Finding named(const Findings& all, const std::string& check) {
  for (const Finding& finding : all) {
    if (finding.check == check) return finding;
  }
  return {.check = "none"};
}

Disk healthy() {
  return {.folder = "/recordings",
          .present = true,
          .writable = true,
          .free_bytes = 500'000'000'000,
          .bytes = 1'000'000'000'000,
          .free_files = 10'000'000,
          .files = 20'000'000,
          .bytes_per_second = 200e6};
}

}  // namespace

TEST_CASE("a clock that nobody sets is a failure") {
  CHECK(worst_of(judge_clock({.synchronised = true, .most_error = 20ms})) == Verdict::Ok);
  CHECK(worst_of(judge_clock({.synchronised = true, .most_error = 2s})) == Verdict::Warning);
  const Findings wrong = judge_clock({.synchronised = false});
  CHECK(wrong.front().verdict == Verdict::Failure);
  CHECK_FALSE(wrong.front().mend.empty());
  (void)read_clock();
}

TEST_CASE("rights are read from /proc") {
  const TemporaryFolder proc;
  make_proc(proc, "0000000000006000", "65536", true);
  Rights rights = read_rights(proc.path());
  CHECK(rights.capture);
  CHECK(rights.lock_memory);
  CHECK(rights.locked_bytes == 65536U);
  CHECK(rights.swap);
  make_proc(proc, "0000000000000000", "unlimited", false);
  rights = read_rights(proc.path());
  CHECK_FALSE(rights.capture);
  CHECK_FALSE(rights.lock_memory);
  CHECK_FALSE(rights.locked_bytes);
  CHECK_FALSE(rights.swap);
}

TEST_CASE("a /proc without anything in it gives no rights") {
  const TemporaryFolder proc;
  const Rights rights = read_rights(proc.path());
  CHECK_FALSE(rights.capture);
  CHECK_FALSE(rights.swap);
}

TEST_CASE("who may not capture is told, where there is an interface to capture") {
  CHECK(named(judge_rights({}, true), "permission to capture").verdict == Verdict::Failure);
  CHECK(named(judge_rights({}, false), "permission to capture").check == "none");
  CHECK(named(judge_rights({.capture = true}, true), "permission to capture").verdict == Verdict::Ok);
}

TEST_CASE("swap is a warning where memory cannot be locked") {
  CHECK(named(judge_rights({.locked_bytes = 65536, .swap = true}, false), "swap").verdict == Verdict::Warning);
  CHECK(named(judge_rights({.lock_memory = true, .locked_bytes = 65536, .swap = true}, false), "swap").verdict ==
        Verdict::Ok);
  CHECK(named(judge_rights({.swap = true}, false), "swap").verdict == Verdict::Ok);
  CHECK(named(judge_rights({.locked_bytes = 65536}, false), "swap").verdict == Verdict::Ok);
}

TEST_CASE("an output folder is measured") {
  const TemporaryFolder folder;
  const Disk disk = read_disk(folder.path(), true);
  CHECK(disk.present);
  CHECK(disk.writable);
  CHECK(disk.bytes > 0);
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_FALSE(read_disk(folder.path(), false).bytes_per_second);
  CHECK_FALSE(read_disk(folder / "none", true).present);
}

TEST_CASE("each fault of a disk has what mends it") {
  CHECK(worst_of(judge_disk(healthy())) == Verdict::Ok);
  Disk disk = healthy();
  disk.free_bytes = 5'000'000'000;
  CHECK(named(judge_disk(disk), "disk space").verdict == Verdict::Warning);
  disk.free_bytes = 5'000'000;
  CHECK(named(judge_disk(disk), "disk space").verdict == Verdict::Failure);
  disk = healthy();
  disk.free_files = 5;
  CHECK(named(judge_disk(disk), "disk files").verdict == Verdict::Warning);
  disk.files = 0;
  CHECK(named(judge_disk(disk), "disk files").check == "none");
  disk.bytes_per_second = 10e6;
  CHECK(named(judge_disk(disk), "disk speed").verdict == Verdict::Warning);
  disk.bytes_per_second = 1e6;
  CHECK(named(judge_disk(disk), "disk speed").verdict == Verdict::Failure);
  disk.writable = false;
  CHECK(named(judge_disk(disk), "output folder").mend == "chown tapestry:tapestry /recordings");
  disk.present = false;
  CHECK(judge_disk(disk).size() == 1);
}
