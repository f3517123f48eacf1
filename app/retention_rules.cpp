#include "app/retention_rules.h"

#include <algorithm>

#include "vconout/catalog_search.h"

namespace tapestry::app {
namespace {

bool any_matches(const std::vector<std::string>& patterns, const std::string& text) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) { return vconout::matches(pattern, text); });
}

bool has_party(const vconout::CatalogFacts& facts, const std::string& pattern, bool recorded) {
  const std::vector<std::string> patterns = vconout::uri_patterns(pattern);
  return std::ranges::any_of(facts.parties, [&](const vconout::PartyFact& party) {
    return (party.recorded || !recorded) && any_matches(patterns, party.uri);
  });
}

bool has_queue(const vconout::CatalogFacts& facts, const std::string& pattern) {
  const std::vector<std::string> patterns = vconout::uri_patterns(pattern);
  return std::ranges::any_of(facts.labels, [&](const vconout::NamedFact& label) {
    return label.kind == "queue" && any_matches(patterns, label.value);
  });
}

bool applies(const RetentionRule& rule, const vconout::CatalogRow& row, const vconout::CatalogFacts& facts) {
  if (!rule.role.empty() &&
      std::ranges::find(facts.parties, rule.role, &vconout::PartyFact::role) == facts.parties.end())
    return false;
  if (!rule.party.empty() && !has_party(facts, rule.party, false)) return false;
  if (!rule.agent.empty() && !has_party(facts, rule.agent, true)) return false;
  if (!rule.queue.empty() && !has_queue(facts, rule.queue)) return false;
  if (rule.reason.empty()) return true;
  return std::ranges::any_of(reasons_of(row, facts),
                             [&](const std::string& reason) { return vconout::matches(rule.reason, reason); });
}

}  // namespace

std::vector<std::string> reasons_of(const vconout::CatalogRow& row, const vconout::CatalogFacts& facts) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& kind, const std::string& value) {
    all.push_back(value);
    all.push_back(kind + ":" + value);
  };
  add("disposition", row.disposition);
  for (const vconout::GapFact& gap : facts.gaps) add("gap", gap.reason);
  for (const vconout::NamedFact& label : facts.labels) {
    if (label.kind != "queue") add(label.kind, label.value);
  }
  return all;
}

const RetentionRule* rule_of(const std::vector<RetentionRule>& rules, const vconout::CatalogRow& row,
                             const vconout::CatalogFacts& facts) {
  const auto found = std::ranges::find_if(rules, [&](const RetentionRule& rule) { return applies(rule, row, facts); });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace tapestry::app
