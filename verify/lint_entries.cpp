#include "verify/lint_entries.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/card_numbers.h"
#include "verify/dates.h"
#include "verify/lint_dialog.h"

namespace tapestry::verify {
namespace {

constexpr std::array<std::string_view, 3> kPurposes{"user-to-user", "redirection-history", "call-control"};

}  // namespace

void check_entries(Json attachment, const std::string& where, Faults& faults) {
  if (std::ranges::find(kPurposes, attachment["purpose"].text_or_empty()) == kPurposes.end()) return;
  const Json entries = attachment["body"]["entries"];
  if (!entries.is_array() || entries.size() == 0) return faults.add("lint", where, "has no entries");
  std::optional<Time> last;
  for (std::size_t n = 0; n < entries.size(); ++n) {
    const Json entry = entries.at(n);
    const std::string place = path_join(path_join(where, "entries"), n);
    check_date(entry["time"], place, faults);
    const auto time = normal_date(entry["time"].text_or_empty());
    if (time && last && *time < *last) faults.add("lint", place, "not in order of time");
    if (time) last = time;
    const std::string_view value = entry["value"].text_or_empty();
    if (mask_card_numbers(value) != value) faults.add("lint", place, "holds what may be a card's number");
  }
}

}  // namespace tapestry::verify
