#include "app/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <vector>

#include "app/text.h"
#include "app/timeline.h"
#include "core/time.h"

namespace tapestry::app {
namespace {

using Json = nlohmann::json;

constexpr double kLongest = 10.0 * 366 * 86'400;  // no conversation is longer; keeps times in range

/// Reads what may or may not be there, as text that is safe to print.
class View {
 public:
  View(const Json& vcon, const ShowStyle& style) : vcon_(vcon), style_(style) {}

  [[nodiscard]] std::string run() const;

 private:
  [[nodiscard]] std::string text(const Json& object, const char* key) const;
  [[nodiscard]] std::string party(std::size_t index) const;
  [[nodiscard]] std::string role_or_party(std::size_t index) const;
  [[nodiscard]] std::string parties() const;
  [[nodiscard]] std::string recording(const Json& dialog, std::size_t index) const;
  [[nodiscard]] std::string gaps(const Json& dialog, const Json& list) const;
  [[nodiscard]] std::string events(const Json& dialog) const;
  [[nodiscard]] std::string other_dialog(const Json& dialog) const;
  [[nodiscard]] std::string signalling() const;
  [[nodiscard]] std::string range(Time start, double from, double to) const;
  [[nodiscard]] const Json& gap_list(std::size_t dialog) const;

  const Json& vcon_;
  ShowStyle style_;
};

const Json& list(const Json& object, const char* key) {
  static const Json kEmpty = Json::array();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_array() ? *found : kEmpty;
}

const Json& child(const Json& object, const char* key) {
  static const Json kEmpty = Json::object();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_object() ? *found : kEmpty;
}

std::string raw(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

double number(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_number()) return 0;
  return std::clamp(found->get<double>(), 0.0, kLongest);
}

std::optional<std::size_t> index_of(const Json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::size_t>();
}

std::optional<Time> time_of(const Json& object, const char* key) { return from_rfc3339(raw(object, key)); }

/// Seconds from `start` to the time under `key`; 0 when there is none.
double offset_of(const Json& object, const char* key, Time start) {
  const auto time = time_of(object, key);
  if (!time) return 0;
  // As numbers: the difference of two hostile times need not fit a Duration.
  return std::clamp(to_seconds(time->time_since_epoch()) - to_seconds(start.time_since_epoch()), -kLongest, kLongest);
}

Time later(Time start, double seconds) {
  const Duration step = from_seconds(seconds);
  const bool fits = step.count() >= 0 ? start <= Time::max() - step : start >= Time::min() - step;
  return fits ? start + step : start;
}

std::string clock(double seconds) { return clock_text(from_seconds(seconds), true); }

std::vector<std::size_t> dialog_parties(const Json& dialog) {
  std::vector<std::size_t> indexes;
  const auto single = dialog.is_object() && dialog.contains("parties") ? index_of(dialog["parties"]) : std::nullopt;
  if (single) indexes.push_back(*single);
  for (const Json& entry : list(dialog, "parties")) {
    // A channel may be shared: then the entry is a list, and its first stands for it.
    const Json& first = entry.is_array() && !entry.empty() ? entry.front() : entry;
    if (const auto index = index_of(first)) indexes.push_back(*index);
  }
  return indexes;
}

std::vector<std::size_t> channels_of(const Json& gap) {
  std::vector<std::size_t> channels;
  for (const Json& entry : list(gap, "channels")) {
    if (const auto index = index_of(entry)) channels.push_back(*index);
  }
  return channels;
}

Stretch stretch_of(const std::string& reason) {
  if (reason == "pci") return Stretch::Pause;
  return reason == "hold" ? Stretch::Hold : Stretch::Gap;
}

std::string View::text(const Json& object, const char* key) const { return printable(raw(object, key), style_.utf8); }

std::string View::party(std::size_t index) const {
  const Json& all = list(vcon_, "parties");
  if (index >= all.size()) return "?";
  const Json& one = all[index];
  for (const char* key : {"sip", "tel", "mailto", "name", "uuid"}) {
    if (std::string value = text(one, key); !value.empty()) return value;
  }
  return "?";
}

std::string View::role_or_party(std::size_t index) const {
  const Json& all = list(vcon_, "parties");
  const std::string role = index < all.size() ? text(all[index], "role") : "";
  if (role.empty()) return party(index);
  const auto same = std::ranges::count_if(all, [&](const Json& one) { return text(one, "role") == role; });
  if (same < 2) return role;
  std::string name = party(index);
  name.erase(0, name.find(':') == std::string::npos ? 0 : name.find(':') + 1);
  return role + " " + name.substr(0, name.find('@'));
}

std::string View::parties() const {
  std::string out = "Parties\n";
  std::size_t index = 0;
  for (const Json& one : list(vcon_, "parties")) {
    const std::string name = text(one, "name");
    const std::string address = party(index);
    const std::string type = text(one, "type");
    std::string role = text(one, "role");
    if (role.empty()) role = type.empty() ? "-" : type;
    out += fmt::format("  {}  {}  {}{}\n", index++, fit(role, 12), address,
                       name.empty() || name == address ? "" : "  " + name);
  }
  return out;
}

const Json& View::gap_list(std::size_t dialog) const {
  static const Json kEmpty = Json::array();
  for (const Json& attachment : list(vcon_, "attachments")) {
    const auto found = attachment.is_object() ? attachment.find("dialog") : attachment.end();
    if (!attachment.is_object() || found == attachment.end() || index_of(*found) != dialog) continue;
    if (raw(attachment, "purpose") == "recording-gaps") return list(child(attachment, "body"), "gaps");
  }
  return kEmpty;
}

std::string View::range(Time start, double from, double to) const {
  return fmt::format("{} {} {}  {:.1f} s from {}", clock(from), style_.utf8 ? "–" : "-", clock(to), to - from,
                     date_text(later(start, from)).substr(11));
}

std::string View::recording(const Json& dialog, std::size_t index) const {
  const Time start = time_of(dialog, "start").value_or(Time{});
  const std::vector<std::size_t> channels = dialog_parties(dialog);
  Timeline timeline;
  timeline.seconds = number(dialog, "duration");
  for (const std::size_t one : channels) timeline.rows.push_back({role_or_party(one), {}});
  const Json& gap_entries = gap_list(index);
  for (const Json& gap : gap_entries) {
    const TimelineSpan span{offset_of(gap, "start", start), offset_of(gap, "end", start),
                            stretch_of(raw(gap, "reason"))};
    for (const std::size_t channel : channels_of(gap)) {
      if (channel < timeline.rows.size()) timeline.rows[channel].spans.push_back(span);
    }
  }
  const std::string agent = channels.empty() ? "?" : party(channels.back());
  std::string out = fmt::format("\nRecording of {}: {} UTC, {}\n", agent, date_text(start), clock(timeline.seconds));
  out += draw(timeline, style_.columns, style_.utf8);
  out += gaps(dialog, gap_entries) + events(dialog);
  const std::string url = text(dialog, "url");
  out += url.empty() ? "  media  none\n" : fmt::format("  media  {}  {}\n", text(dialog, "mediatype"), url);
  return out;
}

std::string View::gaps(const Json& dialog, const Json& entries) const {
  const Time start = time_of(dialog, "start").value_or(Time{});
  const std::vector<std::size_t> parties_of_channels = dialog_parties(dialog);
  std::string out;
  for (const Json& gap : entries) {
    std::string who;
    for (const std::size_t channel : channels_of(gap)) {
      if (channel >= parties_of_channels.size()) continue;
      who += (who.empty() ? "" : ", ") + role_or_party(parties_of_channels[channel]);
    }
    const std::string detail = text(gap, "detail");
    out += fmt::format("  gap    {}  {}  {}{}\n", fit(text(gap, "reason"), 13),
                       range(start, offset_of(gap, "start", start), offset_of(gap, "end", start)), who,
                       detail.empty() ? "" : ": " + detail);
  }
  return out;
}

std::string View::events(const Json& dialog) const {
  const Time start = time_of(dialog, "start").value_or(Time{});
  std::string out;
  for (const Json& event : list(dialog, "party_history")) {
    const auto found = event.is_object() ? event.find("party") : event.end();
    const auto index = event.is_object() && found != event.end() ? index_of(*found) : std::nullopt;
    out += fmt::format("  event  {}  {}  {}\n", fit(text(event, "event"), 13), clock(offset_of(event, "time", start)),
                       index ? role_or_party(*index) : "?");
  }
  return out;
}

std::string View::other_dialog(const Json& dialog) const {
  const std::vector<std::size_t> ends = dialog_parties(dialog);
  const std::string arrow = style_.utf8 ? " → " : " -> ";
  const auto start = time_of(dialog, "start");
  if (raw(dialog, "type") == "transfer") {
    const auto name = [&](const char* key) {
      const auto index = dialog.contains(key) ? index_of(dialog[key]) : std::nullopt;
      return index ? party(*index) : std::string("?");
    };
    return fmt::format("\ntransfer of {} by {} to {}{}{}\n", name("transferee"), name("transferor"),
                       name("transfer_target"), start ? ", " + date_text(*start) + " UTC" : "",
                       dialog.contains("consultation") ? ", after a consultation" : "");
  }
  std::string who;
  for (const std::size_t end : ends) who += (who.empty() ? "" : arrow) + party(end);
  const std::string kind = text(dialog, "type");
  const std::string said = text(dialog, kind == "text" ? "body" : "disposition");
  return fmt::format("\n{}{}{}, {}{}\n", kind.empty() ? "dialog" : kind, who.empty() ? "" : " " + who,
                     start ? ", " + date_text(*start) + " UTC" : "", clock(number(dialog, "duration")),
                     said.empty() ? "" : ": " + said);
}

std::string View::signalling() const {
  std::string out;
  for (const Json& attachment : list(vcon_, "attachments")) {
    if (raw(attachment, "purpose") != "call-signalling") continue;
    for (const Json& dialog : list(child(attachment, "body"), "dialogs")) {
      const Json& hops = list(dialog, "hops");
      const auto status = static_cast<int>(number(dialog, "final_status"));
      const std::string ended_by = text(dialog, "ended_by");
      const std::string tag = text(dialog, "to_tag");
      out += fmt::format("  {}{}  {} {}{}{}\n", text(dialog, "call_id"), tag.empty() ? "" : ";to-tag=" + tag,
                         hops.size(), hops.size() == 1 ? "hop" : "hops",
                         status == 0 ? "" : fmt::format(", {} {}", status, text(dialog, "final_reason")),
                         ended_by.empty() ? "" : ", ended by " + ended_by);
      for (const Json& hop : hops) {
        out += fmt::format("    {} {} {} {}\n", text(hop, "source"), style_.utf8 ? "→" : "->", text(hop, "destination"),
                           text(hop, "transport"));
      }
    }
  }
  return out.empty() ? out : "\nSignalling\n" + out;
}

std::string View::run() const {
  std::string out = fmt::format("vCon {}  {}\n\n", text(vcon_, "uuid"), text(vcon_, "created_at"));
  out += parties();
  std::size_t index = 0;
  bool drawn = false;
  for (const Json& dialog : list(vcon_, "dialog")) {
    const bool recorded = raw(dialog, "type") == "recording";
    drawn = drawn || recorded;
    out += recorded ? recording(dialog, index) : other_dialog(dialog);
    ++index;
  }
  if (drawn) out += "\n  " + timeline_legend(style_.utf8) + "\n";
  return out + signalling();
}

}  // namespace

std::string show(std::string_view vcon, const ShowStyle& style) {
  const Json parsed = Json::parse(vcon, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("uuid")) throw std::runtime_error("this is no vCon");
  return View(parsed, style).run();
}

}  // namespace tapestry::app
