#include "tests/bench/results.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <thread>

#include "core/time.h"

namespace tapestry::bench {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string number(std::optional<double> value) {
  if (!value) return "-";
  return *value >= 100 ? fmt::format("{:.0f}", *value) : fmt::format("{:.3g}", *value);
}

}  // namespace

Circumstances circumstances() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {to_rfc3339(now), cpu_model(), std::thread::hardware_concurrency()};
}

std::string to_table(const Circumstances& where, const std::vector<Result>& results) {
  std::string text = fmt::format("{}  {}, {} threads\n", where.date, where.cpu, where.threads);
  constexpr const char* kLine = "{:<46} {:<14} {:>8} {:>8} {:>7} {:>8}  {}\n";
  text += fmt::format(fmt::runtime(kLine), "benchmark", "unit", "ours", "floor", "ratio", "target", "ok");
  for (const Result& result : results) {
    const std::string ratio = result.floor ? fmt::format("{:.3f}", result.ratio()) : "-";
    const std::string target = fmt::format("{} {}", result.at_least ? ">=" : "<=", number(result.target));
    text += fmt::format(fmt::runtime(kLine), result.name, result.unit, number(result.ours), number(result.floor), ratio,
                        target, result.ok() ? "yes" : "NO");
  }
  return text;
}

std::string to_json(const Circumstances& where, const std::vector<Result>& results) {
  nlohmann::ordered_json all{{"date", where.date}, {"cpu", where.cpu}, {"threads", where.threads}};
  all["results"] = nlohmann::ordered_json::array();
  for (const Result& result : results) {
    nlohmann::ordered_json one{{"name", result.name}, {"unit", result.unit}, {"ours", result.ours}};
    if (result.floor) {
      one["floor"] = *result.floor;
      one["ratio"] = result.ratio();
    }
    one["target"] = result.target;
    one["bound"] = result.at_least ? "at least" : "at most";
    one["ok"] = result.ok();
    all["results"].push_back(std::move(one));
  }
  return all.dump(2) + "\n";
}

}  // namespace tapestry::bench
