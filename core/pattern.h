#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry {

/// A regular expression of the configuration (RE2 syntax, linear in the text, found anywhere in it). Its constant
/// functions from any thread.
class Pattern {
 public:
  /// Throws std::runtime_error that names the expression and what is wrong with it.
  explicit Pattern(const std::string& expression);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  [[nodiscard]] bool matches(std::string_view text) const;
  /// `replacement` with `\1`, `\2`, ... replaced by what the groups of the first match took; nothing without a match.
  [[nodiscard]] std::optional<std::string> extract(std::string_view text, const std::string& replacement) const;
  /// Throws std::runtime_error when `replacement` is malformed or names a group that the expression does not have.
  void check_replacement(const std::string& replacement) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry
