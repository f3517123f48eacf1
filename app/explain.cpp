#include "app/explain.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "app/captures.h"
#include "app/key_log.h"
#include "app/pipeline.h"
#include "app/report.h"
#include "app/text.h"
#include "vconout/signalling.h"

namespace tapestry::app {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? printable(found->get<std::string>()) : "";
}

const Json& list(const Json& object, const char* key) {
  static const Json kEmpty = Json::array();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_array() ? *found : kEmpty;
}

std::string links(const Json& signalling, bool joined) {
  std::string out;
  for (const Json& link : list(signalling, "links")) {
    const bool is_joined = link.is_object() && link.value("joined", Json(false)) == Json(true);
    if (is_joined != joined) continue;
    const Json strength = link.is_object() ? link.value("strength", Json(0)) : Json(0);
    out += fmt::format("  {}  {:>3}  {}\n{:21}{} - {}\n", fit(text(link, "kind"), 14),
                       strength.is_number() ? strength.get<int>() : 0, text(link, "evidence"), "",
                       text(link, "call_id"), text(link, "other_call_id"));
  }
  if (out.empty()) return out;
  return (joined ? "Joined by (kind, strength of 100, evidence)\n" : "Left apart, in spite of\n") + out;
}

std::string supervision(const Json& signalling) {
  std::string out;
  for (const Json& one : list(signalling, "supervision")) {
    out += fmt::format("  {}  {}  {} to {}, {}\n", fit(text(one, "kind"), 8), text(one, "party"), text(one, "from"),
                       text(one, "to"), text(one, "evidence"));
  }
  return out.empty() ? out : "Supervision (what, by whom, when, why)\n" + out;
}

std::string explain(const Json& signalling, const std::string& title) {
  std::string out = title + "\nCalls\n";
  for (const Json& dialog : list(signalling, "dialogs")) {
    const std::string answered = text(dialog, "answered");
    const std::string reason = text(dialog, "final_reason");
    out += fmt::format("  {}  invited {}{}{}\n", text(dialog, "call_id"), text(dialog, "invited"),
                       answered.empty() ? "" : ", answered " + answered,
                       answered.empty() && !reason.empty() ? ", " + reason : "");
    for (const Json& key : list(dialog, "keys")) {
      out += fmt::format("    {}  {}\n", fit(text(key, "kind"), 12), text(key, "value"));
    }
  }
  const std::string together = links(signalling, true);
  out += together.empty() ? "One call by itself: nothing links it to another\n" : together;
  return out + links(signalling, false) + supervision(signalling);
}

/// Writes down each conversation; keeps no media.
class Explainer final : public calls::Output {
 public:
  explicit Explainer(std::ostream& out) : out_(out) {}
  void keep(calls::TrackId, const rtp::Chunk&) override {}
  void discard(calls::TrackId) override {}
  void erase(calls::TrackId, Time, Time) override {}
  void marker(const calls::MarkerReport&) override {}
  void advanced(Time) override {}
  void stream_ended(const calls::StreamReport&) override {}
  void closed(calls::Interaction&& interaction) override {
    std::string title = fmt::format("Conversation {}", interaction.number);
    for (const calls::Party& party : interaction.parties)
      title +=
          fmt::format("\n  {}  {}", fit(std::string(calls::to_string(party.role)), 12), printable(party_label(party)));
    out_ << (interaction.number == 1 ? "" : "\n") << explain(vconout::signalling_of(interaction), title);
  }

 private:
  std::ostream& out_;
};

}  // namespace

std::string explain_vcon(std::string_view vcon) {
  const Json parsed = Json::parse(vcon, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("uuid")) throw std::runtime_error("this is no vCon");
  std::string title = "vCon " + text(parsed, "uuid");
  for (const Json& party : list(parsed, "parties")) {
    const std::string role = text(party, "role");
    const std::string sip = text(party, "sip");
    if (!role.empty()) title += fmt::format("\n  {}  {}", fit(role, 12), sip.empty() ? text(party, "name") : sip);
  }
  std::string out;
  for (const Json& attachment : list(parsed, "attachments")) {
    if (text(attachment, "purpose") != "call-signalling" || !attachment.contains("body")) continue;
    out +=
        out.empty() ? explain(attachment["body"], title) : explain(attachment["body"], "\nAdded when it was amended");
  }
  if (out.empty()) throw std::runtime_error("the vCon has no call-signalling attachment");
  return out;
}

int explain_captures(const std::vector<std::string>& files, const Config& config, std::ostream& out,
                     std::ostream& err) {
  std::optional<tls::KeyLog> keys;
  open_key_log(config, keys);
  Explainer explainer(out);
  Pipeline pipeline(config.rules, explainer, keys ? &*keys : nullptr);
  Captures captures(files);
  capture::Frame frame;
  while (captures.next(frame)) pipeline.add(frame);
  pipeline.finish();
  int status = 0;
  for (const CaptureReport& capture : captures.reports()) {
    if (!capture.info.damage) continue;
    err << fmt::format("tapestry: {}: {}\n", printable(capture.info.file), printable(capture.info.damage->what));
    status = 1;
  }
  return status;
}

bool is_vcon(const std::string& file) {
  std::ifstream in(file);
  char first = 0;
  return (in >> first) && first == '{';
}

}  // namespace tapestry::app
