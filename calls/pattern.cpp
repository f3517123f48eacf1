#include "calls/pattern.h"

#include <re2/re2.h>

#include <stdexcept>

namespace tapestry::calls {

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

}  // namespace tapestry::calls
