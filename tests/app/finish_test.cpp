// `tapestry finish` as a process, on logs that are on a real disk.
#include "app/finish.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "app/finish_state.h"
#include "app/replay.h"
#include "app/spool_lock.h"
#include "spool/folder_disk.h"
#include "tests/app/live_call.h"
#include "tests/app/started.h"
#include "tests/app/temporary_folder.h"
#include "tests/journal/taped.h"
#include "tests/support/sample_call.h"
#include "tests/support/scenes/scenes.h"
#include "verify/verify.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using spool::KeyTable;
using testing::TemporaryFolder;

constexpr std::int64_t kNow = 1'772'500'000;  // FixedNow's

std::vector<std::string> finish_of(const TemporaryFolder& folder, bool until_end) {
  std::vector<std::string> words = {"finish",      "--config", folder / "finish.toml", "--out", folder / "out",
                                    "--finishers", "2"};
  if (until_end) words.emplace_back("--until-end");
  return words;
}

/// Scenes with the configuration of the first, an hour after each other.
scenes::Scene several_scenes(std::size_t count) {
  scenes::Scene all = testing::scene_in_order("transfer_blind");
  std::size_t taken = 1;
  for (const scenes::SceneEntry& entry : scenes::all_scenes()) {
    if (taken == count) break;
    if (std::string_view(entry.name) == "transfer_blind") continue;
    scenes::Scene one = testing::scene_in_order(entry.name);
    if (one.configuration != all.configuration) continue;
    const Duration later = all.frames.back().time - one.frames.front().time + std::chrono::hours(1);
    for (testing::TimedFrame& frame : one.frames) {
      frame.time += later;
      all.frames.push_back(std::move(frame));
    }
    ++taken;
  }
  return all;
}

void write_configuration(const TemporaryFolder& folder, const scenes::Scene& scene, const std::string& more = {}) {
  testing::write_file(folder / "finish.toml", scene.configuration + more);
}

/// What the capturing process leaves, ended.
void tape(const TemporaryFolder& folder, const scenes::Scene& scene) {
  const Config config = load_config(folder / "finish.toml");
  spool::FolderDisk disk(spool_folder(config.spool, folder / "out"));
  KeyTable keys(disk, open_master_key(config.spool, folder / "out"), KeyTable::Role::Creates);
  testing::LiveSide live(disk, keys, config);
  for (const testing::TimedFrame& frame : scene.frames) live.add(frame);
  live.end();
}

std::size_t live_keys(const TemporaryFolder& folder) {
  const Config config = load_config(folder / "finish.toml");
  spool::FolderDisk disk(spool_folder(config.spool, folder / "out"));
  return KeyTable(disk, open_master_key(config.spool, folder / "out"), KeyTable::Role::Creates).live().size();
}

std::map<std::string, std::string> replayed(const TemporaryFolder& folder, const scenes::Scene& scene) {
  {
    std::ofstream stream(folder / "all.pcap", std::ios::binary);
    testing::write_pcap(stream, scene.frames);
  }
  ReplaySettings settings;
  settings.captures = {folder / "all.pcap"};
  settings.out = folder / "replayed";
  settings.config = load_config(folder / "finish.toml");
  settings.config.vcon.now = Time(std::chrono::seconds(kNow));
  std::ostringstream printed;
  CHECK(replay_and_print(settings, true, printed, printed) == 0);
  return made_below(folder / "replayed");
}

void check_all(const fs::path& out) {
  for (const auto& [name, text] : made_below(out)) {
    INFO(name);
    if (name.ends_with(".vcon")) CHECK(verify::faults_of(out / name, {}).empty());
    CHECK(name.find("/.") == std::string::npos);
  }
}

std::set<std::string> names_of(const std::map<std::string, std::string>& made) {
  std::set<std::string> names;
  for (const auto& [name, text] : made) names.insert(name);
  return names;
}

}  // namespace

TEST_CASE("From its log a finisher makes the very files that a replay makes, and then the log is empty") {
  const TemporaryFolder folder;
  const FixedNow fixed;
  const scenes::Scene scene = several_scenes(5);
  write_configuration(folder, scene);
  tape(folder, scene);
  REQUIRE(live_keys(folder) > 5);
  Started finisher(finish_of(folder, true), folder / "finish.log");
  CHECK(finisher.wait() == 0);
  INFO(finisher.log());
  CHECK_THAT(finisher.log(), Contains("recorded: "));
  const auto made = made_below(folder / "out");
  CHECK(made.size() >= 10);
  const auto wanted = replayed(folder, scene);
  CHECK(names_of(made) == names_of(wanted));
  for (const auto& [name, text] : wanted) {
    INFO(name);
    const bool same = made.contains(name) && made.at(name) == text;
    CHECK(same);
  }
  check_all(folder / "out");
  CHECK(live_keys(folder) <= 2);
  const StorageStatus status = read_finish_state(folder / "out");
  CHECK(status.finishing == 0);
  CHECK(status.finished >= 5);
  CHECK(status.failed == 0);
  Started again(finish_of(folder, true), folder / "finish.log");
  CHECK(again.wait() == 0);
  CHECK(again.log().find("recorded") == std::string::npos);
  CHECK(made_below(folder / "out") == made);
}

