#include "pause/control_commands.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sipparse/text.h"

namespace tapestry::pause {
namespace {

using sip::equals_ignore_case;
using sip::starts_with_ignore_case;

constexpr std::size_t kLongestMethod = 16;

/// A name as it is; empty when it is too long to be one.
std::string name_of(std::string_view text) {
  return text.size() <= kMaxControlName ? std::string(text) : std::string();
}

bool has(const TextBlock& block, std::string_view name) { return !block.value(name).empty(); }

/// AMI's do; the event socket's commands, whose other lines are fields, do not.
bool begins_with_field(const TextBlock& block) {
  if (block.fields.empty()) return false;
  std::string_view first = block.first;
  return sip::take_until(first, ':') == block.fields.front().name;
}

// --- requests

constexpr std::array kMaskingApps{std::pair<std::string_view, Action>{"record_session_mask", Action::Pause},
                                  std::pair<std::string_view, Action>{"record_session_pause", Action::Pause},
                                  std::pair<std::string_view, Action>{"record_session_unmask", Action::Resume},
                                  std::pair<std::string_view, Action>{"record_session_resume", Action::Resume}};

/// Arguments of `api` and `bgapi`: `uuid_record <uuid> mask|unmask <path>`.
void read_api(std::string_view rest, ControlRequest& request) {
  if (!equals_ignore_case(sip::take_word(rest), "uuid_record")) return;
  const std::string_view target = sip::take_word(rest);
  const std::string_view verb = sip::take_word(rest);
  if (equals_ignore_case(verb, "mask")) request.action = Action::Pause;
  if (equals_ignore_case(verb, "unmask")) request.action = Action::Resume;
  if (!request.action) return;
  request.target = name_of(target);
  request.label = "uuid_record";
}

void read_sendmsg(std::string_view rest, const TextBlock& block, ControlRequest& request) {
  if (!equals_ignore_case(block.value("call-command"), "execute")) return;
  const std::string_view app = block.value("execute-app-name");
  for (const auto& [name, action] : kMaskingApps) {
    if (!equals_ignore_case(app, name)) continue;
    request.action = action;
    request.target = name_of(sip::take_word(rest));
    request.label = name;
  }
}

ControlRequest event_socket_request(const TextBlock& block) {
  ControlRequest request{.dialect = Dialect::EventSocket};
  std::string_view rest = block.first;
  const std::string_view verb = sip::take_word(rest);
  request.job = equals_ignore_case(verb, "bgapi");
  if (request.job || equals_ignore_case(verb, "api")) {
    read_api(rest, request);
  } else if (equals_ignore_case(verb, "sendmsg")) {
    read_sendmsg(rest, block, request);
  }
  return request;
}

/// As the manager reads it: all else mutes.
bool is_false(std::string_view state) {
  constexpr std::array<std::string_view, 6> kFalse{"0", "no", "n", "false", "f", "off"};
  return std::ranges::any_of(kFalse, [state](std::string_view word) { return equals_ignore_case(state, word); });
}

ControlRequest manager_request(const TextBlock& block) {
  ControlRequest request{.dialect = Dialect::Manager, .id = name_of(block.value("ActionID"))};
  const std::string_view action = block.value("Action");
  if (equals_ignore_case(action, "MixMonitorMute")) {
    const std::string_view state = sip::trim(block.value("State"));
    if (!state.empty()) request.action = is_false(state) ? Action::Resume : Action::Pause;
    for (const std::string_view direction : {"read", "write"}) {
      if (equals_ignore_case(sip::trim(block.value("Direction")), direction)) request.direction = direction;
    }
    request.label = "MixMonitorMute";
  } else if (equals_ignore_case(action, "PauseMonitor")) {
    request.action = Action::Pause;
    request.label = "PauseMonitor";
  } else if (equals_ignore_case(action, "UnpauseMonitor")) {
    request.action = Action::Resume;
    request.label = "UnpauseMonitor";
  }
  if (request.action) request.target = name_of(block.value("Channel"));
  return request;
}

/// `GET /path HTTP/1.1`
bool is_request_line(std::string_view line) {
  const std::size_t space = line.substr(0, kLongestMethod + 1).find(' ');
  if (space == std::string_view::npos || space == 0) return false;
  const std::size_t version = line.rfind(" HTTP/1.");
  return version != std::string_view::npos && version > space &&
         std::ranges::all_of(line.substr(0, space), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// --- replies

std::optional<ControlReply> event_socket_reply(const TextBlock& block, std::string_view type) {
  ControlReply reply{.dialect = Dialect::EventSocket};
  if (equals_ignore_case(type, "command/reply")) {
    reply.accepted = block.value("Reply-Text").starts_with("+OK");
    reply.job = name_of(block.value("Job-UUID"));
    return reply;
  }
  if (equals_ignore_case(type, "api/response")) {
    reply.accepted = block.body.starts_with("+OK");
    return reply;
  }
  const bool event = equals_ignore_case(type, "text/event-plain");
  if (!event || value_in(block.body, "Event-Name") != "BACKGROUND_JOB") return std::nullopt;
  reply.job = name_of(value_in(block.body, "Job-UUID"));
  reply.job_done = true;
  const std::size_t blank = block.body.find("\n\n");
  reply.accepted = blank != std::string::npos && std::string_view(block.body).substr(blank + 2).starts_with("+OK");
  return reply;
}

std::optional<ControlReply> http_reply(const TextBlock& block) {
  std::string_view rest = block.first;
  (void)sip::take_word(rest);
  const auto status = sip::parse_number<unsigned>(sip::take_word(rest));
  if (!status || *status < 200) return std::nullopt;
  return ControlReply{.dialect = Dialect::Http, .accepted = *status / 100 == 2};
}

// --- events

int digit_of(char c) noexcept { return sip::is_digit(c) ? c - '0' : sip::lower(c) - 'a' + 10; }

/// Without percent-encoding (RFC 3986 §2.1); what is none stays as it is.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool coded =
        text[at] == '%' && at + 2 < text.size() && sip::is_hex(text[at + 1]) && sip::is_hex(text[at + 2]);
    out += coded ? static_cast<char>(digit_of(text[at + 1]) * 16 + digit_of(text[at + 2])) : text[at];
    at += coded ? 2U : 0U;
  }
  return out;
}

/// Whether the variable of a channel holds its Call-ID: chan_sip's own, or what a dialplan reads from PJSIP.
bool names_call_id(std::string_view variable) {
  if (equals_ignore_case(variable, "SIPCALLID")) return true;
  constexpr std::string_view kName = "call-id";
  if (!starts_with_ignore_case(variable, "PJSIP_HEADER")) return false;
  const auto found = std::ranges::search(variable, kName, {}, sip::lower);
  return !found.empty();
}

}  // namespace

std::optional<ControlRequest> parse_control_request(const TextBlock& block, const Markers& markers) {
  if (is_request_line(block.first)) {
    return ControlRequest{.dialect = Dialect::Http,
                          .label = block.first.substr(0, block.first.find(' ')),
                          .http = markers.read_http(block.first)};
  }
  if (!begins_with_field(block)) return event_socket_request(block);
  if (!has(block, "Action")) return std::nullopt;
  return manager_request(block);
}

std::optional<ControlReply> parse_control_reply(const TextBlock& block) {
  if (block.first.starts_with("HTTP/1.")) return http_reply(block);
  if (const std::string_view type = block.value("Content-Type"); !type.empty()) return event_socket_reply(block, type);
  if (has(block, "Event") || !has(block, "Response")) return std::nullopt;
  return ControlReply{.dialect = Dialect::Manager,
                      .id = name_of(block.value("ActionID")),
                      .accepted = equals_ignore_case(block.value("Response"), "Success")};
}

std::optional<ControlTarget> parse_control_target(const TextBlock& block) {
  ControlTarget told;
  if (equals_ignore_case(block.value("Content-Type"), "text/event-plain")) {
    told.target = name_of(value_in(block.body, "Unique-ID"));
    told.call_id = name_of(decoded(value_in(block.body, "variable_sip_call_id")));
  } else if (equals_ignore_case(block.value("Event"), "VarSet") && names_call_id(block.value("Variable"))) {
    told.target = name_of(block.value("Channel"));
    told.call_id = name_of(block.value("Value"));
  }
  if (told.target.empty() || told.call_id.empty()) return std::nullopt;
  return told;
}

}  // namespace tapestry::pause
