#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/time.h"
#include "dtmf/press.h"

namespace tapestry::dtmf {

/// Where a code was keyed: from the start of its first key to the end of its last one.
struct Match {
  Time start;
  Time end;
};

/// Finds one code among presses, as `*91` in `**91`. Any thread, one at a time.
class CodeMatcher {
 public:
  /// The longest code; a longer one, and an empty one, is never found.
  static constexpr std::size_t kMostKeys = 16;
  /// The most between the end of a key and the start of the next.
  static constexpr Duration kBetweenKeys = std::chrono::seconds(4);

  /// `code`: `0` to `9`, `*`, `#`, `A` to `D`.
  explicit CodeMatcher(std::string code);
  CodeMatcher(const CodeMatcher&) = default;
  CodeMatcher& operator=(const CodeMatcher&) = default;
  /// Keys are wiped.
  ~CodeMatcher();

  /// A press, in any order of time among the last few; the code that it completes. A key counts for one code only.
  std::optional<Match> add(const Press& press);

 private:
  static constexpr std::size_t kMostPresses = 2 * kMostKeys;
  /// Place of the new press.
  std::size_t insert(const Press& press);
  [[nodiscard]] bool matches(std::size_t from) const noexcept;
  void drop_first(std::size_t count) noexcept;

  std::string code_;
  std::size_t used_ = 0;
  std::array<std::uint8_t, kMostPresses> keys_{};  ///< in order of start
  std::array<Match, kMostPresses> times_{};
};

}  // namespace tapestry::dtmf
