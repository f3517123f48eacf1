#include "sipparse/body.h"

#include "sipparse/header_lines.h"
#include "sipparse/parameters.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

enum class Delimiter : std::uint8_t { None, Next, Last };

void set_type(BodyPart& part, std::string_view content_type) noexcept {
  part.type = trim(take_until(content_type, ';'));
  part.parameters = trim(content_type);
}

/// Whether a line is `--boundary` or `--boundary--`, blanks behind it allowed (RFC 2046 §5.1.1).
Delimiter delimiter(std::string_view line, std::string_view boundary) noexcept {
  if (!line.starts_with("--") || line.substr(2, boundary.size()) != boundary) return Delimiter::None;
  std::string_view tail = line.substr(2 + boundary.size());
  const bool last = tail.starts_with("--");
  if (last) tail.remove_prefix(2);
  if (!trim(tail).empty()) return Delimiter::None;
  return last ? Delimiter::Last : Delimiter::Next;
}

/// The line end before a delimiter belongs to the delimiter.
std::string_view without_last_line_end(std::string_view text) noexcept {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

/// Takes a part's headers off. A part whose first line is no header field is all body.
BodyPart read_part(std::string_view text) noexcept {
  BodyPart part;
  HeaderLines lines(text);
  const std::string_view whole = text;
  bool first = true;
  while (const auto line = lines.next()) {
    if (first && line->raw_name.empty()) {
      part.bytes = as_bytes(whole);
      return part;
    }
    first = false;
    if (header_name(line->raw_name) == HeaderName::ContentType) set_type(part, line->value);
    if (header_name(line->raw_name) == HeaderName::ContentDisposition) part.disposition = line->value;
  }
  part.bytes = as_bytes(lines.rest());
  return part;
}

void add_leaves(const BodyPart& part, std::size_t depth, std::vector<BodyPart>& leaves);

/// Adds the leaves of a multipart; false when its boundary occurs nowhere.
bool add_parts(std::string_view text, std::string_view boundary, std::size_t depth, std::vector<BodyPart>& leaves) {
  bool inside = false;
  bool any = false;
  std::string_view rest = text;
  const char* part_begin = text.data();
  while (!rest.empty() && leaves.size() < kMaxBodyParts) {
    const char* const line_begin = rest.data();
    const Delimiter found = delimiter(take_line(rest), boundary);
    if (found == Delimiter::None) continue;
    any = true;
    if (inside) {
      const std::string_view part(part_begin, static_cast<std::size_t>(line_begin - part_begin));
      add_leaves(read_part(without_last_line_end(part)), depth, leaves);
    }
    inside = found == Delimiter::Next;
    part_begin = rest.data();
    if (found == Delimiter::Last) break;
  }
  if (inside && leaves.size() < kMaxBodyParts) {
    const std::string_view part = text.substr(static_cast<std::size_t>(part_begin - text.data()));
    if (!part.empty()) add_leaves(read_part(part), depth, leaves);
  }
  return any;
}

void add_leaves(const BodyPart& part, std::size_t depth, std::vector<BodyPart>& leaves) {
  if (leaves.size() == kMaxBodyParts) return;
  if (depth < kMaxBodyDepth && starts_with_ignore_case(part.type, "multipart/")) {
    const auto boundary = parameter(part.parameters, "boundary");
    if (boundary && !boundary->empty() && add_parts(as_text(part.bytes), *boundary, depth + 1, leaves)) return;
  }
  leaves.push_back(part);
}

bool begins_like_sdp(std::string_view text) noexcept { return trim(text.substr(0, 16)).starts_with("v="); }

}  // namespace

std::vector<BodyPart> body_parts(const Message& message) {
  std::vector<BodyPart> leaves;
  if (message.body.empty()) return leaves;
  BodyPart whole;
  set_type(whole, message.value(HeaderName::ContentType));
  whole.disposition = message.value(HeaderName::ContentDisposition);
  whole.bytes = message.body;
  add_leaves(whole, 0, leaves);
  return leaves;
}

Bytes sdp_body(const Message& message) {
  const std::vector<BodyPart> parts = body_parts(message);
  for (const BodyPart& part : parts) {
    if (equals_ignore_case(part.type, "application/sdp")) return part.bytes;
  }
  for (const BodyPart& part : parts) {
    if (part.type.empty() && begins_like_sdp(as_text(part.bytes))) return part.bytes;
  }
  return {};
}

}  // namespace tapestry::sip
