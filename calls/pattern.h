#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace tapestry::calls {

/// A regular expression of the configuration (RE2 syntax, linear in the text, found anywhere in it). matches() from any
/// thread.
class Pattern {
 public:
  /// Throws std::runtime_error that names the expression and what is wrong with it.
  explicit Pattern(const std::string& expression);
  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::calls
