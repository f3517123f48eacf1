#pragma once
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "tests/app/temporary_folder.h"
#include "tests/support/scenes/script.h"

namespace tapestry::testing {

/// An output folder with three conversations of 2026 that were replayed: a customer with agent 1, another with agent 3,
/// and one that amends the first, with agent 2.
class KeptConversations {
 public:
  KeptConversations();

  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path out() const { return folder_ / "out"; }
  /// Of the vCons in the catalog.
  [[nodiscard]] std::vector<std::string> uuids() const;
  /// Of the first conversation, of what amends it, of the third.
  [[nodiscard]] std::tuple<std::string, std::string, std::string> chain() const;
  /// Regular files below a folder of the output, sorted; with `part`, those whose path has it.
  [[nodiscard]] std::vector<std::filesystem::path> files(const std::string& below, const std::string& part = {}) const;
  /// What went wrong; empty when nothing.
  [[nodiscard]] std::string replay_again() const;

 private:
  TemporaryFolder folder_;
};

}  // namespace tapestry::testing
