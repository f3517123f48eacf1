#include "web/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "vconout/uuid.h"
#include "web/file_response.h"
#include "web/folder.h"

namespace tapestry::web {
namespace {

constexpr FileKind kVcon{.content_type = "application/vcon", .cache_control = "no-store"};
constexpr std::string_view kMediaCaching = "private, no-cache";
constexpr std::string_view kNoRoute = "none";
constexpr unsigned kLeastRefusal = 400;  // RFC 9110 §15

Response not_found() { return refusal(404, "not_found", "there is no such thing here"); }

/// What is wrong with a request whoever sends it; nothing when all is well.
std::optional<Response> malformed(const Request& request, const std::optional<Target>& target) {
  if (request.head_bytes > kMostHead) return refusal(431, "header_too_large", "the header fields are too long");
  if (request.target.size() > kMostTarget) return refusal(414, "target_too_long", "the request target is too long");
  if (!target) return refusal(400, "bad_request", "the request target is not well-formed");
  if (request.has_body) return refusal(413, "content_too_large", "no request here has content");
  return std::nullopt;
}

std::optional<Response> refused(const Caller& caller, Right right) {
  if (!caller.role) {
    Response response = refusal(401, "unauthorized", "a bearer token or a client certificate is needed");
    response.fields.push_back({"WWW-Authenticate", "Bearer realm=\"tapestry\""});
    return response;
  }
  if (!may(*caller.role, right)) return refusal(403, "forbidden", "this token or certificate is for something else");
  return std::nullopt;
}

Response wrong_method() {
  Response response = refusal(405, "method_not_allowed", "only GET and HEAD are answered here");
  response.fields.push_back({"Allow", "GET, HEAD"});
  return response;
}

double seconds_since(Time began, Time now) { return to_seconds(std::max(Duration{}, now - began)); }

}  // namespace

/// An answer with what is told of it.
struct Site::Judged {
  Response response{};
  Caller caller{};
  std::string_view route = kNoRoute;
  bool personal = true;  ///< people are in it, or nobody knows what was meant
};

Site::Site(SiteSettings settings, std::function<void(const Access&)> record,
           std::function<void(std::string_view)> complain)
    : settings_(std::move(settings)),
      record_(std::move(record)),
      complain_(std::move(complain)),
      conversations_(settings_.out / "catalog.sqlite") {}

Response Site::answer(const Request& request, Time now) {
  Judged judged;
  guarded(judged.response, [&] { judge(request, now, judged); });
  if (judged.personal || judged.response.status >= kLeastRefusal) {
    guarded(judged.response, [&] { record(request, judged, now); });
  }
  Response& response = judged.response;
  response.fields.push_back({"X-Content-Type-Options", "nosniff"});
  response.fields.push_back({"Content-Security-Policy", "default-src 'none'"});
  if (request.secure) response.fields.push_back({"Strict-Transport-Security", "max-age=31536000"});
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
  record_({.time = now,
           .who = judged.caller.who,
           .by = judged.caller.by,
           .peer = request.peer,
           .method = request.method,
           .path = std::string(without_query(request.target)),
           .range = std::string(find_field(request.fields, "Range").value_or(std::string_view())),
           .status = judged.response.status});
}

/// In this order: what is malformed, who asks (so that a stranger learns nothing of what is there), what, and how.
void Site::judge(const Request& request, Time now, Judged& judged) {
  judged.caller = identify(request, settings_.access);
  const auto target = parse_target(request.target);
  if (auto wrong = malformed(request, target)) {
    judged.response = std::move(*wrong);
    return;
  }
  const auto matched = match(target->path, settings_.media_path);
  if (matched) {
    judged.route = matched->route->path;
    judged.personal = matched->route->right != Right::Metrics;
  }
  if (!judged.caller.role) {
    judged.response = *refused(judged.caller, Right::Media);
  } else if (!matched) {
    judged.response = not_found();
  } else if (auto no = refused(judged.caller, matched->route->right)) {
    judged.response = std::move(*no);
  } else if (request.method != "GET" && request.method != "HEAD") {
    judged.response = wrong_method();
  } else {
    judged.response = give(request, *matched, *target, now);
  }
}

Response Site::give(const Request& request, const Matched& matched, const Target& target, Time now) {
  switch (matched.route->resource) {
    case Resource::Media:
      return give_media(request, matched.rest);
    case Resource::Conversations:
      return give_list(target);
    case Resource::Conversation:
      return give_vcon(request, matched.rest);
    case Resource::Status:
      return give_status(now);
    case Resource::Metrics:
      return give_metrics(now);
  }
  return not_found();
}

Response Site::absent(const std::string& uuid) {
  if (!vconout::is_uuid(uuid) || !conversations_.is_deleted(uuid)) return not_found();
  return refusal(410, "gone", "this was deleted");
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
  const nlohmann::ordered_json status = {{"version", settings_.version},
                                         {"started", to_rfc3339(settings_.started)},
                                         {"uptime", seconds_since(settings_.started, now)},
                                         {"conversations", conversations_.count()},
                                         {"requests", traffic_.requests()}};
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
  return response;
}

}  // namespace tapestry::web
