#pragma once
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/live_captures.h"
#include "app/live_work.h"

namespace tapestry::app {

struct RunSettings {
  std::filesystem::path out = "tapestry-out";
  Config config;
  std::filesystem::path config_file{};  ///< for the finisher that is started; empty: none is, somebody else finishes
  unsigned finishers = 0;               ///< its threads; 0: as many as the machine runs at once
  std::string journal_stream{};         ///< service::Journal's; empty: lines of text
};

/// What hooks may use, on the thread that captures: whatever takes longer than some milliseconds belongs elsewhere.
struct RunView {
  LiveWork& work;
  LiveCaptures& captures;
};

/// What others do in the loop of `tapestry run`. All are called by its thread; each may be empty.
struct RunHooks {
  std::function<void(RunView&)> ready{};      ///< once: packets come from now on
  std::function<void(RunView&)> turn{};       ///< at least every kTurn, under load, too
  std::function<void(RunView&)> reload{};     ///< SIGHUP came
  std::function<void(RunView&)> stopping{};   ///< once: nothing is captured any more, what is open is being finished
  std::vector<int> wake{};                    ///< descriptors: when one is readable, a turn comes at once
  service::DescriptorStore* store = nullptr;  ///< LiveCaptures's; outlives run()

  static constexpr std::chrono::milliseconds kTurn{25};
};

/// `tapestry run`: captures into the spool until SIGTERM or SIGINT comes, then closes everything that is open, waits
/// until its finisher is done where it has one, and returns 0; 1 when the disk did not take all. A line on `err` for
/// interfaces that go and come, for drops and for the disk; none holds what was said or keyed. Those signals and SIGHUP
/// are blocked meanwhile, in threads that it makes, too. Throws ConfigError when there is nothing to capture,
/// capture::NotPermitted, std::runtime_error when it cannot start.
int run(const RunSettings& settings, const RunHooks& hooks, std::ostream& err);

}  // namespace tapestry::app
