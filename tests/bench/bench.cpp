// Runs all benchmarks and prints a table: tapestry_bench --tapestry PROGRAM --work FOLDER. See scripts/bench.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/bench/codec_floor.h"
#include "tests/bench/linking.h"
#include "tests/bench/load.h"
#include "tests/bench/packets.h"
#include "tests/bench/replays.h"
#include "tests/bench/results.h"

namespace {

using namespace tapestry;
using bench::Load;
using bench::Result;
namespace fs = std::filesystem;

struct Settings {
  fs::path tapestry;
  fs::path probe;
  fs::path work;
  fs::path json;
  std::string only;
  bool quick = false;

  [[nodiscard]] bool wants(std::string_view name) const { return only.empty() || only == name; }
};

/// A load on disk for as long as it is needed.
class LoadFile {
 public:
  LoadFile(const fs::path& folder, const Load& load) : path_(folder / "load.pcap") { bench::write_load(path_, load); }
  ~LoadFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  LoadFile(const LoadFile&) = delete;
  LoadFile& operator=(const LoadFile&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

std::string describe(const Load& load) {
  return fmt::format("{} calls x {} s{}", load.calls, load.seconds,
                     load.waves > 1 ? fmt::format(" x {} waves", load.waves) : "");
}

double peak_megabytes(const Settings& settings, bench::Replays& replays, const Load& load) {
  const LoadFile file(settings.work, load);
  return replays.run(file.path(), {"g711"}, std::size_t{load.calls} * load.waves).peak_megabytes;
}

/// Before anything that makes this process large: a child's peak is never below its parent's size.
void memory(const Settings& settings, bench::Replays& replays, std::vector<Result>& results) {
  const std::uint32_t calls = settings.quick ? 200 : 1'000;
  const Load brief{.calls = calls, .seconds = 20};
  const Load longer{.calls = calls, .seconds = settings.quick ? 40U : 60U};
  const double at_first = peak_megabytes(settings, replays, brief);
  const double later = peak_megabytes(settings, replays, longer);
  results.push_back({"peak memory, " + describe(brief), "MB", at_first, {}, at_first, 300});
  results.push_back({"peak memory, " + describe(longer), "MB", later, {}, later, 300});
  results.push_back({"its growth with length", "MB", later, at_first, later / at_first, 1.1});
}

void packets_of(const Settings& settings, bench::Tunnel tunnel, const char* name, double target,
                std::vector<Result>& results) {
  const LoadFile file(settings.work, {.calls = settings.quick ? 20U : 100U, .seconds = 60, .tunnel = tunnel});
  const bench::PacketCost cost = bench::measure_packets(file.path(), settings.quick ? 9 : 15);
  results.push_back({fmt::format("{} to chunks / pcap_loop, {} packets", name, cost.packets), "Mpackets/CPU-s",
                     1e3 / cost.ours_ns, 1e3 / cost.floor_ns, cost.floor_ns / cost.ours_ns, target, true});
}

/// Each packet is decoded twice.
void encapsulated(const Settings& settings, std::vector<Result>& results) {
  packets_of(settings, bench::Tunnel::Vxlan, "pipeline of VXLAN", 0.65, results);
  packets_of(settings, bench::Tunnel::Erspan2, "pipeline of ERSPAN II", 0.65, results);
}

/// Short calls and calls of usual length: what each conversation costs once weighs more in short ones.
void g711(const Settings& settings, bench::Replays& replays, std::vector<Result>& results) {
  const std::uint32_t calls = settings.quick ? 20 : 100;
  for (const Load& load : {Load{.calls = calls, .seconds = 60}, Load{.calls = calls / 5, .seconds = 300}}) {
    const LoadFile file(settings.work, load);
    const bench::G711Cost cost = bench::measure_g711(replays, file.path(), load.calls, settings.quick ? 3 : 7);
    const double ours = cost.ours_seconds / call_hours(load);
    const double floor = cost.floor_seconds / call_hours(load);
    results.push_back({"replay to G.711 WAV, " + describe(load), "CPU-s/call-h", ours, floor, ours, 0.2});
  }
}

void opus(const Settings& settings, bench::Replays& replays, std::vector<Result>& results) {
  const Load load{.calls = settings.quick ? 8U : 40U, .seconds = 60};
  const LoadFile file(settings.work, load);
  const bench::OpusCost cost = bench::measure_opus(replays, file.path(), load.calls, settings.quick ? 1 : 3);
  results.push_back({"replay to Opus / bare libopus, " + describe(load), "CPU-s/call-h",
                     cost.ours_seconds / call_hours(load), cost.floor_seconds / call_hours(load),
                     cost.ours_seconds / cost.floor_seconds, 1.1});
}

/// Each speaks half of the time.
void gating(const Settings& settings, bench::Replays& replays, std::vector<Result>& results) {
  const Load load{.calls = settings.quick ? 8U : 40U, .seconds = 60, .turn_seconds = 5};
  const LoadFile file(settings.work, load);
  const bench::GatingCost cost = bench::measure_gating(replays, file.path(), load.calls, settings.quick ? 1 : 3);
  results.push_back({"Opus, gated / all encoded, turns of 5 s, " + describe(load), "CPU-s/call-h",
                     cost.gated_seconds / call_hours(load), cost.whole_seconds / call_hours(load),
                     cost.gated_seconds / cost.whole_seconds, 0.75});
}

Result codec_cost(const Settings& settings, bench::Replays& replays, const bench::CodecCase& codec) {
  const Load load{.calls = settings.quick ? 4U : 16U, .seconds = 60, .speech = codec.speech};
  const LoadFile file(settings.work, load);
  const std::uint32_t packets = load.seconds * codec.speech.clock_hz / codec.speech.ticks;
  std::vector<double> ours;
  std::vector<double> floor;
  for (int round = 0; round < 3; ++round) {
    floor.push_back(bench::transcode_bare(codec, 2 * load.calls, packets));
    ours.push_back(replays.run(file.path(), {.format = "opus", .gating = false}, load.calls).cpu_seconds);
  }
  return {fmt::format("{} to Opus / bare decoder + encoder, {}", codec.name, describe(load)),
          "CPU-s/call-h",
          bench::median(ours) / call_hours(load),
          bench::median(floor) / call_hours(load),
          bench::median(ours) / bench::median(floor),
          1.1};
}

void codecs(const Settings& settings, bench::Replays& replays, std::vector<Result>& results) {
  for (const bench::CodecCase& codec : bench::make_codec_cases()) {
    try {
      results.push_back(codec_cost(settings, replays, codec));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(codec.name + ": " + error.what());
    }
  }
}

/// Five of six dialogs are customers' calls, of which every fifth is transferred into the sixth.
bench::LinkedLoad linked(std::uint32_t dialogs, std::uint32_t at_once, bool media) {
  return {.groups = dialogs / 6, .at_once = at_once, .media = media};
}

void add_share(const std::string& what, const bench::LinkedLoad& load, const bench::LinkingCost& cost,
               std::vector<Result>& results) {
  const auto each = [&load](double seconds) { return seconds * 1e6 / load.dialogs(); };
  results.push_back({fmt::format("linking / {}, {} dialogs, {} at once", what, load.dialogs(), load.at_once),
                     "CPU-us/dialog", each(cost.linking_seconds), each(cost.whole_seconds),
                     cost.linking_seconds / cost.whole_seconds, 0.05});
}

void linking(const Settings& settings, std::vector<Result>& results) {
  constexpr std::uint32_t kAtOnce = 10'000;
  const bench::LinkedLoad whole = linked(100'002, kAtOnce, false);
  const bench::LinkedLoad signalling = settings.quick ? linked(10'002, kAtOnce / 10, false) : whole;
  bench::LinkingMemory memory;
  const bench::LinkingCost alone = bench::measure_pipeline(settings.probe, settings.work, whole, memory);
  const bench::LinkingCost written = bench::measure_linking(settings.probe, settings.work, signalling);
  const bench::LinkedLoad talking = linked(settings.quick ? 600 : 6'000, settings.quick ? 100 : 1'000, true);
  const bench::LinkingCost heard = bench::measure_linking(settings.probe, settings.work, talking);
  add_share("replay with media", talking, heard, results);
  add_share("replay of signalling", signalling, written, results);
  add_share("pipeline of signalling", whole, alone, results);
  const double length = 11.0 * signalling.seconds;  // of the capture, without its quiet end
  results.push_back(
      {"that replay's time / the capture's", "s", written.wall_seconds, length, written.wall_seconds / length, 1});
  results.push_back({"its peak memory", "MB", written.peak_megabytes, {}, written.peak_megabytes, 1'000});
  results.push_back({"pipeline's heap 5 min after the last dialog / most", "MB", memory.quiet, memory.most,
                     memory.quiet / memory.most, 0.1});
  results.push_back({"the same a day later, when nothing can be amended", "MB", memory.later, memory.most,
                     memory.later / memory.most, 0.01});
}

void run(const Settings& settings) {
  bench::Replays replays({settings.tapestry.string()}, settings.work);
  std::vector<Result> results;
  if (settings.wants("memory")) memory(settings, replays, results);
  if (settings.wants("linking")) linking(settings, results);
  if (settings.wants("packets")) packets_of(settings, bench::Tunnel::None, "pipeline", 0.8, results);
  if (settings.wants("encapsulated")) encapsulated(settings, results);
  if (settings.wants("g711")) g711(settings, replays, results);
  if (settings.wants("opus")) opus(settings, replays, results);
  if (settings.wants("gating")) gating(settings, replays, results);
  if (settings.wants("codecs")) codecs(settings, replays, results);
  const bench::Circumstances where = bench::circumstances();
  std::cout << to_table(where, results);
  if (settings.json.empty()) return;
  std::ofstream file(settings.json);
  file << to_json(where, results);
  file.close();
  if (!file) throw std::runtime_error(settings.json.string() + " cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("benchmarks against floors that are measured in the same run");
  Settings settings;
  app.add_option("--tapestry", settings.tapestry, "the program")->required();
  app.add_option("--probe", settings.probe, "linking_probe")->required();
  app.add_option("--work", settings.work, "folder for loads and what replay makes of them")->required();
  app.add_option("--json", settings.json, "write the results there too");
  app.add_option("--only", settings.only, "one of the benchmarks")
      ->check(CLI::IsMember({"memory", "linking", "packets", "encapsulated", "g711", "opus", "gating", "codecs"}));
  app.add_flag("--quick", settings.quick, "small loads");
  CLI11_PARSE(app, argc, argv);
  try {
    run(settings);
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
