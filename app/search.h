#pragma once
#include <filesystem>
#include <ostream>
#include <string>

#include "vconout/catalog_search.h"

namespace tapestry::app {

/// What `tapestry search` is asked for, as it stands on the command line.
struct SearchCommand {
  std::filesystem::path out;
  std::string from;  ///< RFC 3339, or a date with or without a time of day, UTC
  std::string to;
  std::string at_least;  ///< seconds, or `1:30`, `1:02:03`, `90s`, `5m`, `2h`
  std::string at_most;
  vconout::CatalogQuery query;  ///< the rest
  bool json = false;
};

/// RFC 3339, `2026-11-20`, or `2026-11-20 08:00[:00]` in UTC. Throws ConfigError when it is none.
Time parse_when(const std::string& text);
/// Throws ConfigError when it is none.
Duration parse_length(const std::string& text);

/// `tapestry search`: the newest conversations of the catalog for which all holds, as a table or as JSON lines. Exit
/// status 0, also when there is none. Throws ConfigError when a condition is none, or there is no catalog;
/// std::runtime_error when the catalog fails.
int search(const SearchCommand& command, std::ostream& out);

}  // namespace tapestry::app