TEST_CASE("A finisher that is killed again and again makes each conversation once") {
  const TemporaryFolder folder;
  const FixedNow fixed;
  const scenes::Scene scene = several_scenes(6);
  write_configuration(folder, scene);
  tape(folder, scene);
  for (int n = 0; n < 25; ++n) {
    Started finisher(finish_of(folder, false), folder / "finish.log");
    usleep(static_cast<useconds_t>(20'000 + n * 25'000));
    (void)finisher.stop(SIGKILL);
  }
  Started last(finish_of(folder, true), folder / "finish.log");
  CHECK(last.wait() == 0);
  INFO(last.log());
  CHECK(names_of(made_below(folder / "out")) == names_of(replayed(folder, scene)));
  check_all(folder / "out");
  CHECK(live_keys(folder) <= 2);
}

TEST_CASE("Only one finisher works on a spool") {
  const TemporaryFolder folder;
  write_configuration(folder, several_scenes(1));
  const SpoolLock lock(folder / "out/spool", "finish.lock", "finisher");
  Started second(finish_of(folder, true), folder / "finish.log");
  CHECK(second.wait() == 1);
  CHECK_THAT(second.log(), Contains("another finisher works on the spool"));
}

TEST_CASE("A spool is waited for a moment, as a child of who was killed may have it still") {
  const TemporaryFolder folder;
  std::optional<SpoolLock> first(std::in_place, folder.path(), "run.lock", "recorder");
  std::jthread child([&first] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    first.reset();
  });
  CHECK_NOTHROW(SpoolLock(folder.path(), "run.lock", "recorder"));
}

TEST_CASE("SIGHUP makes a finisher begin anew with the configuration, and not with a wrong one, SIGTERM ends it") {
  const TemporaryFolder folder;
  const scenes::Scene scene = several_scenes(1);
  write_configuration(folder, scene);
  Started finisher(finish_of(folder, false), folder / "finish.log");
  for (int n = 0; n < 200 && !fs::exists(folder / "out/finish.json"); ++n) usleep(50'000);
  testing::write_file(folder / "finish.toml", "[recording]\nformat = \"no such\"\n");
  finisher.signal(SIGHUP);
  finisher.wait_for("the configuration is wrong, and the old one goes on");
  scenes::Scene other = scene;
  constexpr std::string_view kFormat = "format = \"wav\"";
  other.configuration.replace(other.configuration.find(kFormat), kFormat.size(), "format = \"flac\"");
  write_configuration(folder, other);
  finisher.signal(SIGHUP);
  tape(folder, scene);
  finisher.wait_for("recorded: ");
  CHECK(finisher.stop(SIGTERM) == 0);
  const auto made = made_below(folder / "out");
  CHECK(std::ranges::any_of(made, [](const auto& one) { return one.first.ends_with(".flac"); }));
}

TEST_CASE("Without the capture's end in the log a finisher that waits for it gives up, and nothing is lost") {
  const TemporaryFolder folder;
  write_configuration(folder, several_scenes(1));
  Started finisher(finish_of(folder, true), folder / "finish.log");
  CHECK(finisher.wait() == 1);
  CHECK_THAT(finisher.log(), Contains("the log has no end"));
}

TEST_CASE("A full disk loses nothing: no half file stays, and the conversation is there when there is room again") {
  bool permitted = false;
  std::thread([&permitted] {
    const TemporaryFolder folder;
    const fs::path out = folder / "out";
    fs::create_directories(out);
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tapestry", out.c_str(), "tmpfs", 0, "size=4m") != 0) {
      return;
    }
    permitted = true;
    const scenes::Scene scene = several_scenes(1);
    write_configuration(folder, scene, "[spool]\nfolder = \"spool\"\n");
    Started finisher(finish_of(folder, false), folder / "finish.log");
    for (int n = 0; n < 600 && !fs::exists(out / "finish.json"); ++n) usleep(50'000);
    {
      std::ofstream filler(out / "filler", std::ios::binary);
      const std::string block(4096, 'x');
      while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
      }
    }
    tape(folder, scene);
    const std::size_t keys = live_keys(folder);
    finisher.wait_for("could not be written");
    usleep(1'500'000);
    INFO(finisher.log());
    CHECK(made_below(out).empty());
    CHECK(live_keys(folder) == keys);
    fs::remove(out / "filler");
    finisher.wait_for("recorded: ");
    CHECK(finisher.stop(SIGTERM) == 0);
    CHECK(made_below(out).size() >= 2);
    check_all(out);
    CHECK(live_keys(folder) < keys);
    (void)::umount2(out.c_str(), MNT_DETACH);
  }).join();
  if (!permitted) WARN("skipped: mount namespaces are not permitted here");
}

}  // namespace tapestry::app
