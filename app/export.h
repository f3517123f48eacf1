#pragma once
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "core/time.h"

namespace tapestry::app {

/// What `tapestry export` is asked for.
struct ExportCommand {
  std::filesystem::path out;
  std::vector<std::string> uuids;
  std::filesystem::path to;  ///< `.tar`, or a folder; nothing may be there
  bool with_quarantined = false;
  Time now;
};

/// Writes a bundle (docs/search.md) of the conversations, with the vCons that they amend: signed vCons, media,
/// certificates, signatures, what the logs say of them, tombstones of what was deleted, checksums and how to verify.
/// Each conversation, also of those that another amends, is noted in audit/access.jsonl before it is added. Exit
/// status: 0; 1 when media is not in it, which is told on `err`. Throws ConfigError when there is no such conversation,
/// or something is at `to`; std::runtime_error when the disk fails.
int export_bundle(const ExportCommand& command, std::ostream& out, std::ostream& err);

}  // namespace tapestry::app
