#include "sipparse/message.h"

#include "sipparse/header_lines.h"
#include "sipparse/start_line.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

constexpr std::size_t kUsualHeaders = 24;

void read_headers(Message& message, HeaderLines& lines) {
  message.headers.reserve(kUsualHeaders);
  while (const auto line = lines.next()) {
    if (line->raw_name.empty()) continue;
    if (message.headers.size() == kMaxHeaders) {
      message.overflowed = true;
      continue;
    }
    message.headers.push_back({.name = header_name(line->raw_name), .raw_name = line->raw_name, .value = line->value});
  }
}

void read_cseq(Message& message) noexcept {
  std::string_view rest = message.value(HeaderName::CSeq);
  const auto number = parse_number<std::uint32_t>(take_word(rest));
  message.has_cseq = number.has_value();
  message.cseq = number.value_or(0);
  if (!message.request) message.method = take_word(rest);
}

/// Cuts the body to Content-Length; without one, or with one that is no number, it runs to the end (RFC 3261 §18.3).
void read_body(Message& message, std::string_view rest) noexcept {
  const auto length = parse_number<std::uint64_t>(message.value(HeaderName::ContentLength));
  message.snapped = length && *length > rest.size();
  if (length && *length < rest.size()) rest = rest.substr(0, static_cast<std::size_t>(*length));
  message.body = as_bytes(rest);
}

Message make_message(const StartLine& start) {
  Message message;
  message.request = start.request;
  message.method = start.method;
  message.request_uri = start.request_uri;
  message.status = start.status;
  message.reason = start.reason;
  return message;
}

}  // namespace

bool Header::is_named(std::string_view wanted) const noexcept {
  const HeaderName known = header_name(wanted);
  if (known != HeaderName::Other) return name == known;
  return name == HeaderName::Other && equals_ignore_case(full_header_name(raw_name), full_header_name(wanted));
}

const Header* Message::find(HeaderName name) const noexcept {
  for (const Header& header : headers) {
    if (header.name == name) return &header;
  }
  return nullptr;
}

const Header* Message::find(std::string_view name) const noexcept {
  for (const Header& header : headers) {
    if (header.is_named(name)) return &header;
  }
  return nullptr;
}

std::string_view Message::value(HeaderName name) const noexcept {
  const Header* const header = find(name);
  return header == nullptr ? std::string_view{} : header->value;
}

ParseResult parse_message(Bytes bytes) {
  std::string_view text = as_text(bytes);
  while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
  const bool cut = text.size() > kMaxMessageBytes;
  text = text.substr(0, kMaxMessageBytes);

  std::string_view rest = text;
  const auto start = parse_start_line(take_line(rest));
  if (!start) return {};
  Message message = make_message(*start);
  HeaderLines lines(rest);
  read_headers(message, lines);
  if (message.headers.empty()) return {.message = std::nullopt, .error = ParseError::NoHeaders};

  read_body(message, lines.rest());
  message.size = text.size() - lines.rest().size() + message.body.size();
  message.overflowed = message.overflowed || (cut && message.size == text.size());
  message.call_id = message.value(HeaderName::CallId);
  read_cseq(message);
  return {.message = std::move(message)};
}

}  // namespace tapestry::sip
