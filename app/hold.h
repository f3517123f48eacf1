#pragma once
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "core/time.h"

namespace tapestry::app {

/// What `tapestry hold` is asked for.
struct HoldCommand {
  std::filesystem::path out{};
  std::vector<std::string> uuids{};
  std::vector<std::string> parties{};  ///< patterns, as in `tapestry search`
  std::vector<std::string> keys{};
  std::string matter{};
  std::string by{};      ///< on whose behalf; empty: the local user
  bool release = false;  ///< of the matter: what is named, all when nothing is
  bool list = false;
  bool json = false;
  Time now{};
};

/// Places, releases or lists legal holds; each is in audit/retention.jsonl before it is in the catalog. Says
/// on `out` what it did. Exit status: 0; 1 when there was nothing to release. Throws ConfigError when the
/// command says nothing that can be done; std::runtime_error when the catalog or the log fails.
int hold(const HoldCommand& command, std::ostream& out);

}  // namespace tapestry::app
