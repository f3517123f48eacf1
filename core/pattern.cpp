#include "core/pattern.h"

#include <re2/re2.h>

#include <stdexcept>

namespace tapestry {

struct Pattern::State {
  explicit State(const std::string& expression) : regexp(expression, RE2::Quiet) {}
  RE2 regexp;
};

Pattern::Pattern(const std::string& expression) : state_(std::make_unique<State>(expression)) {
  if (!state_->regexp.ok()) {
    throw std::runtime_error("regular expression \"" + expression + "\": " + state_->regexp.error());
  }
}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

bool Pattern::matches(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), state_->regexp);
}

std::optional<std::string> Pattern::extract(std::string_view text, const std::string& replacement) const {
  std::string result;
  const re2::StringPiece piece(text.data(), text.size());
  if (!RE2::Extract(piece, state_->regexp, replacement, &result)) return std::nullopt;
  return result;
}

void Pattern::check_replacement(const std::string& replacement) const {
  std::string error;
  if (!state_->regexp.CheckRewriteString(replacement, &error)) {
    throw std::runtime_error("regular expression \"" + state_->regexp.pattern() + "\": " + error);
  }
}

}  // namespace tapestry
