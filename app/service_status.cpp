#include "app/service_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "app/balance.h"

namespace tapestry::app {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<double>& seconds) { return seconds ? Json(*seconds) : Json(nullptr); }

/// Text that a scrape is made of.
class Scrape {
 public:
  void head(std::string_view name, std::string_view kind, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {2}\n# TYPE {0} {1}\n", name, kind, help);
  }
  void value(std::string_view name, double value) {
    fmt::format_to(std::back_inserter(text_), "{} {:.3f}\n", name, value);
  }
  void value(std::string_view name, std::uint64_t value) {
    fmt::format_to(std::back_inserter(text_), "{} {}\n", name, value);
  }
  template <class Number>
  void gauge(std::string_view name, std::string_view help, Number number) {
    head(name, "gauge", help);
    value(name, number);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t number) {
    head(name, "counter", help);
    value(name, number);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_intake(const ServiceStatus& status, Scrape& scrape) {
  scrape.gauge("tapestry_service_uptime_seconds", "Time since the service started.", status.uptime);
  scrape.counter("tapestry_captured_packets_total", "Packets that were captured.", status.intake.packets);
  scrape.counter("tapestry_captured_bytes_total", "Octets of the packets that were captured.", status.intake.bytes);
  scrape.head("tapestry_dropped_packets_total", "counter", "Packets that were lost before they were looked at.");
  for (const Drops& drops : status.drops) {
    scrape.value(fmt::format("tapestry_dropped_packets_total{{place=\"{}\"}}", drops.place), drops.packets);
  }
  if (status.lag) {
    scrape.gauge("tapestry_lag_seconds", "How far packet time is behind the wall clock.", *status.lag);
  }
}

void add_balance(const Balance& balance, Scrape& scrape) {
  std::uint64_t ignored = 0;
  for (const Balance::Kind& kind : balance.ignored) ignored += kind.frames;
  scrape.counter("tapestry_balance_received_total", "Packets that came, those included that were lost before.",
                 balance.received);
  scrape.head("tapestry_balance_ended_total", "counter", "What became of them.");
  const auto add = [&scrape](std::string_view end, std::uint64_t frames) {
    scrape.value(fmt::format("tapestry_balance_ended_total{{end=\"{}\"}}", end), frames);
  };
  add("used", balance.used);
  add("duplicate", balance.duplicates);
  add("ignored", ignored);
  add("dropped", balance.dropped);
  scrape.gauge("tapestry_balance_waiting", "Fragments that wait for the rest of their packet.", balance.waiting);
  scrape.gauge("tapestry_balance_difference", "Packets whose end nobody knows: 0, or a fault of the recorder.",
               static_cast<double>(balance.difference));
}

void add_work(const ServiceStatus& status, Scrape& scrape) {
  scrape.gauge("tapestry_open_flows", "RTP streams that go on.", status.flows);
  scrape.gauge("tapestry_open_calls", "Calls that are not closed.", std::uint64_t{status.live.calls});
  scrape.gauge("tapestry_open_conversations", "Conversations that are not closed.",
               std::uint64_t{status.live.conversations});
  scrape.gauge("tapestry_paused_conversations", "Open conversations of which nothing is kept now.",
               std::uint64_t{status.live.paused});
  scrape.gauge("tapestry_spool_memory_bytes", "Of the spool, in memory: what the disk has not taken.",
               status.storage.memory_bytes);
  scrape.gauge("tapestry_spool_disk_bytes", "Of the spool, on disk: what is in no vCon yet.",
               status.storage.disk_bytes);
  scrape.gauge("tapestry_unfinished_conversations", "Closed conversations that are not yet written.",
               status.storage.finishing);
  scrape.gauge("tapestry_oldest_unfinished_seconds", "How long the oldest of them has waited.",
               status.storage.oldest_finishing.value_or(0));
  scrape.gauge("tapestry_disk_free_bytes", "Free space of the output folder's file system.", status.disk_free_bytes);
  scrape.gauge("tapestry_disk_bytes", "Size of that file system.", status.disk_bytes);
  scrape.counter("tapestry_finished_conversations_total", "Conversations that were written.", status.storage.finished);
  scrape.counter("tapestry_failed_conversations_total", "Tries to write one that did not succeed.",
                 status.storage.failed);
  scrape.gauge("tapestry_spool_ok", "1 while the spool's disk has room and works.",
               std::uint64_t{status.storage.state == "ok" ? 1U : 0U});
}

void add_counters(const Counters& counters, Scrape& scrape) {
  std::map<std::string, std::uint64_t> sums;
  for (const Counter& counter : counters) sums[std::string(counter.name)] += counter.value;
  for (const auto& [name, value] : sums) {
    std::string metric = "tapestry_" + name + "_total";
    std::ranges::replace_if(metric, [](char c) { return c == '.' || c == '-' || c == ' '; }, '_');
    scrape.counter(metric, fmt::format("{}, see docs/report.md.", name), value);
  }
}

}  // namespace

std::string to_json(const ServiceStatus& status) {
  Json drops = Json::object();
  for (const Drops& one : status.drops) drops[one.place] = one.packets;
  Json counters = Json::object();
  for (const Counter& counter : status.counters) counters[std::string(counter.name)] = counter.value;
  const Json json = {
      {"version", status.version},
      {"started", to_rfc3339(status.started)},
      {"uptime", status.uptime},
      {"captured",
       {{"packets", status.intake.packets},
        {"bytes", status.intake.bytes},
        {"sip_messages", status.intake.sip_messages},
        {"dropped", std::move(drops)}}},
      {"per_second",
       {{"packets", status.rate.packets}, {"bytes", status.rate.bytes}, {"sip_messages", status.rate.sip_messages}}},
      {"lag", json_of(status.lag)},
      {"open",
       {{"flows", status.flows},
        {"calls", status.live.calls},
        {"conversations", status.live.conversations},
        {"paused", status.live.paused}}},
      {"spool",
       {{"memory_bytes", status.storage.memory_bytes},
        {"disk_bytes", status.storage.disk_bytes},
        {"state", status.storage.state}}},
      {"unfinished",
       {{"conversations", status.storage.finishing}, {"oldest", json_of(status.storage.oldest_finishing)}}},
      {"disk", {{"free_bytes", status.disk_free_bytes}, {"bytes", status.disk_bytes}}},
      {"finished", status.storage.finished},
      {"failed", status.storage.failed},
      {"balance", to_json(balance_of(status.counters))},
      {"counters", std::move(counters)}};
  return json.dump() + "\n";
}

std::string to_prometheus(const ServiceStatus& status) {
  Scrape scrape;
  add_intake(status, scrape);
  add_balance(balance_of(status.counters), scrape);
  add_work(status, scrape);
  add_counters(status.counters, scrape);
  return scrape.take();
}

}  // namespace tapestry::app
