// The leak test: nothing of what is said inside a pause is in any file afterwards.
//
// usage: leak_test [--gate-off] [--killed PERCENT] N [SEED]
//   --gate-off  pauses are ignored: what is secret must be found, or this test finds nothing at all
//   --killed    so many schedules of a hundred run as a child that is killed at a random point (default 10)
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string_view>
#include <vector>

#include "tests/app/temporary_folder.h"
#include "tests/leak/plan.h"
#include "tests/leak/run.h"
#include "vconout/base64.h"

namespace {

using namespace tapestry;

constexpr std::size_t kFindsShown = 20;

struct Options {
  bool gated = true;
  unsigned killed = 10;
  std::uint64_t count = 5;
  std::uint64_t seed = 1;
};

struct Total {
  leak::Searched searched;
  std::uint64_t schedules = 0;
  std::uint64_t killed = 0;
  std::uint64_t patterned = 0;
  std::uint64_t cards = 0;
  std::uint64_t vcons = 0;
  std::uint64_t failures = 0;
  std::uint64_t found_in = 0;  ///< schedules with finds
};

Options options_of(const std::vector<std::string>& words) {
  Options options;
  bool counted = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--gate-off") {
      options.gated = false;
    } else if (words[i] == "--killed" && i + 1 < words.size()) {
      options.killed = static_cast<unsigned>(std::stoul(words[++i]));
    } else {
      (counted ? options.seed : options.count) = std::stoull(words[i]);
      counted = true;
    }
  }
  return options;
}

void run_one(std::uint64_t seed, const Options& options, Total& total) {
  leak::Dice dice(~seed);
  const bool kills = options.gated && dice.chance(options.killed);
  const leak::Schedule schedule = leak::schedule_of(seed, kills);
  const testing::TemporaryFolder folder;
  const leak::Ran ran = kills ? leak::replay_and_kill(schedule, folder.path(), TAPESTRY_PROGRAM,
                                                      dice.chance(50) ? SIGKILL : SIGABRT, dice.part())
                              : leak::replay_here(schedule, folder.path(), options.gated);
  const std::size_t before = total.searched.finds.size();
  leak::search(folder / "out", leak::needles_of(schedule.pattern), total.searched);
  ++total.schedules;
  total.killed += ran.killed ? 1U : 0U;
  total.patterned += schedule.patterned;
  total.cards += schedule.cards;
  total.vcons += ran.vcons;
  const bool empty = !ran.killed && ran.vcons == 0;
  if (!ran.failure.empty() || empty) {
    ++total.failures;
    std::cout << "schedule " << seed << ": " << (empty ? "no vCon; " : "") << ran.failure << "\n";
  }
  if (total.searched.finds.size() == before) return;
  if (++total.found_in > kFindsShown || !options.gated) return;
  std::cout << "schedule " << seed << ":\n" << schedule.story;
  for (std::size_t i = before; i < total.searched.finds.size(); ++i) {
    std::cout << "schedule " << seed << (kills ? " (killed)" : "") << ": " << total.searched.finds[i] << "\n";
  }
}

/// Hides each secret, raw and as base64url, and one in a channel of a WAV file: true when all are found.
bool finds_what_is_hidden() {
  const leak::Schedule schedule = leak::schedule_of(1, false);
  const auto needles = leak::needles_of(schedule.pattern);
  const auto is_found = [&](const std::string& name, const std::string& bytes, const std::string& needle) {
    const testing::TemporaryFolder folder;
    testing::write_file(folder / name, bytes);
    leak::Searched searched;
    leak::search(folder.path(), needles, searched);
    const bool found = std::ranges::any_of(searched.finds, [&](const std::string& f) { return f.starts_with(needle); });
    if (!found) std::cout << needle << " is not found in " << name << "\n";
    return found;
  };
  const std::string around(100, 'x');
  bool all = true;
  for (const leak::Needle& needle : needles) {
    const std::string hidden = around + needle.bytes + around;
    all &= is_found("raw.bin", hidden, needle.name);
    all &= is_found("encoded.vcon", "{\"payload\":\"" + vconout::base64url(as_bytes(hidden)) + "\"}", needle.name);
  }
  const auto decoded = std::ranges::find(needles, "the pattern, decoded", &leak::Needle::name);
  std::string wav(44, 'h');
  for (std::size_t i = 0; i + 2 <= decoded->bytes.size(); i += 2) wav += "zz" + decoded->bytes.substr(i, 2);
  return is_found("right.wav", wav, decoded->name) && all;
}

}  // namespace

int main(int argc, char** argv) {
  (void)std::signal(SIGPIPE, SIG_IGN);
  const Options options = options_of({argv + 1, argv + argc});
  if (!finds_what_is_hidden()) return EXIT_FAILURE;
  Total total;
  for (std::uint64_t n = 0; n < options.count; ++n) run_one(options.seed + n, options, total);
  std::cout << total.schedules << " schedules, " << total.killed << " of them killed; " << total.patterned
            << " packets and " << total.cards << " card numbers inside pauses; " << total.vcons << " vCons\n"
            << total.searched.files << " files, " << total.searched.bytes
            << " bytes searched: " << total.searched.finds.size() << " finds in " << total.found_in << " schedules, "
            << total.failures << " failures\n";
  std::map<std::string, unsigned> kinds;
  for (const std::string& find : total.searched.finds) ++kinds[find.substr(0, find.rfind(" in "))];
  for (const auto& [kind, times] : kinds) std::cout << "  " << kind << ": " << times << "\n";
  if (total.failures > 0) return EXIT_FAILURE;
  if (options.gated) return total.searched.finds.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
  // Schedules without a pause in their media have nothing to show.
  return total.found_in * 10 >= total.schedules * 9 ? EXIT_SUCCESS : EXIT_FAILURE;
}
