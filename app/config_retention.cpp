#include "app/config_retention.h"

#include <fmt/format.h>

namespace tapestry::app {
namespace {

constexpr int kMostDays = 36'500;
constexpr std::size_t kMostRules = 1000;

void read_days(const Place& place, const toml::key& key, const toml::node& node, RetentionRule& rule) {
  if (node.is_string() && text_of(place, key, node) == "forever") return;
  if (!node.is_integer()) place.fail(node.source(), "\"days\" must be a number of days, or \"forever\"");
  rule.days = number_of(place, key, node, 1, kMostDays);
}

void read_key(const Place& place, const toml::key& key, const toml::node& node, RetentionRule& rule) {
  if (key == "days") return read_days(place, key, node, rule);
  std::string* text = key == "name"     ? &rule.name
                      : key == "role"   ? &rule.role
                      : key == "party"  ? &rule.party
                      : key == "agent"  ? &rule.agent
                      : key == "queue"  ? &rule.queue
                      : key == "reason" ? &rule.reason
                                        : nullptr;
  if (text == nullptr) place.unknown(key, "[[retention]]");
  *text = text_of(place, key, node);
  if (text->empty()) place.fail(node.source(), fmt::format("\"{}\" must not be empty", key.str()));
}

}  // namespace

void read_retention(const Place& place, const toml::array& tables, Config& config) {
  for (const auto& entry : tables) {
    const toml::table& table = *entry.as_table();
    RetentionRule rule;
    for (const auto& [key, node] : table) read_key(place, key, node, rule);
    if (!table.contains("days")) place.fail(table.source(), "[[retention]] needs \"days\"");
    if (!rule.role.empty() && !calls::parse_role(rule.role)) {
      place.fail(table.source(), "\"role\" must be one of agent, customer, supervisor, sme, thirdparty, bot");
    }
    if (config.retention.size() == kMostRules)
      place.fail(table.source(), fmt::format("more than {} rules", kMostRules));
    if (rule.name.empty()) rule.name = fmt::format("rule {}", config.retention.size() + 1);
    config.retention.push_back(std::move(rule));
  }
}

}  // namespace tapestry::app
