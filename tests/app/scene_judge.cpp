#include "tests/app/scene_judge.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "core/time.h"
#include "tests/app/scene_audio.h"
#include "tests/app/temporary_folder.h"
#include "verify/verify.h"

namespace tapestry::testing {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr double kStartSlack = 0.5;
constexpr double kEndSlack = 0.6;
constexpr double kGapSlack = 0.4;
constexpr double kPauseSlack = 0.03;
constexpr double kCorrelation = 0.85;

std::string plain(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view scheme : {"sip:", "sips:", "tel:"}) {
    if (text.starts_with(scheme)) text.erase(0, scheme.size());
  }
  return text.substr(0, text.find_first_of(";?"));
}

bool same(const Json& party, const std::string& uri) {
  const auto user = [](const std::string& text) { return text.substr(0, text.find('@')); };
  return std::ranges::any_of(std::array{"sip", "tel"}, [&](const char* key) {
    return party.contains(key) && user(plain(party.at(key))) == user(plain(uri));
  });
}

/// Indices in a dialog's parties entry: a number, null, or an array of numbers.
std::vector<std::size_t> flat(const Json& value) {
  if (value.is_number()) return {value.get<std::size_t>()};
  std::vector<std::size_t> all;
  if (value.is_array()) {
    for (const Json& inner : value) std::ranges::copy(flat(inner), std::back_inserter(all));
  }
  return all;
}

/// One conversation against one vCon; the faults gather in it.
class Judgement {
 public:
  Judgement(const scenes::Truth& truth, const scenes::Conversation& wanted, const Json& vcon, fs::path out)
      : truth_(truth), wanted_(wanted), vcon_(vcon), out_(std::move(out)) {}

  std::vector<std::string> run() {
    judge_parties();
    for (const scenes::Recording& recording : wanted_.recordings) judge_recording(recording);
    judge_rest();
    for (const scenes::Transfer& transfer : wanted_.transfers) judge_transfer(transfer);
    judge_history();
    return std::move(faults_);
  }

 private:
  [[nodiscard]] double when(const Json& text) const {
    const auto time = from_rfc3339(text.get<std::string>());
    return time ? to_seconds(*time - Time{} - from_seconds(truth_.start)) : -1e9;
  }
  [[nodiscard]] const Json& parties() const { return vcon_.at("parties"); }
  [[nodiscard]] const Json& dialogs() const { return vcon_.at("dialog"); }
  [[nodiscard]] bool is_party(const Json& number, const std::string& uri) const {
    return number.is_number() && number.get<std::size_t>() < parties().size() &&
           same(parties()[number.get<std::size_t>()], uri);
  }
  static bool is_recording(const Json& dialog) { return dialog.at("type") == "recording" && dialog.contains("url"); }
  void fault(std::string text) { faults_.push_back(std::move(text)); }

  void judge_parties();
  void judge_recording(const scenes::Recording& wanted);
  void judge_times(const scenes::Recording& wanted, const Json& dialog);
  void judge_gaps(const scenes::Recording& wanted, std::size_t dialog);
  void judge_transfer(const scenes::Transfer& wanted);
  void judge_history();
  void judge_rest();
  void judge_absence();
  [[nodiscard]] std::vector<std::size_t> recordings_of(const scenes::Recording& wanted) const;
  [[nodiscard]] std::vector<scenes::Gap> gaps_of(std::size_t dialog) const;

  const scenes::Truth& truth_;
  const scenes::Conversation& wanted_;
  const Json& vcon_;
  fs::path out_;
  std::set<std::size_t> used_;
  std::vector<std::string> faults_;
};

