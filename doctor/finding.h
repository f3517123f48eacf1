#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::doctor {

enum class Verdict : std::uint8_t { Ok, Skipped, Warning, Failure };

/// `ok`, `skipped`, `warning`, `failure`
[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;

/// What one check says.
struct Finding {
  std::string check;  ///< `link eth1`, `clock`
  Verdict verdict = Verdict::Ok;
  std::string what{};  ///< what was found
  std::string mend{};  ///< the command that mends it, or what is to be done; empty with Ok and Skipped
};
using Findings = std::vector<Finding>;

/// Appends.
void add(Findings& all, Findings more);

/// The worst of them; Ok when there are none.
[[nodiscard]] Verdict worst_of(const Findings& findings) noexcept;

}  // namespace tapestry::doctor
