#include "app/finish_state.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace tapestry::app {
namespace {

std::uint64_t number_in(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

}  // namespace

StorageStatus read_finish_state(const std::filesystem::path& out) {
  std::ifstream stream(out / "finish.json", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  StorageStatus status;
  if (!json.is_object()) return status;
  status.disk_bytes = number_in(json, "bytes");
  status.finishing = number_in(json, "waiting");
  status.finished = number_in(json, "finished");
  status.failed = number_in(json, "failed");
  const auto oldest = json.find("oldest_seconds");
  if (status.finishing > 0 && oldest != json.end() && oldest->is_number())
    status.oldest_finishing = oldest->get<double>();
  return status;
}

void write_finish_state(const std::filesystem::path& out, const FinishState& state) {
  nlohmann::json json = {{"waiting", state.waiting.conversations},
                         {"finished", state.finished},
                         {"failed", state.failed},
                         {"segments", state.log.segments},
                         {"bytes", state.log.bytes}};
  json["following"] = state.following == Time::min() ? nlohmann::json() : nlohmann::json(to_rfc3339(state.following));
  json["oldest_seconds"] = state.waiting.oldest
                               ? nlohmann::json(std::chrono::duration<double>(*state.waiting.oldest).count())
                               : nlohmann::json();
  const std::filesystem::path path = out / "finish.json";
  const std::filesystem::path beside = out / ".finish.json.part";
  {
    std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
    stream << json.dump() << "\n";
    if (!stream.flush()) throw std::runtime_error("cannot write " + beside.string());
  }
  std::filesystem::rename(beside, path);
}

}  // namespace tapestry::app
