#include "verify/dates.h"

namespace tapestry::verify {

std::optional<Time> normal_date(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() <= kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return std::nullopt;
  }
  if (text.substr(0, 4) < "1970" || text.substr(0, 4) > "2199") return std::nullopt;
  if (text[kShape.size()] == '.') {
    const std::string_view fraction = text.substr(kShape.size() + 1);
    const std::size_t not_zero = fraction.find_first_not_of('0');
    if (not_zero == std::string_view::npos || fraction[not_zero] < '1' || fraction[not_zero] > '9') return std::nullopt;
  }
  if (text.ends_with('z')) return std::nullopt;
  return from_rfc3339(text);
}

}  // namespace tapestry::verify
