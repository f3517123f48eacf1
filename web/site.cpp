#include "web/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "vconout/uuid.h"
#include "web/file_response.h"
#include "web/folder.h"
#include "web/manners.h"

namespace tapestry::web {
namespace {

constexpr FileKind kVcon{.content_type = "application/vcon", .cache_control = "no-store"};
constexpr std::string_view kMediaCaching = "private, no-cache";
constexpr std::string_view kNoRoute = "none";
constexpr unsigned kFine = 200;
constexpr unsigned kLeastRefusal = 400;  // RFC 9110 §15

std::optional<Response> refused(const Caller& caller, Right right) {
  if (!caller.role) {
    Response response = refusal(401, "unauthorized", "a bearer token or a client certificate is needed");
    response.fields.push_back({"WWW-Authenticate", "Bearer realm=\"tapestry\""});
    return response;
  }
  if (!may(*caller.role, right)) return refusal(403, "forbidden", "this token or certificate is for something else");
  return std::nullopt;
}

double seconds_since(Time began, Time now) { return to_seconds(std::max(Duration{}, now - began)); }

}  // namespace

/// An answer with what is told of it.
struct Site::Judged {
  Response response{};
  Caller caller{};
  std::string_view route = kNoRoute;
  std::optional<Matched> matched{};
  bool personal = true;    ///< people are in it, or nobody knows what was meant
  bool commanded = false;  ///< something was changed, or may have been
  std::string path{};      ///< for the access log
};

Site::Site(SiteSettings settings, std::function<void(const Access&)> record,
           std::function<void(std::string_view)> complain)
    : settings_(std::move(settings)),
      record_(std::move(record)),
      complain_(std::move(complain)),
      conversations_(settings_.out / "catalog.sqlite") {}

void Site::replace(AccessRules access, std::string media_path) {
  const std::scoped_lock writing(replacing_);
  settings_.access = std::move(access);
  settings_.media_path = std::move(media_path);
}

Response Site::answer(const Request& request, Time now) {
  Judged judged;
  guarded(judged.response, [&] { judge(request, now, judged); });
  if (judged.personal || judged.response.status >= kLeastRefusal) {
    Response unused;
    guarded(judged.commanded ? unused : judged.response, [&] { record(request, judged, now); });
  }
  Response& response = judged.response;
  add_guards(request, response);
  const bool bare = request.method == "HEAD" || response.status == 304;
  const std::uint64_t bytes = response.part ? response.part->bytes : response.body.size();
  traffic_.add(judged.route, response.status, bare ? 0 : bytes);
  return std::move(judged.response);
}

void Site::guarded(Response& response, const std::function<void()>& work) const {
  try {
    work();
  } catch (const std::exception& error) {
    complain_(error.what());
    response = refusal(503, "unavailable", "this cannot be answered now; the server has told its operator why");
  }
}

void Site::record(const Request& request, const Judged& judged, Time now) const {
  const bool given = judged.response.status < kLeastRefusal;
  record_(
      {.time = now,
       .who = judged.caller.who,
       .by = judged.caller.by,
       .peer = request.peer,
       .method = request.method,
       .path = judged.path,
       .range = given ? std::string(find_field(request.fields, "Range").value_or(std::string_view())) : std::string(),
       .status = judged.response.status,
       .stranger = !judged.caller.role});
}

/// In this order: what is malformed, who asks (so that a stranger learns nothing of what is there), what, and how.
void Site::judge(const Request& request, Time now, Judged& judged) {
  const auto target = parse_target(request.target);
  judged.path = target ? target->path : std::string(without_query(request.target));
  {
    const std::shared_lock reading(replacing_);
    judged.caller = identify(request, settings_.access);
    judged.matched = target ? match(target->path, settings_.media_path) : std::nullopt;
  }
  const Route* route = judged.matched ? judged.matched->route : nullptr;
  if (auto wrong = malformed(request, target, route)) {
    judged.response = std::move(*wrong);
    return;
  }
  if (route != nullptr) {
    judged.route = route->path;
    judged.personal = route->right != Right::Metrics;
  }
  if (!judged.caller.role) {
    judged.response = *refused(judged.caller, Right::Media);
  } else if (route == nullptr) {
    judged.response = not_found();
  } else if (auto no = refused(judged.caller, route->right)) {
    judged.response = std::move(*no);
  } else if (auto wrong = wrong_method(request, *route)) {
    judged.response = std::move(*wrong);
  } else {
    judged.commanded = route->post;
    judged.response = give(request, judged, *target, now);
  }
}

Response Site::give(const Request& request, const Judged& judged, const Target& target, Time now) {
  switch (judged.matched->route->resource) {
    case Resource::Media:
      return give_media(request, judged.matched->rest);
    case Resource::Conversations:
      return give_list(target);
    case Resource::Conversation:
      return give_vcon(request, judged.matched->rest);
    case Resource::Status:
      return give_status(now);
    case Resource::Metrics:
      return give_metrics(now);
    case Resource::Calls:
      return give_calls(target);
    case Resource::Pause:
    case Resource::Resume:
      return give_command(request, judged);
  }
  return not_found();
}

Response Site::absent(const std::string& uuid) {
  if (!vconout::is_uuid(uuid) || !conversations_.is_deleted(uuid)) return not_found();
  return refusal(410, "gone", "this was deleted");
}

/// What the service answers goes on as it is; it refuses in the same words as this site.
Response Site::pass_on(LiveRequest request) const {
  if (!settings_.live) return refusal(503, "no_service", "no running service is configured here");
  try {
    LiveAnswer answer = settings_.live(request);
    Response response = json_response(std::move(answer.body));
    response.status = answer.status;
    return response;
  } catch (const std::runtime_error& error) {
    complain_(error.what());
    return refusal(503, "no_service", "the running service does not answer");
  }
}

/// The service reads the parameters; here they must only be words.
Response Site::give_calls(const Target& target) const {
  std::string asked = "/v1/calls";
  char before = '?';
  for (const auto& [name, value] : target.query) {
    const std::string word = name + value;
    if (!std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); })) {
      return refusal(400, "bad_request", "only after and limit (1 to 200) are known here");
    }
    asked += before + name + '=' + value;
    before = '&';
  }
  return pass_on({.method = "GET", .target = asked});
}

