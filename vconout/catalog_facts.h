#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::vconout {

/// Entries of one kind that are kept of one vCon, and octets of each text.
inline constexpr std::size_t kMostFacts = 2000;
inline constexpr std::size_t kMostFactText = 1024;

struct PartyFact {
  std::string uri;
  std::string role;       ///< CC-02's; may be empty
  bool recorded = false;  ///< there is a recording of this agent
  friend bool operator==(const PartyFact&, const PartyFact&) = default;
};

/// A kind and a value. As a key: `call-id`, `session-id`, `interaction-id`, or what call-signalling calls it. As a
/// label: `queue`, `campaign`, `skill`, `interaction-type`, `mark` (`paused`, `quarantined`, `pci-suspected`).
struct NamedFact {
  std::string kind;
  std::string value;
  friend auto operator<=>(const NamedFact&, const NamedFact&) = default;
};

/// All gaps of one reason.
struct GapFact {
  std::string reason;  ///< docs/report.md
  int count = 0;
  double seconds = 0;
  friend bool operator==(const GapFact&, const GapFact&) = default;
};

/// What the catalog's tables tell of a conversation beside its row. Each list without doubles.
struct CatalogFacts {
  std::vector<PartyFact> parties;
  std::vector<NamedFact> keys;
  std::vector<NamedFact> labels;
  std::vector<GapFact> gaps;
  std::string amends;  ///< uuid of the vCon that it goes on with; empty: none
};

/// Reads them from an unsigned vCon's text, so that one that was written long ago is told of as one of today. What is
/// not there, or of another kind than expected, is left out; never throws what a text can cause. Any thread.
CatalogFacts facts_of(std::string_view vcon);

}  // namespace tapestry::vconout
