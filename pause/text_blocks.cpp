#include "pause/text_blocks.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sipparse/text.h"

namespace tapestry::pause {
namespace {

struct FieldView {
  std::string_view name;
  std::string_view value;
};

std::optional<FieldView> field_of(std::string_view line) noexcept {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view name = line.substr(0, colon);
  if (std::ranges::any_of(name, [](char c) { return c <= ' ' || c > '~'; })) return std::nullopt;
  return FieldView{name, sip::trim(line.substr(colon + 1))};
}

/// Without the end of line that it may have.
std::string_view without_cr(std::string_view line) noexcept {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

std::string_view TextBlock::value(std::string_view name) const noexcept {
  for (const TextField& field : fields) {
    if (sip::equals_ignore_case(field.name, name)) return field.value;
  }
  return {};
}

std::string_view value_in(std::string_view lines, std::string_view name) noexcept {
  while (!lines.empty()) {
    const std::string_view line = without_cr(sip::take_until(lines, '\n'));
    if (line.empty()) return {};
    const auto field = field_of(line);
    if (field && sip::equals_ignore_case(field->name, name)) return field->value;
  }
  return {};
}

void TextBlocks::push(Bytes bytes, bool lost_before, const Use& use) {
  if (lost_before) {
    if (lines_ != 0 || !line_.empty()) ++dropped_;
    block_ = {};
    line_.clear();
    line_cut_ = false;
    lines_ = lines_bytes_ = 0;
    body_left_ = 0;
  }
  std::string_view text = as_text(bytes);
  while (!text.empty()) {
    body_left_ == 0 ? take_line_bytes(text, use) : take_body(text, use);
  }
}

/// Up to the end of a line, which need not be there yet.
void TextBlocks::take_line_bytes(std::string_view& text, const Use& use) {
  const std::size_t end = text.find('\n');
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  const std::size_t room = kMaxLine - line_.size();
  line_.append(taken.substr(0, room));
  line_cut_ = line_cut_ || taken.size() > room;
  if (end != std::string_view::npos) end_line(use);
}

void TextBlocks::end_line(const Use& use) {
  const std::string_view line = without_cr(line_);
  if (!line.empty() || line_cut_) {
    const bool kept = lines_ < kMaxLines && lines_bytes_ + line.size() <= kMaxLinesBytes;
    block_.cut = block_.cut || line_cut_ || !kept;
    if (kept) {
      lines_bytes_ += line.size();
      if (lines_ == 0) block_.first = line;
      if (const auto field = field_of(line)) {
        block_.fields.push_back({std::string(field->name), std::string(field->value)});
      }
    }
    ++lines_;
  } else if (lines_ != 0) {
    body_left_ = sip::parse_number<std::uint64_t>(block_.value("Content-Length")).value_or(0);
    if (body_left_ == 0) hand_on(use);
  }
  line_.clear();
  line_cut_ = false;
}

void TextBlocks::take_body(std::string_view& text, const Use& use) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, text.size()));
  const std::size_t room = kMaxBody - block_.body.size();
  block_.body.append(text.substr(0, std::min(size, room)));
  block_.cut = block_.cut || size > room;
  text.remove_prefix(size);
  body_left_ -= size;
  if (body_left_ == 0) hand_on(use);
}

void TextBlocks::hand_on(const Use& use) {
  cut_ += block_.cut ? 1U : 0U;
  lines_ = lines_bytes_ = 0;
  const TextBlock block = std::exchange(block_, {});
  use(block);
}

}  // namespace tapestry::pause
