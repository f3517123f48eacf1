#include "tests/bench/replays.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "mux/render.h"
#include "tests/bench/g711_floor.h"
#include "tests/bench/opus_floor.h"

namespace tapestry::bench {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::size_t count_files(const fs::path& folder) {
  std::size_t files = 0;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) files += entry.is_regular_file() ? 1U : 0U;
  return files;
}

Replays::Replays(std::vector<std::string> program, fs::path work)
    : program_(std::move(program)), work_(std::move(work)), folder_(work_ / "out") {
  fs::remove_all(work_ / "identity");
  run_child(command({"keys", "init", "--out", (work_ / "identity").string()}));
}

std::vector<std::string> Replays::command(const std::vector<std::string>& arguments) const {
  std::vector<std::string> whole = program_;
  whole.insert(whole.end(), arguments.begin(), arguments.end());
  return whole;
}

Replays::~Replays() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

ChildUse Replays::run(const fs::path& capture, const Setting& setting, std::size_t recordings) {
  ++runs_;
  fs::create_directories(output());
  fs::copy(work_ / "identity" / "keys", output() / "keys", fs::copy_options::recursive);
  const fs::path config = work_ / "config.toml";
  std::ofstream(config) << fmt::format("[recording]\nformat = \"{}\"\ngating = {}\n", setting.format, setting.gating);
  const ChildUse use =
      run_child(command({"replay", "--config", config.string(), "--out", output().string(), capture.string()}));
  const std::size_t made = count_files(output() / "media");
  if (made != recordings) throw std::runtime_error(fmt::format("replay made {} recordings of {}", made, recordings));
  return use;
}

OpusCost measure_opus(Replays& replays, const fs::path& capture, std::size_t calls, int rounds) {
  replays.run(capture, {"wav"}, calls);
  const std::vector<Recording> recordings = read_recordings(replays.output() / "media");
  std::vector<double> floor;
  std::vector<double> ours;
  for (int round = 0; round < rounds; ++round) {
    floor.push_back(encode_bare(recordings, mux::Options{}));
    ours.push_back(replays.run(capture, {.format = "opus", .gating = false}, calls).cpu_seconds);
  }
  return {median(floor), median(ours)};
}

G711Cost measure_g711(Replays& replays, const fs::path& capture, std::size_t calls, int rounds) {
  std::vector<double> floor;
  std::vector<double> ours;
  for (int round = 0; round < rounds; ++round) {
    ours.push_back(replays.run(capture, {"g711"}, calls).cpu_seconds);
    floor.push_back(read_hash_and_write(capture, replays.output() / "media"));
  }
  return {median(floor), median(ours)};
}

GatingCost measure_gating(Replays& replays, const fs::path& capture, std::size_t calls, int rounds) {
  std::vector<double> whole;
  std::vector<double> gated;
  for (int round = 0; round < rounds; ++round) {
    whole.push_back(replays.run(capture, {.format = "opus", .gating = false}, calls).cpu_seconds);
    gated.push_back(replays.run(capture, {.format = "opus", .gating = true}, calls).cpu_seconds);
  }
  return {median(whole), median(gated)};
}

}  // namespace tapestry::bench