/// Read here, so that only what is well-formed goes on to the service.
Response Site::give_command(const Request& request, const Judged& judged) const {
  const Route& route = *judged.matched->route;
  auto body = pause_body_of(request, route.resource);
  if (!body) return std::move(body.error());
  return pass_on({.method = "POST",
                  .target = std::string(route.path),
                  .body = to_json(*body, route.resource == Resource::Resume),
                  .by = judged.caller.by + " " + judged.caller.who});
}

std::optional<std::string> Site::ask_live(const std::string& target) const {
  if (!settings_.live) return std::nullopt;
  try {
    LiveAnswer answer = settings_.live({.method = "GET", .target = target});
    if (answer.status == kFine) return std::move(answer.body);
  } catch (const std::runtime_error& error) {
    complain_(error.what());
  }
  return std::nullopt;
}

Response Site::give_media(const Request& request, const std::string& path) {
  auto file = open_below(settings_.out / "media", path);
  if (!file) return absent(std::filesystem::path(path).parent_path().filename().string());
  return file_response(request, std::move(file), {content_type_of(path), kMediaCaching});
}

Response Site::give_vcon(const Request& request, const std::string& uuid) {
  constexpr std::string_view kFolder = "vcon/";
  const auto path = vconout::is_uuid(uuid) ? conversations_.vcon_path(uuid) : std::nullopt;
  if (!path || !path->starts_with(kFolder)) return absent(uuid);
  auto file = open_below(settings_.out / "vcon", path->substr(kFolder.size()));
  if (!file) return absent(uuid);
  return file_response(request, std::move(file), kVcon);
}

Response Site::give_list(const Target& target) {
  const auto query = parse_conversation_query(target.query);
  if (!query) return refusal(400, "bad_request", query.error());
  return json_response(conversations_.list(*query));
}

Response Site::give_status(Time now) {
  nlohmann::ordered_json status = {{"version", settings_.version},
                                   {"started", to_rfc3339(settings_.started)},
                                   {"uptime", seconds_since(settings_.started, now)},
                                   {"conversations", conversations_.count()},
                                   {"requests", traffic_.requests()},
                                   {"service", nullptr}};
  if (const auto live = ask_live("/v1/status")) {
    auto service = nlohmann::ordered_json::parse(*live, nullptr, false);
    if (service.is_object()) status["service"] = std::move(service);
  }
  return json_response(status.dump() + "\n");
}

Response Site::give_metrics(Time now) {
  Response response;
  response.fields = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}, {"Cache-Control", "no-store"}};
  response.body = fmt::format(
      "# HELP tapestry_uptime_seconds Time since the start.\n# TYPE tapestry_uptime_seconds gauge\n"
      "tapestry_uptime_seconds {:.3f}\n"
      "# HELP tapestry_conversations Conversations in the catalog.\n# TYPE tapestry_conversations gauge\n"
      "tapestry_conversations {}\n",
      seconds_since(settings_.started, now), conversations_.count());
  response.body += traffic_.to_prometheus();
  if (!settings_.live) return response;
  const auto live = ask_live("/metrics");
  response.body += fmt::format(
      "# HELP tapestry_service_up Whether the running service answers.\n# TYPE tapestry_service_up gauge\n"
      "tapestry_service_up {}\n",
      live ? 1 : 0);
  response.body += live.value_or("");
  return response;
}

}  // namespace tapestry::web
