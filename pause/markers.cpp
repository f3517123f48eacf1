#include "pause/markers.h"

#include <algorithm>

#include "sipparse/body.h"
#include "sipparse/text.h"

namespace tapestry::pause {
namespace {

/// Longer bodies carry no marker.
constexpr std::size_t kMaxBody = 64U << 10U;

std::optional<Pattern> compile(const std::string& expression) {
  if (expression.empty()) return std::nullopt;
  return Pattern("(?i)" + expression);
}

bool matches(const std::optional<Pattern>& pattern, std::string_view text) { return pattern && pattern->matches(text); }

/// The surer one: a value that could mean both pauses.
std::optional<Action> surer(std::optional<Action> one, std::optional<Action> another) {
  if (!one || !another) return one ? one : another;
  return std::min(*one, *another);
}

}  // namespace

Markers::Markers(std::vector<MarkerRule> rules) : rules_(std::move(rules)) {
  for (const MarkerRule& rule : rules_) {
    compiled_.push_back({.method = compile(rule.method),
                         .body_type = compile(rule.body_type),
                         .pause = compile(rule.pause),
                         .resume = compile(rule.resume),
                         .toggle = compile(rule.toggle),
                         .http_pause = compile(rule.http_pause),
                         .http_resume = compile(rule.http_resume),
                         .destination = compile(rule.destination)});
    keys_resume_ = keys_resume_ || !rule.dtmf_resume.empty() || !rule.dtmf_toggle.empty();
    have_codes_ = have_codes_ || keys_resume_ || !rule.dtmf_pause.empty();
    name_hosts_ = name_hosts_ || rule.destination_ip;
  }
}

const MarkerRule* Markers::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(rules_, name, &MarkerRule::name);
  return found == rules_.end() ? nullptr : &*found;
}

const MarkerRule* Markers::find(Kind kind) const noexcept {
  const auto found = std::ranges::find(rules_, kind, &MarkerRule::kind);
  return found == rules_.end() ? nullptr : &*found;
}

std::optional<Action> Markers::asked(std::size_t rule, std::string_view text) const {
  const Compiled& compiled = compiled_[rule];
  if (matches(compiled.pause, text)) return Action::Pause;
  if (matches(compiled.resume, text)) return Action::Resume;
  if (matches(compiled.toggle, text)) return Action::Toggle;
  return std::nullopt;
}

std::optional<Action> Markers::asked(std::size_t rule, const sip::Message& message) const {
  const Compiled& compiled = compiled_[rule];
  if (compiled.method && (!message.request || !compiled.method->matches(message.method))) return std::nullopt;
  std::optional<Action> action;
  if (!rules_[rule].header.empty()) {
    for (const sip::Header& header : message.headers) {
      if (header.is_named(rules_[rule].header)) action = surer(action, asked(rule, sip::unfolded(header.value)));
    }
  }
  if (!compiled.body_type || message.body.empty()) return action;
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (part.bytes.size() > kMaxBody || !compiled.body_type->matches(part.type)) continue;
    action = surer(action, asked(rule, as_text(part.bytes)));
  }
  return action;
}

std::vector<Sighting> Markers::read(const sip::Message& message) const {
  std::vector<Sighting> found;
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    if (const auto action = asked(rule, message)) found.push_back({name_of(rules_[rule]), *action});
  }
  return found;
}

bool Markers::is_destination(std::size_t rule, std::string_view uri) const {
  return matches(compiled_[rule].destination, uri);
}

std::vector<Sighting> Markers::read_http(std::string_view request_line) const {
  std::vector<Sighting> found;
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    if (matches(compiled_[rule].http_pause, request_line)) {
      found.push_back({name_of(rules_[rule]), Action::Pause});
    } else if (matches(compiled_[rule].http_resume, request_line)) {
      found.push_back({name_of(rules_[rule]), Action::Resume});
    }
  }
  return found;
}

}  // namespace tapestry::pause
