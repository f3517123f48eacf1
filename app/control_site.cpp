#include "app/control_site.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/card_numbers.h"
#include "web/manners.h"

namespace tapestry::app {
namespace {

using Json = nlohmann::ordered_json;

/// What came from the wire may be no UTF-8.
std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

web::Response refusal_of(ControlFault fault) {
  switch (fault) {
    case ControlFault::Full:
      return web::refusal(503, "busy", "too many requests wait; nothing was done");
    case ControlFault::Late:
      return web::refusal(503, "late", "the service did not come to it in time; nothing was done");
    case ControlFault::Closed:
      return web::refusal(503, "ending", "the service ends; nothing was done");
  }
  return web::refusal(503, "unavailable", "this cannot be answered now");
}

web::Response response_of(const calls::PauseAnswer& answer, bool safe) {
  switch (answer.outcome) {
    case calls::PauseOutcome::Done:
      break;
    case calls::PauseOutcome::NoSuchCall:
      return web::refusal(404, "no_such_call", "no open call is meant by that");
    case calls::PauseOutcome::OtherRequest:
      return web::refusal(409, "request_id_used", "another command had this request_id; nothing was done");
    case calls::PauseOutcome::StillPaused:
      return web::refusal(409, "still_paused", "a marker still keeps it paused; /v1/calls tells which");
    case calls::PauseOutcome::Refused:
      return web::refusal(409, "not_paused", "it could not be paused");
  }
  return web::json_response(text_of({{"effective", answer.effective},
                                     {"state", answer.why},
                                     {"since", to_rfc3339(answer.since)},
                                     {"call_ids", answer.call_ids},
                                     {"durable", safe}}));
}

Json json_of(const calls::LiveConversation& conversation) {
  Json pauses = Json::array();
  for (const calls::LivePause& pause : conversation.pauses) {
    pauses.push_back({{"by", mask_card_numbers(pause.by)},
                      {"reason", pause.reason},
                      {"from", pause.from},
                      {"since", to_rfc3339(pause.since)},
                      {"call_id", pause.call_id}});
  }
  Json holds = Json::array();
  for (const calls::LiveHold& hold : conversation.holds) {
    holds.push_back({{"by", hold.by}, {"since", to_rfc3339(hold.since)}});
  }
  Json parties = Json::array();
  for (const calls::LiveParty& party : conversation.parties) {
    parties.push_back({{"role", calls::to_string(party.role)}, {"uri", party.uri}});
  }
  return {{"conversation", conversation.number},
          {"interaction_id", conversation.interaction_id},
          {"start", to_rfc3339(conversation.start)},
          {"state", calls::to_string(conversation.state)},
          {"pauses", std::move(pauses)},
          {"holds", std::move(holds)},
          {"parties", std::move(parties)},
          {"call_ids", conversation.call_ids}};
}

web::Response response_of(const calls::LivePage& page) {
  Json conversations = Json::array();
  for (const calls::LiveConversation& one : page.conversations) conversations.push_back(json_of(one));
  return web::json_response(text_of({{"calls", std::move(conversations)}, {"more", page.more}}));
}

/// Nothing when a parameter is unknown or wrong.
std::optional<calls::LiveQuery> query_of(const web::Target& target) {
  calls::LiveQuery query;
  for (const auto& [name, text] : target.query) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (name == "after") {
      query.after = value;
    } else if (name == "limit" && value >= 1 && value <= calls::kMostLive) {
      query.limit = value;
    } else {
      return std::nullopt;
    }
  }
  return query;
}

/// Who gives a command; nothing when the field that tells it is not plain text.
std::optional<std::string> giver_of(const web::Request& request) {
  const std::string user = request.user ? fmt::format("uid {}", *request.user) : request.peer;
  const auto by = web::find_field(request.fields, kByField);
  if (!by) return user;
  const bool plain =
      !by->empty() && by->size() <= kMostBy && std::ranges::all_of(*by, [](char c) { return c >= ' ' && c < '\x7f'; });
  if (!plain) return std::nullopt;
  return fmt::format("{}, by {}", *by, user);
}

/// Nothing when the field is no time.
std::optional<Time> until_of(const web::Request& request) {
  const auto until = web::find_field(request.fields, kUntilField);
  return until ? from_rfc3339(*until) : Time::max();
}

calls::PauseCommand command_of(const web::PauseBody& body, bool is_resume, std::string by, Time now) {
  calls::PauseCommand command;
  command.id = body.request_id;
  command.action = is_resume ? pause::Action::Resume : pause::Action::Pause;
  std::string& target = body.target == web::PauseBody::Target::Agent  ? command.agent
                        : body.target == web::PauseBody::Target::Call ? command.call_id
                                                                      : command.interaction_id;
  target = body.name;
  command.number = body.number;
  command.by = std::move(by);
  command.reason = body.reason;
  if (body.seconds) command.longest = std::chrono::seconds(*body.seconds);
  command.given = now;
  return command;
}

}  // namespace

web::Response ControlSite::command(const web::Request& request, bool is_resume, Time now) {
  auto body = web::pause_body_of(request, is_resume ? web::Resource::Resume : web::Resource::Pause);
  if (!body) return std::move(body.error());
  auto by = giver_of(request);
  if (!by) return web::refusal(400, "bad_request", "the field Tapestry-By must be up to 256 octets of plain text");
  const auto until = until_of(request);
  if (!until) return web::refusal(400, "bad_request", "the field Tapestry-Until must be a time");
  if (*until - 2 * patience_ < now) return refusal_of(ControlFault::Late);
  const auto answer = queue_.ask(command_of(*body, is_resume, std::move(*by), now), patience_);
  if (!answer) return refusal_of(answer.error());
  const auto& done = std::get<calls::PauseAnswer>(*answer);
  const bool safe = done.outcome == calls::PauseOutcome::Done && safe_ && safe_();
  return response_of(done, safe);
}

web::Response ControlSite::judge(const web::Request& request, Time now) {
  const auto target = web::parse_target(request.target);
  const auto matched = target ? web::match(target->path, "") : std::nullopt;
  const web::Route* route = matched ? matched->route : nullptr;
  if (auto wrong = web::malformed(request, target, route)) return std::move(*wrong);
  if (route == nullptr) return web::not_found();
  if (auto wrong = web::wrong_method(request, *route)) return std::move(*wrong);
  switch (route->resource) {
    case web::Resource::Pause:
    case web::Resource::Resume:
      return command(request, route->resource == web::Resource::Resume, now);
    case web::Resource::Calls: {
      const auto query = query_of(*target);
      if (!query) return web::refusal(400, "bad_request", "only after and limit (1 to 200) are known here");
      const auto answer = queue_.ask(*query, patience_);
      return answer ? response_of(std::get<calls::LivePage>(*answer)) : refusal_of(answer.error());
    }
    case web::Resource::Status:
    case web::Resource::Metrics: {
      const auto answer = queue_.ask(StatusRequest{}, patience_);
      if (!answer) return refusal_of(answer.error());
      const auto& status = std::get<ServiceStatus>(*answer);
      if (route->resource == web::Resource::Status) return web::json_response(to_json(status));
      web::Response response = web::json_response(to_prometheus(status));
      response.fields.front().value = "text/plain; version=0.0.4; charset=utf-8";
      return response;
    }
    default:
      return web::not_found();
  }
}

web::Response ControlSite::answer(const web::Request& request, Time now) {
  web::Response response = judge(request, now);
  web::add_guards(request, response);
  return response;
}

}  // namespace tapestry::app
