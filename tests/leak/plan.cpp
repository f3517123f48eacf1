#include "tests/leak/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tapestry::leak {
namespace {

constexpr double kReinvite = 0.05;

bool is_info(Rule rule) { return rule != Rule::Attribute && rule != Rule::Codes; }

/// When a resume that is sent at `at` counts.
double effective(Rule rule, double at) {
  if (rule == Rule::Codes) return at + scenes::length_of("*92", kCodeTimes);
  return at + (rule == Rule::Attribute ? kReinvite : kReplySeconds);
}

/// A rule's pause, from marker to marker; an open one lasts until `end`.
Span add_pause(Plan& plan, Dice& dice, Rule rule, double from, double to, double end) {
  const bool any_side = rule == Rule::Privacy;
  Asked pause{.rule = rule, .at = from, .by_customer = any_side && dice.chance(50), .variant = dice.chance(50)};
  if (is_info(rule)) {
    constexpr std::array kStatus{"200 OK", "200 OK", "403 Forbidden", "481 Call/Transaction Does Not Exist", ""};
    pause.status = kStatus.at(dice.number(kStatus.size()));
    if (dice.chance(40) && from + 0.5 < to) pause.again.push_back(from + 0.5);
    if (dice.chance(25) && to + 0.6 < end) pause.again.push_back(to + 0.6);
  }
  if (dice.chance(30) && from + 0.6 < to) pause.refreshed = from + 0.4;
  plan.asked.push_back(pause);
  if (is_info(rule) && !any_side && dice.chance(30) && from + 0.8 < to) {
    plan.asked.push_back({.rule = rule, .pauses = false, .at = from + 0.3, .by_customer = true});
  }
  if (is_info(rule) && dice.chance(40) && from + 0.8 < to) {
    constexpr std::array kRefused{"403 Forbidden", "481 Call/Transaction Does Not Exist", "603 Decline", ""};
    plan.asked.push_back(
        {.rule = rule, .pauses = false, .at = to - 0.3, .status = kRefused.at(dice.number(kRefused.size()))});
  }
  if (to >= end) return {from, end};
  plan.asked.push_back({.rule = rule, .pauses = false, .at = to, .by_customer = any_side, .variant = pause.variant});
  return {from, effective(rule, to)};
}

}  // namespace

Plan plan_of(Dice& dice, double from, double end, bool codes) {
  const unsigned rules = codes ? 6 : 5;
  constexpr double kLongest = 4;
  constexpr double kAfter = 1.4;
  Plan plan;
  double at = from + dice.part();
  while (at + 1.5 < end && plan.paused.size() < 3) {
    const Rule rule = static_cast<Rule>(dice.number(rules));
    const bool never = dice.chance(10);
    const double to = never ? end + 1 : std::min(at + 1 + (kLongest - 1) * dice.part(), end - 0.5);
    Span span = add_pause(plan, dice, rule, at, to, end);
    if (!never && dice.chance(30)) {
      const Rule second = static_cast<Rule>((static_cast<unsigned>(rule) + 1 + dice.number(rules - 1)) % rules);
      const double begins = at + 0.6 + (to - at - 0.6) * 0.5 * dice.part();
      const double ends = std::min(to + 0.7, end - 0.4);
      if (begins + 0.8 < ends) span.to = std::max(span.to, add_pause(plan, dice, second, begins, ends, end).to);
    }
    plan.paused.push_back(span);
    at = span.to + kAfter + dice.part();
  }
  return plan;
}

std::string story_of(const Plan& plan) {
  constexpr std::array kNames{"Record", "X-Pay", "X-AC-Action", "X-Privacy", "a=record", "star codes"};
  std::string text;
  for (const Asked& one : plan.asked) {
    text += fmt::format("  {:.3f} {} {} by the {}, {}\n", one.at, kNames.at(static_cast<std::size_t>(one.rule)),
                        one.pauses ? "pauses" : "resumes", one.by_customer ? "customer" : "agent",
                        one.status.empty() ? "unanswered" : one.status);
    for (const double again : one.again) text += fmt::format("  {:.3f} the same again\n", again);
    if (one.refreshed > 0) text += fmt::format("  {:.3f} a re-INVITE by the customer\n", one.refreshed);
  }
  for (const Span& span : plan.paused) text += fmt::format("  paused {:.3f}..{:.3f}\n", span.from, span.to);
  return text;
}

std::string header_of(const Asked& asked) {
  switch (asked.rule) {
    case Rule::Pay:
      return asked.pauses ? "X-Pay: begin" : "X-Pay: end";
    case Rule::Privacy:
      return asked.pauses ? "X-Privacy: on" : "X-Privacy: off";
    case Rule::AudioCodes: {
      const std::string action =
          asked.variant ? (asked.pauses ? "stop" : "start") : (asked.pauses ? "pause" : "resume");
      return "X-AC-Action: " + action + "-siprec;recording-ip-group=SRS1";
    }
    default:
      return asked.pauses ? "Record: off" : "Record: on";
  }
}

}  // namespace tapestry::leak