void Judgement::judge_parties() {
  for (const scenes::Party& party : wanted_.parties) {
    const auto found = std::ranges::find_if(parties(), [&](const Json& p) { return same(p, party.uri); });
    if (found == parties().end()) {
      fault("no party " + party.uri);
    } else if (!party.role.empty() && found->value("role", "") != party.role) {
      fault(fmt::format("{} is '{}', not '{}'", party.uri, found->value("role", ""), party.role));
    }
  }
  for (const std::string& bot : wanted_.bots) {
    const auto is_bot = [&](const Json& p) { return same(p, bot) && p.value("type", "") == "bot"; };
    if (std::ranges::none_of(parties(), is_bot)) fault("no party " + bot + " of type bot");
  }
  for (const std::string& uri : wanted_.absent) {
    if (std::ranges::any_of(parties(), [&](const Json& p) { return same(p, uri); })) fault("a party " + uri);
  }
}

std::vector<std::size_t> Judgement::recordings_of(const scenes::Recording& wanted) const {
  std::vector<std::size_t> found;
  for (std::size_t n = 0; n < dialogs().size(); ++n) {
    const Json& dialog = dialogs()[n];
    if (!is_recording(dialog) || used_.contains(n) || !dialog.at("parties").is_array()) continue;
    const double begin = when(dialog.at("start"));
    const bool own = std::ranges::any_of(flat(dialog.at("parties").back()), [&](std::size_t p) {
      return p < parties().size() && same(parties()[p], wanted.agent);
    });
    if (own && begin < wanted.at + wanted.duration && begin + dialog.value("duration", 0.0) > wanted.at) {
      found.push_back(n);
    }
  }
  return found;
}

void Judgement::judge_times(const scenes::Recording& wanted, const Json& dialog) {
  const double start = when(dialog.at("start"));
  const double end = start + dialog.value("duration", 0.0);
  if (std::abs(start - wanted.at) > kStartSlack) {
    fault(fmt::format("{}: starts at {:.2f}, not {:.2f}", wanted.agent, start, wanted.at));
  }
  if (std::abs(end - wanted.at - wanted.duration) > kEndSlack) {
    fault(fmt::format("{}: ends at {:.2f}, not {:.2f}", wanted.agent, end, wanted.at + wanted.duration));
  }
}

void Judgement::judge_recording(const scenes::Recording& wanted) {
  const std::vector<std::size_t> found = recordings_of(wanted);
  if (found.size() != 1) fault(fmt::format("{} recordings of {}, not 1", found.size(), wanted.agent));
  if (found.empty()) return;
  const std::size_t n = found.front();
  used_.insert(n);
  const Json& dialog = dialogs()[n];
  judge_times(wanted, dialog);
  const std::string url = dialog.at("url");
  const std::size_t tail = url.find("/media/");
  const Channels heard = read_wav(out_ / url.substr(tail == std::string::npos ? 0 : tail + 1));
  const double enough = wanted_.min_correlation > 0 ? wanted_.min_correlation : kCorrelation;
  std::ranges::move(audio_faults(heard, wanted, when(dialog.at("start")), enough), std::back_inserter(faults_));
  std::ranges::move(pause_faults(heard, wanted, when(dialog.at("start"))), std::back_inserter(faults_));
  judge_gaps(wanted, n);
}

std::vector<scenes::Gap> Judgement::gaps_of(std::size_t dialog) const {
  std::vector<scenes::Gap> gaps;
  for (const Json& attachment : vcon_.value("attachments", Json::array())) {
    if (attachment.value("purpose", "") != "recording-gaps" || attachment.value("dialog", dialog + 1) != dialog)
      continue;
    for (const Json& gap : attachment.at("body").at("gaps")) {
      gaps.push_back({gap.at("reason"), when(gap.at("start")), when(gap.at("end"))});
    }
  }
  return gaps;
}

