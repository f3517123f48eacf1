#include "app/control_commands.h"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "app/config.h"
#include "app/control_client.h"
#include "app/control_view.h"
#include "app/text.h"
#include "calls/live.h"

namespace tapestry::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned kFine = 200;
/// More conversations are not listed: somebody looks at them.
constexpr std::size_t kMostListed = 10'000;

std::string message_of(const web::LiveAnswer& answer) {
  const Json body = Json::parse(answer.body, nullptr, false);
  const auto at = Json::json_pointer("/error/message");
  if (!body.is_object() || !body.contains(at)) return fmt::format("the service answers with status {}", answer.status);
  return body.at(at).get<std::string>();
}

Json get(const std::filesystem::path& socket, const std::string& target) {
  const web::LiveAnswer answer = ask_control(socket, {.method = "GET", .target = target});
  if (answer.status != kFine) throw std::runtime_error(message_of(answer));
  Json body = Json::parse(answer.body, nullptr, false);
  if (!body.is_object()) throw std::runtime_error("what answers there is no recorder");
  return body;
}

Json all_calls(const std::filesystem::path& socket) {
  Json calls = Json::array();
  for (std::uint64_t after = 0; calls.size() < kMostListed;) {
    const Json page = get(socket, fmt::format("/v1/calls?after={}&limit={}", after, calls::kMostLive));
    for (const Json& call : page.at("calls")) calls.push_back(call);
    if (!page.at("more").get<bool>() || calls.empty()) break;
    after = calls.back().at("conversation").get<std::uint64_t>();
  }
  return calls;
}

int watch(const WatchSettings& settings, std::ostream& out, const std::function<std::string()>& look) {
  constexpr std::string_view kClear = "\x1b[H\x1b[2J";
  while (true) {
    const std::string text = look();
    if (settings.every && settings.clears) out << kClear;
    out << text << std::flush;
    if (!settings.every) return 0;
    std::this_thread::sleep_for(std::chrono::seconds(*settings.every));
  }
}

}  // namespace

int show_status(const WatchSettings& settings, std::ostream& out) {
  return watch(settings, out, [&settings] {
    const Json status = get(settings.socket, "/v1/status");
    return settings.json ? status.dump() + "\n" : status_text(status);
  });
}

int show_calls(const WatchSettings& settings, std::ostream& out) {
  return watch(settings, out, [&settings] {
    const Json calls = all_calls(settings.socket);
    return settings.json ? Json{{"calls", calls}}.dump() + "\n" : calls_table(calls);
  });
}

int command_pause(const std::filesystem::path& socket, const web::PauseBody& body, bool is_resume, std::ostream& out,
                  std::ostream& err) {
  const std::string text = web::to_json(body, is_resume);
  if (const auto read = web::parse_pause_body(text, is_resume); !read) throw ConfigError(read.error());
  const web::LiveAnswer answer =
      ask_control(socket, {.method = "POST", .target = is_resume ? "/v1/resume" : "/v1/pause", .body = text});
  if (answer.status != kFine) {
    err << "tapestry: " << printable(message_of(answer)) << "\n";
    return 1;
  }
  const Json done = Json::parse(answer.body, nullptr, false);
  if (!done.is_object()) throw std::runtime_error("what answers there is no recorder");
  std::string calls;
  for (const Json& call_id : done.at("call_ids")) calls += (calls.empty() ? "" : ", ") + call_id.get<std::string>();
  out << printable(fmt::format("{} since {}: {}", done.at("state").get<std::string>(),
                               done.at("since").get<std::string>(), calls))
      << "\n";
  return 0;
}

}  // namespace tapestry::app
