#pragma once
#include <optional>
#include <string>
#include <vector>

#include "vconout/catalog.h"

namespace tapestry::app {

/// [[retention]]: how long a conversation is kept. All conditions given must hold; patterns as in
/// vconout::CatalogQuery.
struct RetentionRule {
  std::string name;           ///< in tombstones; without one its number
  std::string role;           ///< one of the parties has it
  std::string party;          ///< pattern
  std::string agent;          ///< pattern, of one who was recorded
  std::string queue;          ///< pattern
  std::string reason;         ///< pattern: see reasons_of()
  std::optional<int> days{};  ///< from the conversation's end; none: forever
};

/// What makes a conversation special: its disposition, its gaps' reasons, its campaigns, skills, types of interaction
/// and marks (`paused`, `pci-suspected`, `quarantined`). Each twice: alone, and behind its kind and a colon
/// (`disposition:`, `gap:`, `campaign:`, `skill:`, `interaction-type:`, `mark:`).
std::vector<std::string> reasons_of(const vconout::CatalogRow& row, const vconout::CatalogFacts& facts);

/// The first rule that a conversation matches; null: none, it is kept forever. Lives as long as `rules`.
const RetentionRule* rule_of(const std::vector<RetentionRule>& rules, const vconout::CatalogRow& row,
                             const vconout::CatalogFacts& facts);

}  // namespace tapestry::app