void Judgement::judge_gaps(const scenes::Recording& wanted, std::size_t dialog) {
  const std::vector<scenes::Gap> listed = gaps_of(dialog);
  std::string text;
  for (const scenes::Gap& gap : listed) text += fmt::format(" {} {:.2f}..{:.2f}", gap.reason, gap.from, gap.to);
  for (const scenes::Gap& gap : wanted.gaps) {
    const auto fits = [&](const scenes::Gap& g) {
      const double usual = gap.reason == "pci" ? kPauseSlack : kGapSlack;
      const double slack = wanted.gap_slack > 0 ? wanted.gap_slack : usual;
      return g.reason == gap.reason && std::abs(g.from - gap.from) < slack && std::abs(g.to - gap.to) < slack;
    };
    if (std::ranges::any_of(listed, fits)) continue;
    fault(fmt::format("{}: no {} gap {:.2f}..{:.2f}; listed:{}", wanted.agent, gap.reason, gap.from, gap.to, text));
  }
  const auto pauses = [](const std::vector<scenes::Gap>& gaps) {
    return std::ranges::count(gaps, "pci", &scenes::Gap::reason);
  };
  if (wanted_.more_gaps) return;
  if (pauses(listed) > pauses(wanted.gaps)) fault(wanted.agent + ": more pci gaps than pauses:" + text);
  for (const scenes::Gap& gap : listed) {
    const bool expected = std::ranges::any_of(wanted.gaps, [&](const auto& g) { return g.reason == gap.reason; });
    if ((gap.reason == "pci" || gap.reason == "hold") && !expected) {
      fault(fmt::format("{}: a {} gap that never was", wanted.agent, gap.reason));
    }
  }
}

void Judgement::judge_transfer(const scenes::Transfer& wanted) {
  const bool there = std::ranges::any_of(dialogs(), [&](const Json& d) {
    return d.at("type") == "transfer" && is_party(d.value("transferee", Json()), wanted.transferee) &&
           is_party(d.value("transferor", Json()), wanted.transferor) &&
           is_party(d.value("transfer_target", Json()), wanted.target) &&
           (!wanted.consultation || d.contains("consultation"));
  });
  if (!there) fault("no transfer " + wanted.transferor + " -> " + wanted.target);
}

void Judgement::judge_history() {
  const auto is_there = [&](const scenes::Event& event) {
    return std::ranges::any_of(dialogs(), [&](const Json& dialog) {
      return std::ranges::any_of(dialog.value("party_history", Json::array()), [&](const Json& h) {
        return h.at("event") == event.event && is_party(h.at("party"), event.uri) &&
               std::abs(when(h.at("time")) - event.at) < kStartSlack;
      });
    });
  };
  for (const scenes::Event& event : wanted_.history) {
    if (!is_there(event)) fault(fmt::format("no party_history {} of {} at {:.2f}", event.event, event.uri, event.at));
  }
  for (const scenes::Event& event : wanted_.absent_history) {
    if (is_there(event)) fault(fmt::format("party_history {} of {} at {:.2f}", event.event, event.uri, event.at));
  }
}

/// What concerns the vCon as a whole; after the recordings.
void Judgement::judge_rest() {
  std::size_t more = 0;
  std::set<std::string> interactions;
  std::set<std::string> dispositions;
  for (std::size_t n = 0; n < dialogs().size(); ++n) {
    const Json& dialog = dialogs()[n];
    more += is_recording(dialog) && !used_.contains(n) ? 1U : 0U;
    if (dialog.contains("interaction_id")) interactions.insert(dialog.at("interaction_id").get<std::string>());
    if (dialog.at("type") == "incomplete") dispositions.insert(dialog.value("disposition", ""));
    if (wanted_.no_transfer && dialog.at("type") == "transfer" && dialog.contains("target_dialog") &&
        std::ranges::any_of(flat(dialog.at("target_dialog")),
                            [&](std::size_t to) { return dialogs().at(to).at("type") == "recording"; })) {
      fault("a transfer that never came about");
    }
  }
  if (more > 0 && !wanted_.more_recordings) fault(fmt::format("{} recordings more than there were agents", more));
  if (interactions.size() > 1) fault("the dialogs differ in interaction_id");
  if (!wanted_.disposition.empty() && !dispositions.contains(wanted_.disposition)) {
    fault("no incomplete dialog with disposition " + wanted_.disposition);
  }
  judge_absence();
  const std::string text = vcon_.dump();
  for (const auto& needles : {wanted_.contains, wanted_.call_ids}) {
    for (const std::string& needle : needles) {
      if (text.find(needle) == std::string::npos) fault(needle + " is nowhere in the vCon");
    }
  }
}

