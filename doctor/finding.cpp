#include "doctor/finding.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace tapestry::doctor {

std::string_view name_of(Verdict verdict) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"ok", "skipped", "warning", "failure"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

void add(Findings& all, Findings more) { std::ranges::move(more, std::back_inserter(all)); }

Verdict worst_of(const Findings& findings) noexcept {
  const auto worst = std::ranges::max_element(findings, {}, &Finding::verdict);
  return worst == findings.end() ? Verdict::Ok : worst->verdict;
}

}  // namespace tapestry::doctor
