#pragma once
#include <optional>
#include <string_view>

namespace tapestry::sip {

/// One logical line of a header section: folds belong to it (RFC 3261 §7.3.1).
struct HeaderLine {
  std::string_view raw_name;  ///< empty when the line is no header field
  std::string_view value;     ///< trimmed, still folded
};

/// Walks over the header section of a message or a body part. Lines end in CR LF or LF. Linear over its whole life.
class HeaderLines {
 public:
  explicit HeaderLines(std::string_view text) noexcept : rest_(text) {}

  /// Next line; nothing at the empty line that ends the section, or at the end of the text.
  std::optional<HeaderLine> next() noexcept;

  /// What follows the section; after next() gave nothing.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  /// Whether the empty line has been seen.
  [[nodiscard]] bool complete() const noexcept { return complete_; }

 private:
  std::string_view rest_;
  bool complete_ = false;
};

/// The line that `text` begins with, without its line end; takes both off `text`.
std::string_view take_line(std::string_view& text) noexcept;

}  // namespace tapestry::sip
