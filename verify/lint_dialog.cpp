#include "verify/lint_dialog.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "verify/base64.h"
#include "verify/dates.h"

namespace tapestry::verify {
namespace {

void check_transfer(Json dialog, const Sizes& sizes, const std::string& where, Faults& faults) {
  if (dialog.has("duration")) faults.add("lint", where, "a transfer must not carry duration");
  for (const std::string_view name : {"transferee", "transferor"}) {
    check_index(dialog[name], sizes.parties, path_join(where, name), faults);
  }
  for (const std::string_view name : {"original", "target_dialog"}) {
    check_index(dialog[name], sizes.dialogs, path_join(where, name), faults);
  }
  check_optional_index(dialog["transfer_target"], sizes.parties, path_join(where, "transfer_target"), faults);
  check_optional_index(dialog["consultation"], sizes.dialogs, path_join(where, "consultation"), faults);
}

void check_parties(Json parties, const Sizes& sizes, const std::string& where, Faults& faults) {
  if (parties.number()) check_index(parties, sizes.parties, where, faults);
  for (std::size_t n = 0; parties.is_array() && n < parties.size(); ++n) {
    const Json channel = parties.at(n);
    if (channel.number()) check_index(channel, sizes.parties, path_join(where, n), faults);
    for (std::size_t k = 0; channel.is_array() && k < channel.size(); ++k) {
      check_index(channel.at(k), sizes.parties, path_join(where, n), faults);
    }
  }
}

bool is_https(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  return url.size() > kScheme.size() && std::ranges::equal(url.substr(0, kScheme.size()), kScheme, {}, [](char c) {
           return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
         });
}

void check_token(Json token, const std::string& where, Faults& faults) {
  const auto text = token.text();
  if (!text) return;
  constexpr std::string_view kPrefix = "sha512-";
  constexpr std::size_t kDigits = 86;
  if (!text->starts_with(kPrefix) || text->size() != kPrefix.size() + kDigits ||
      !from_base64url(text->substr(kPrefix.size()))) {
    faults.add("lint", where, "content_hash token " + in_quotes(*text));
  }
}

void check_content(Json dialog, const std::string& where, Faults& faults) {
  if (dialog.has("url") != dialog.has("content_hash")) faults.add("lint", where, "url and content_hash come together");
  if (dialog.has("url") && dialog.has("body")) faults.add("lint", where, "both body and url");
  if (const auto url = dialog["url"].text(); url && !is_https(*url)) faults.add("lint", where, "url is not https");
  const Json hash = dialog["content_hash"];
  check_token(hash, where, faults);
  for (std::size_t n = 0; hash.is_array() && n < hash.size(); ++n) check_token(hash.at(n), where, faults);
}

/// Events in order of time, inside the dialog (1 s of leeway), about parties that exist.
void check_history(Json dialog, const Sizes& sizes, const std::string& where, Faults& faults) {
  const Json history = dialog["party_history"];
  const auto start = normal_date(dialog["start"].text_or_empty());
  const auto duration = dialog["duration"].number();
  std::optional<Time> last;
  for (std::size_t n = 0; history.is_array() && n < history.size(); ++n) {
    const Json event = history.at(n);
    const std::string place = path_join(where, n);
    const std::string_view name = event["event"].text_or_empty();
    check_index(event["party"], sizes.parties, place, faults);
    check_date(event["time"], place, faults);
    const auto time = normal_date(event["time"].text_or_empty());
    if (!time) continue;
    if (last && *time < *last) faults.add("lint", place, "not in order of time");
    last = time;
    if (!start || !duration) continue;
    const double offset = to_seconds(*time - *start);
    if (offset < -1 || offset > *duration + 1) faults.add("lint", place, in_quotes(name) + " outside the dialog");
  }
}

}  // namespace

void check_index(Json value, std::size_t size, std::string_view where, Faults& faults) {
  const auto index = value.index();
  if (!index) return faults.add("lint", where, "not an index");
  if (*index >= size) faults.add("lint", where, fmt::format("index {} out of range", *index));
}

void check_optional_index(Json value, std::size_t size, std::string_view where, Faults& faults) {
  if (value.present()) check_index(value, size, where, faults);
}

void check_date(Json value, std::string_view where, Faults& faults) {
  const std::string_view text = value.text_or_empty();
  if (!normal_date(text)) faults.add("lint", where, "not an RFC 3339 date in normal form: " + in_quotes(text));
}

void check_dialog(Json dialog, const Sizes& sizes, const std::string& where, Faults& faults) {
  if (!dialog.is_object()) return;
  const std::string_view kind = dialog["type"].text_or_empty();
  if (kind == "transfer") return check_transfer(dialog, sizes, where, faults);
  check_date(dialog["start"], path_join(where, "start"), faults);
  check_parties(dialog["parties"], sizes, path_join(where, "parties"), faults);
  check_optional_index(dialog["originator"], sizes.parties, path_join(where, "originator"), faults);
  check_optional_index(dialog["recording_set"], sizes.dialogs, path_join(where, "recording_set"), faults);
  const Json recordings = dialog["recordings"];
  for (std::size_t n = 0; recordings.is_array() && n < recordings.size(); ++n) {
    check_index(recordings.at(n), sizes.dialogs, path_join(where, "recordings"), faults);
  }
  check_content(dialog, where, faults);
  check_history(dialog, sizes, path_join(where, "party_history"), faults);
}

}  // namespace tapestry::verify
