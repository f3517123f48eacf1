#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "app/config.h"
#include "core/time.h"

namespace tapestry::app {

/// A clock that is so far ahead of the last sweep may be wrong: nothing is deleted then unless it is confirmed.
inline constexpr std::chrono::days kLongestBetweenSweeps{35};
/// After so many faults in deletions that it begins a sweep gives up; the next one begins behind that place.
inline constexpr std::size_t kMostSweepFaults = 20;

struct RetainCommand {
  std::filesystem::path out;
  Config config;  ///< its rules, and its keys for the tombstones
  Time now;
  bool dry_run = false;        ///< tells what is due, and changes nothing
  bool clock_checked = false;  ///< goes on although the last sweep was long ago
};

/// What became of one conversation that is due, or was being deleted.
struct Swept {
  std::string uuid;
  std::string start;  ///< RFC 3339; empty: its deletion was begun before
  std::string rule;
  std::string outcome;  ///< `deleted`, `due` (of a dry run), `held`, `fault`
  std::string detail;   ///< the matter that holds it, or what went wrong
};

struct SweepResult {
  std::uint64_t looked_at = 0;  ///< conversations that are old enough for some rule
  std::uint64_t deleted = 0;
  std::uint64_t held = 0;
  std::uint64_t due = 0;  ///< of a dry run
  std::uint64_t faults = 0;
};

/// One sweep over an output folder's catalog: goes on with deletions that were interrupted, then deletes what is older
/// than its rule allows, unless it or what it belongs to is held. Each outcome goes to `tell`. May run beside a
/// recorder and a server. Throws ConfigError when there is no catalog or the clock must be confirmed;
/// std::runtime_error when the catalog fails. What fails for one conversation is that one's fault, and a later sweep
/// tries again. Deletions that were begun are all tried each time, however many of them fail; of the others a sweep
/// goes through all, and begins with those that the one before did not reach, so that what never succeeds keeps no
/// others.
SweepResult retain(const RetainCommand& command, const std::function<void(const Swept&)>& tell, std::ostream& err);

/// `tapestry delete`: deletes a conversation, and what amends it or is amended by it, at once. Exit status: 0, 1 when
/// it is held. Throws ConfigError when there is none; std::runtime_error when the disk, the catalog or the key fails.
int delete_now(const RetainCommand& command, const std::string& uuid, const std::string& reason, std::ostream& out,
               std::ostream& err);

}  // namespace tapestry::app
