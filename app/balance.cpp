#include "app/balance.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace tapestry::app {
namespace {

constexpr std::string_view kUsed = "frames.used.";
constexpr std::string_view kDuplicate = "frames.duplicate.";
constexpr std::string_view kIgnored = "frames.ignored.";
constexpr std::string_view kDropped = "frames.dropped.";
/// Lost or left before there was a frame.
constexpr std::array<std::string_view, 3> kLost{"live.ring_drops", "live.nic_missed", "live.hep_drops"};
constexpr std::string_view kStrangers = "live.hep_strangers";

void add_kind(std::string_view name, std::uint64_t frames, std::vector<Balance::Kind>& kinds) {
  const auto same = std::ranges::find(kinds, name, &Balance::Kind::name);
  if (same != kinds.end()) {
    same->frames += frames;
  } else {
    kinds.push_back({std::string(name), frames});
  }
}

void add(const Counter& counter, Balance& balance) {
  const std::string_view name = counter.name;
  if (name == "capture.frames") {
    balance.received += counter.value;
  } else if (name.starts_with(kUsed)) {
    balance.used += counter.value;
  } else if (name.starts_with(kDuplicate)) {
    balance.duplicates += counter.value;
  } else if (name.starts_with(kIgnored)) {
    add_kind(name.substr(kIgnored.size()), counter.value, balance.ignored);
  } else if (name.starts_with(kDropped)) {
    balance.dropped += counter.value;
  } else if (name == "frames.waiting") {
    balance.waiting += counter.value;
  } else if (name == kStrangers) {
    balance.received += counter.value;
    add_kind("hep_stranger", counter.value, balance.ignored);
  } else if (std::ranges::find(kLost, name) != kLost.end()) {
    balance.received += counter.value;
    balance.dropped += counter.value;
  }
}

}  // namespace

Balance balance_of(const Counters& counters) {
  Balance balance;
  for (const Counter& counter : counters) add(counter, balance);
  std::uint64_t ended = balance.used + balance.duplicates + balance.dropped + balance.waiting;
  for (const Balance::Kind& kind : balance.ignored) ended += kind.frames;
  balance.difference = static_cast<std::int64_t>(balance.received - ended);
  return balance;
}

nlohmann::ordered_json to_json(const Balance& balance) {
  nlohmann::ordered_json ignored = nlohmann::ordered_json::object();
  for (const Balance::Kind& kind : balance.ignored) ignored[kind.name] = kind.frames;
  return {{"received", balance.received},    {"used", balance.used},       {"duplicates", balance.duplicates},
          {"ignored", std::move(ignored)},   {"dropped", balance.dropped}, {"waiting", balance.waiting},
          {"difference", balance.difference}};
}

}  // namespace tapestry::app
