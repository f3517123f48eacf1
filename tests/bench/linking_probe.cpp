// Runs the recorder with a clock around what links calls, and writes what it took to a file:
//   linking_probe REPORT replay ARGUMENTS...           the whole program, as `tapestry` has it
//   linking_probe REPORT pipeline QUIET CAPTURE        decoder to correlator alone; memory is looked at when packet
//   time
//                                                      comes to QUIET (ns since 1970), too
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>

#include "app/cli.h"
#include "app/pipeline.h"
#include "app/process_memory.h"
#include "capture/file_source.h"
#include "tests/bench/linking_clock.h"
#include "tests/bench/measure.h"
#include "tests/support/forgetting.h"

namespace {

using namespace tapestry;

constexpr std::uint64_t kFramesPerLook = 4'096;

/// 10^6 bytes that are allocated and not freed.
double heap() {
  const struct mallinfo2 all = mallinfo2();
  return static_cast<double>(all.uordblks + all.hblkhd) / 1e6;
}

/// What the pipeline holds of the heap, in 10^6 bytes.
struct Held {
  double most = 0;
  double quiet = 0;
  double at_end = 0;
  std::size_t open_calls = 0;  ///< in the quiet
  std::uint64_t joined = 0;    ///< calls that joined a conversation
};

Held run_pipeline(const std::string& capture, Time quiet) {
  testing::Forgetting output;
  const calls::Rules rules;
  app::Pipeline pipeline(rules, output);
  const auto source = capture::open_file(capture);
  const double ready = heap();
  Held held;
  std::uint64_t frames = 0;
  bool looked = false;
  for (capture::Frame frame; source->next(frame);) {
    if (!looked && frame.time >= quiet) {
      looked = true;
      held.quiet = heap() - ready;
      held.open_calls = pipeline.correlator().open_calls();
    }
    pipeline.add(frame);
    if (++frames % kFramesPerLook == 0) held.most = std::max(held.most, heap() - ready);
  }
  held.at_end = heap() - ready;
  pipeline.finish();
  for (const Counter& counter : pipeline.counters()) {
    if (counter.name == "links.joined") held.joined = counter.value;
  }
  return held;
}

void report(const char* path, double wall_seconds, const Held& held) {
  const bench::LinkingTime linking = bench::linking_time();
  std::ofstream file(path);
  file << linking.cpu_seconds << ' ' << bench::cpu_seconds() - linking.clock_seconds << ' ' << wall_seconds << ' '
       << held.most << ' ' << held.quiet << ' ' << held.at_end << ' ' << held.open_calls << ' ' << held.joined << '\n';
  file.close();
  if (!file) throw std::runtime_error(std::string(path) + " cannot be written");
}

int run(std::span<char*> arguments) {
  if (arguments.size() < 3) throw std::runtime_error("usage: linking_probe REPORT replay|pipeline ...");
  const auto began = std::chrono::steady_clock::now();
  Held held;
  int status = 0;
  if (std::string_view(arguments[2]) == "pipeline" && arguments.size() == 5) {
    held = run_pipeline(arguments[4], Time(Duration(std::stoll(arguments[3]))));
  } else {
    status = app::run_program(static_cast<int>(arguments.size()) - 1, &arguments[1], std::cout, std::cerr, {});
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  report(arguments[1], wall.count(), held);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  // As the program itself has it (app/main).
  constexpr int kKept = 32 << 20;
  (void)mallopt(M_TRIM_THRESHOLD, kKept);
  (void)mallopt(M_MMAP_THRESHOLD, kKept);
  try {
    return run(std::span(argv, static_cast<std::size_t>(argc)));
  } catch (const std::exception& error) {
    std::cerr << "linking_probe: " << error.what() << "\n";
    return 1;
  }
}