/// What a pause leaves behind, and what it must not.
void Judgement::judge_absence() {
  const std::string redacted = vcon_.value("redacted", Json::object()).value("type", "");
  if (!wanted_.redacted.empty() && redacted != wanted_.redacted) fault("redacted.type is not " + wanted_.redacted);
  if (wanted_.redacted.empty() && vcon_.contains("redacted") && !wanted_.more_gaps) fault("redacted without a pause");
  std::vector<std::string> needles = wanted_.absent_texts;
  if (!wanted_.forbidden.empty()) {
    needles.push_back(wanted_.forbidden);
    const auto of_key = [](const Json& h) { return h.at("event").get<std::string>().starts_with("key"); };
    for (const Json& dialog : dialogs()) {
      if (std::ranges::any_of(dialog.value("party_history", Json::array()), of_key)) fault("key events in the vCon");
    }
  }
  if (needles.empty()) return;
  const std::string payload = vcon_.dump();
  for (std::size_t n = 0; n < needles.size(); ++n) {
    if (payload.find(needles[n]) != std::string::npos) fault(fmt::format("forbidden text {} in the vCon", n));
  }
  for (const auto& entry : fs::recursive_directory_iterator(out_)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path());
    for (std::size_t n = 0; n < needles.size(); ++n) {
      if (bytes.find(needles[n]) == std::string::npos) continue;
      fault(fmt::format("forbidden text {} in {}", n, entry.path().lexically_relative(out_).string()));
    }
  }
}

/// How much a vCon looks like the conversation's.
int likeness(const scenes::Truth& truth, const scenes::Conversation& wanted, const Json& vcon) {
  int points = 0;
  for (const scenes::Party& party : wanted.parties) {
    points += std::ranges::any_of(vcon.at("parties"), [&](const Json& p) { return same(p, party.uri); }) ? 1 : 0;
  }
  for (const Json& dialog : vcon.at("dialog")) {
    if (!wanted.disposition.empty() && dialog.value("disposition", "") == wanted.disposition) points += 2;
    const auto start = from_rfc3339(dialog.value("start", ""));
    if (!start) continue;
    const double at = to_seconds(*start - Time{} - from_seconds(truth.start));
    for (const auto& recording : wanted.recordings) points += std::abs(at - recording.at) < 3 ? 1 : 0;
  }
  return points;
}

std::vector<fs::path> vcons_below(const fs::path& out) {
  std::vector<fs::path> found;
  if (!fs::exists(out / "vcon")) return found;
  for (const auto& entry : fs::recursive_directory_iterator(out / "vcon")) {
    if (entry.path().extension() == ".vcon") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

std::vector<std::string> faults_against(const scenes::Truth& truth, const fs::path& out) {
  std::vector<std::string> faults;
  std::vector<Json> left;
  for (const fs::path& path : vcons_below(out)) {
    left.push_back(Json::parse(verify::payload_of(path)));
    const verify::Options options{.ca = out / "keys/ca.pem", .media = out / "media"};
    for (const std::string& fault : verify::faults_of(path, options)) faults.push_back("verify: " + fault);
  }
  if (left.size() != truth.conversations.size()) {
    faults.push_back(fmt::format("{} vCons, not {}", left.size(), truth.conversations.size()));
  }
  for (const scenes::Conversation& wanted : truth.conversations) {
    if (left.empty()) break;
    const auto best =
        std::ranges::max_element(left, {}, [&](const Json& vcon) { return likeness(truth, wanted, vcon); });
    std::ranges::move(Judgement(truth, wanted, *best, out).run(), std::back_inserter(faults));
    left.erase(best);
  }
  return faults;
}

}  // namespace tapestry::testing
