#include "sipparse/stream_framer.h"

#include <algorithm>

#include "sipparse/header_lines.h"
#include "sipparse/start_line.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

bool is_line_end(std::string_view line) noexcept { return line == "\n" || line == "\r\n"; }

/// Whether a start line or an empty line can begin so; binary junk need not wait for a line end.
bool may_begin_line(char c) noexcept { return is_token_char(c) || c == '\r' || c == '\n'; }

/// First Content-Length of a header block that begins with its start line; 0 when there is none that is a number.
std::uint64_t content_length(std::string_view block) noexcept {
  take_line(block);
  HeaderLines lines(block);
  while (const auto line = lines.next()) {
    if (header_name(line->raw_name) == HeaderName::ContentLength) {
      return parse_number<std::uint64_t>(line->value).value_or(0);
    }
  }
  return 0;
}

}  // namespace

void StreamFramer::push(Bytes bytes, bool lost_before, const Use& use) {
  if (lost_before) forget();
  while (!bytes.empty()) {
    const Bytes slice = bytes.first(std::min(bytes.size(), kMaxMessageBytes));
    bytes = bytes.subspan(slice.size());
    waiting_.insert(waiting_.end(), slice.begin(), slice.end());
    while (step(use)) {
    }
    compact();
  }
}

void StreamFramer::finish(const Use& use) {
  if (size_ != 0) {
    const Bytes message = Bytes(waiting_).subspan(begin_);
    drop(message.size());
    use(message);
  }
  forget();
}

std::string_view StreamFramer::window() const noexcept { return as_text(waiting_).substr(begin_, kMaxMessageBytes); }

/// Does what can be done with the bytes at begin_; false when more are needed.
bool StreamFramer::step(const Use& use) {
  if (!at_line_start_) return skip_to_line_start();
  if (size_ == 0) return find_message();
  if (waiting_.size() - begin_ < size_) return false;
  const Bytes message = Bytes(waiting_).subspan(begin_, size_);
  drop(size_);
  use(message);
  return true;
}

bool StreamFramer::skip_to_line_start() {
  const std::string_view text = window();
  const std::size_t end = text.find('\n');
  const std::size_t junk = end == std::string_view::npos ? text.size() : end + 1;
  skipped_ += junk;
  drop(junk);
  at_line_start_ = end != std::string_view::npos;
  return junk != 0;
}

/// Looks for the end of the header block line by line; lines that cannot begin one are skipped.
bool StreamFramer::find_message() {
  const std::string_view text = window();
  if (line_ == 0 && !text.empty() && !may_begin_line(text.front())) {
    at_line_start_ = false;
    return true;
  }
  const std::size_t end = text.find('\n', searched_);
  if (end == std::string_view::npos) {
    searched_ = text.size();
    if (text.size() < kMaxMessageBytes) return false;
    skipped_ += text.size();
    drop(text.size());
    at_line_start_ = false;
    return true;
  }
  const std::string_view line = text.substr(line_, end + 1 - line_);
  searched_ = end + 1;
  if (line_ == 0) {
    if (is_line_end(line)) {
      drop(line.size());
    } else if (!parse_start_line(line.substr(0, line.size() - 1))) {
      skipped_ += line.size();
      drop(line.size());
    } else {
      line_ = end + 1;
    }
    return true;
  }
  line_ = end + 1;
  if (!is_line_end(line)) return true;
  const std::uint64_t body = content_length(text.substr(0, line_));
  if (body > kMaxMessageBytes - line_) {
    skipped_ += line_;
    drop(line_);
    return true;
  }
  size_ = line_ + static_cast<std::size_t>(body);
  return true;
}

/// Takes bytes off the front.
void StreamFramer::drop(std::size_t count) noexcept {
  begin_ += count;
  searched_ = 0;
  line_ = 0;
  size_ = 0;
}

void StreamFramer::forget() noexcept {
  skipped_ += waiting_.size() - begin_;
  drop(waiting_.size() - begin_);
  at_line_start_ = true;
  compact();
}

/// Moves what waits to the front once at least as much lies before it, so that every byte moves at most once on
/// average.
void StreamFramer::compact() noexcept {
  if (begin_ < waiting_.size() - begin_) return;
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
}

}  // namespace tapestry::sip
