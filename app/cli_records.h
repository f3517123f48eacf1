#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <ostream>
#include <string>

#include "app/export.h"
#include "app/hold.h"
#include "app/retain.h"
#include "app/search.h"

// The commands about what is kept: search, export, hold, retain, delete.
namespace tapestry::app {

struct RecordsArguments {
  std::string out = "tapestry-out";
  std::string config;
  std::string credentials;  ///< find_credentials()
  bool json = false;
  SearchCommand search;
  ExportCommand exported;
  HoldCommand held;
  std::string uuid;
  std::string reason;
  bool dry_run = false;
  bool clock_checked = false;
};

/// Adds their options; `arguments` outlives the parsing.
void add_records(CLI::App& program, RecordsArguments& arguments);

/// Runs the one that was given, and gives its exit status; nothing when none of them was. `now`: the clock. Throws as
/// they do.
std::optional<int> run_records(const CLI::App& program, RecordsArguments& arguments, Time now, std::ostream& out,
                               std::ostream& err);

}  // namespace tapestry::app
