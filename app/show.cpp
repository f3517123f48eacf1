#include "app/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

#include "app/json_view.h"
#include "app/text.h"
#include "app/timeline.h"
#include "core/time.h"

namespace tapestry::app {
namespace {

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
  [[nodiscard]] std::string pause(const Json& gap) const;
  [[nodiscard]] std::string media(const Json& dialog) const;
  [[nodiscard]] bool is_member(const Json& dialog) const;
  [[nodiscard]] std::string suspicion() const;
  [[nodiscard]] std::string events(const Json& dialog) const;
  [[nodiscard]] std::string other_dialog(const Json& dialog) const;
  [[nodiscard]] std::string signalling() const;
  [[nodiscard]] std::string range(Time start, double from, double to) const;
  [[nodiscard]] const Json& gap_list(std::size_t dialog) const;

  const Json& vcon_;
  ShowStyle style_;
};

std::string clock(double seconds) { return clock_text(from_seconds(seconds), true); }

std::vector<std::size_t> dialog_parties(const Json& dialog) {
  std::vector<std::size_t> indexes;
  if (const auto single = index_of(dialog, "parties")) indexes.push_back(*single);
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

/// What is drawn is audio: that video was not recorded takes none of it away.
bool is_of_audio(const Json& gap) {
  const Json& media = list(gap, "media");
  return media.empty() || std::ranges::find(media, "audio") != media.end();
}

Stretch stretch_of(const std::string& reason) {
  if (reason == "pci" || reason == "policy") return Stretch::Pause;
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
    if (index_of(attachment, "dialog") != dialog) continue;
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
    if (!is_of_audio(gap)) continue;
    const TimelineSpan span{offset_of(gap, "start", start), offset_of(gap, "end", start),
                            stretch_of(raw(gap, "reason"))};
    // Of what has no channels, as nothing of it was recorded, the gap is everybody's.
    const std::vector<std::size_t> of_gap = channels_of(gap);
    for (std::size_t channel = 0; channel < timeline.rows.size(); ++channel) {
      if (of_gap.empty() || std::ranges::find(of_gap, channel) != of_gap.end())
        timeline.rows[channel].spans.push_back(span);
    }
  }
  const std::string of = channels.empty() ? "" : " of " + party(channels.back());
  std::string out = fmt::format("\nRecording{}: {} UTC, {}\n", of, date_text(start), clock(timeline.seconds));
  if (!channels.empty()) out += draw(timeline, style_.columns, style_.utf8);
  out += gaps(dialog, gap_entries) + events(dialog);
  return out + media(dialog);
}

/// A set's media is that of its members, in order.
std::string View::media(const Json& dialog) const {
  const std::string url = text(dialog, "url");
  if (!url.empty()) return fmt::format("  media  {}  {}\n", text(dialog, "mediatype"), url);
  if (raw(dialog, "type") != "recording-set") return "  media  none\n";
  const Time start = time_of(dialog, "start").value_or(Time{});
  const Json& all = list(vcon_, "dialog");
  std::string out;
  for (const Json& entry : list(dialog, "recordings")) {
    const auto index = index_of(entry);
    if (!index || *index >= all.size()) continue;
    const Json& member = all[*index];
    const double from = offset_of(member, "start", start);
    const std::string file = text(member, "url");
    out += fmt::format("  media  {}  {}\n", range(start, from, from + number(member, "duration")),
                       file.empty() ? "not recorded" : text(member, "mediatype") + "  " + file);
  }
  return out;
}

/// It is drawn with its set.
bool View::is_member(const Json& dialog) const {
  const auto set = index_of(dialog, "recording_set");
  const Json& all = list(vcon_, "dialog");
  return set && *set < all.size() && raw(all[*set], "type") == "recording-set";
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
                       detail.empty() || who.empty() ? detail : ": " + detail);
    out += pause(gap);
  }
  return out;
}

/// What asked for a pause, and what ended it.
std::string View::pause(const Json& gap) const {
  const std::string ended = text(gap, "closed_by");
  if (ended.empty()) return {};
  const auto mark = [&](const char* key) {
    const Json& one = child(gap, key);
    const std::string from = text(one, "from");
    const auto at = time_of(one, "at");
    return fmt::format("{} ({}{}){}", text(one, "rule"), text(one, "message"), from.empty() ? "" : " from " + from,
                       at ? " at " + date_text(*at).substr(11) : "");
  };
  return fmt::format("         paused by {}, ended by {}\n", mark("pause"),
                     gap.contains("resume") ? mark("resume") : ended);
}

std::string View::suspicion() const {
  std::string out;
  for (const Json& attachment : list(vcon_, "attachments")) {
    if (raw(attachment, "purpose") != "pci-suspected") continue;
    const Json& body = child(attachment, "body");
    out += fmt::format("\nCard data is suspected{}\n",
                       body.contains("quarantined") ? "; the media was written into quarantine" : "");
    for (const Json& one : list(body, "times")) {
      const auto start = time_of(one, "start");
      const auto end = time_of(one, "end");
      out += fmt::format("  {} {} {}  {}\n", start ? date_text(*start) : "?", style_.utf8 ? "–" : "-",
                         end ? date_text(*end) : "?", text(one, "by"));
    }
  }
  return out;
}

std::string View::events(const Json& dialog) const {
  const Time start = time_of(dialog, "start").value_or(Time{});
  std::string out;
  for (const Json& event : list(dialog, "party_history")) {
    const auto index = index_of(event, "party");
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
      const auto index = index_of(dialog, key);
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
    const std::string kind = raw(dialog, "type");
    const bool recorded = kind == "recording" || kind == "recording-set";
    drawn = drawn || recorded;
    if (!is_member(dialog)) out += recorded ? recording(dialog, index) : other_dialog(dialog);
    ++index;
  }
  if (drawn) out += "\n  " + timeline_legend(style_.utf8) + "\n";
  return out + suspicion() + signalling();
}

}  // namespace

std::string show(std::string_view vcon, const ShowStyle& style) {
  const Json parsed = Json::parse(vcon, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("uuid")) throw std::runtime_error("this is no vCon");
  return View(parsed, style).run();
}

}  // namespace tapestry::app
