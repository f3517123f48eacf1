#include "web/pause_body.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace tapestry::web {
namespace {

using Json = nlohmann::ordered_json;
using Fault = std::unexpected<std::string>;

constexpr std::array kTargets{PauseBody::Target::Agent, PauseBody::Target::Call, PauseBody::Target::Conversation};

/// Nothing when the text is no flat object whose keys are there once.
std::optional<Json> flat_object(std::string_view text) {
  std::set<std::string> keys;
  bool flat = true;
  const auto look = [&](int depth, Json::parse_event_t event, Json& parsed) {
    const bool begins = event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
    if (depth > 0 && begins) flat = false;
    if (event == Json::parse_event_t::key) flat = keys.insert(parsed.get<std::string>()).second && flat;
    return flat;
  };
  Json object = Json::parse(text, look, false);
  if (!flat || !object.is_object()) return std::nullopt;
  return object;
}

bool is_plain(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

bool is_word(std::string_view text, std::size_t most, std::string_view more) {
  return !text.empty() && text.size() <= most && std::ranges::all_of(text, [more](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
  });
}

bool has_target(const PauseBody& body) { return !body.name.empty() || body.number != 0; }

void read_target(const Json& value, PauseBody::Target target, PauseBody& body) {
  using enum PauseBody::Target;
  const bool number = target == Conversation && value.is_number_unsigned();
  body.target = target == Conversation && !number ? Interaction : target;
  if (number) body.number = value.get<std::uint64_t>();
  if (value.is_string() && is_plain(value.get_ref<const std::string&>(), kMostPauseName))
    body.name = value.get<std::string>();
}

/// What is wrong; empty when all is well.
std::string read_key(const std::string& key, const Json& value, bool is_resume, PauseBody& body) {
  const auto target = std::ranges::find(kTargets, key, [](PauseBody::Target one) { return to_string(one); });
  if (target != kTargets.end()) {
    if (has_target(body)) return "only one of agent, call and conversation can be given";
    read_target(value, *target, body);
    if (has_target(body)) return {};
    return std::string(to_string(*target)) + " must be text of 1 to 256 octets" +
           (*target == PauseBody::Target::Conversation ? ", or a number" : "");
  }
  if (key == "request_id") {
    constexpr std::string_view kMore = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:";
    const bool good = value.is_string() && is_word(value.get_ref<const std::string&>(), kMostRequestId, kMore);
    if (good) body.request_id = value.get<std::string>();
    return good ? "" : "request_id must be 1 to 128 letters, digits, or any of - _ . :";
  }
  if (key == "reason" && !is_resume) {
    const bool good = value.is_string() && is_word(value.get_ref<const std::string&>(), kMostReason, "-");
    if (good) body.reason = value.get<std::string>();
    return good ? "" : "reason must be 1 to 32 small letters, digits or dashes";
  }
  if (key == "seconds" && !is_resume) {
    const bool good = value.is_number_unsigned() && value.get<std::uint64_t>() >= 1 &&
                      value.get<std::uint64_t>() <= kMostPauseSeconds;
    if (good) body.seconds = value.get<std::uint32_t>();
    return good ? "" : "seconds must be a whole number from 1 to 86400";
  }
  return is_resume ? "only agent, call, conversation and request_id are known here"
                   : "only agent, call, conversation, reason, seconds and request_id are known here";
}

}  // namespace

std::string_view to_string(PauseBody::Target target) noexcept {
  switch (target) {
    case PauseBody::Target::Agent:
      return "agent";
    case PauseBody::Target::Call:
      return "call";
    case PauseBody::Target::Conversation:
    case PauseBody::Target::Interaction:
      return "conversation";
  }
  return {};
}

std::expected<PauseBody, std::string> parse_pause_body(std::string_view text, bool is_resume) {
  if (text.size() > kMostContent) return Fault("the content is too long");
  const auto object = flat_object(text);
  if (!object) return Fault("the content must be one JSON object of texts and numbers, each key once");
  PauseBody body;
  for (const auto& [key, value] : object->items()) {
    if (std::string fault = read_key(key, value, is_resume, body); !fault.empty()) return Fault(std::move(fault));
  }
  if (!has_target(body)) return Fault("one of agent, call and conversation must be given");
  return body;
}

std::string to_json(const PauseBody& body, bool is_resume) {
  const bool number = body.target == PauseBody::Target::Conversation;
  Json object{{std::string(to_string(body.target)), number ? Json(body.number) : Json(body.name)}};
  if (!is_resume) object["reason"] = body.reason;
  if (!is_resume && body.seconds) object["seconds"] = *body.seconds;
  if (!body.request_id.empty()) object["request_id"] = body.request_id;
  return object.dump();
}

}  // namespace tapestry::web
