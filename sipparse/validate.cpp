#include <algorithm>
#include <array>

#include "sipparse/grammar.h"
#include "sipparse/header_grammar.h"
#include "sipparse/header_lines.h"
#include "sipparse/message.h"
#include "sipparse/start_line.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

constexpr auto kRequired = std::to_array<HeaderName>(
    {HeaderName::CallId, HeaderName::From, HeaderName::To, HeaderName::CSeq, HeaderName::Via});

constexpr auto kOnce = std::to_array<HeaderName>(
    {HeaderName::CallId,       HeaderName::From,          HeaderName::To,          HeaderName::CSeq,
     HeaderName::MaxForwards,  HeaderName::ContentLength, HeaderName::ContentType, HeaderName::ContentDisposition,
     HeaderName::Date,         HeaderName::Expires,       HeaderName::MinExpires,  HeaderName::SessionExpires,
     HeaderName::RetryAfter,   HeaderName::Timestamp,     HeaderName::MimeVersion, HeaderName::Event,
     HeaderName::ReferTo,      HeaderName::ReferredBy,    HeaderName::Replaces,    HeaderName::Join,
     HeaderName::TargetDialog, HeaderName::Subject,       HeaderName::RAck,        HeaderName::RSeq});

Verdict check_version(std::string_view version) noexcept {
  if (!is_sip_version(version)) return Verdict::BadStartLine;
  return equals_ignore_case(version, "SIP/2.0") ? Verdict::Valid : Verdict::BadVersion;
}

/// `Method SP Request-URI SP SIP-Version`, one SP each (RFC 3261 §7.1)
Verdict check_request_line(std::string_view line) noexcept {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == last || !is_token(line.substr(0, first))) return Verdict::BadStartLine;
  const std::string_view uri = line.substr(first + 1, last - first - 1);
  if (uri.empty() || uri.starts_with(' ') || uri.ends_with(' ')) return Verdict::BadStartLine;
  const Verdict version = check_version(line.substr(last + 1));
  if (version != Verdict::Valid) return version;
  return is_request_uri(uri) ? Verdict::Valid : Verdict::BadRequestUri;
}

/// `SIP-Version SP 3DIGIT SP Reason-Phrase`; the second SP stands before an empty phrase, too (RFC 4475 §3.1.1.13)
Verdict check_status_line(std::string_view line) noexcept {
  const Verdict version = check_version(line.substr(0, line.find(' ')));
  if (version != Verdict::Valid) return version;
  take_until(line, ' ');
  const std::size_t blank = line.find(' ');
  const std::string_view status = line.substr(0, blank);
  if (status.size() != 3 || !is_number(status) || status < "100" || status > "699") return Verdict::BadStatus;
  return blank == std::string_view::npos ? Verdict::BadStartLine : Verdict::Valid;
}

Verdict check_presence(const Message& message) noexcept {
  std::array<std::size_t, 256> counts{};
  for (const Header& header : message.headers) ++counts[static_cast<std::size_t>(header.name)];
  const auto count = [&counts](HeaderName name) { return counts[static_cast<std::size_t>(name)]; };
  if (std::ranges::any_of(kRequired, [&](HeaderName name) { return count(name) == 0; })) return Verdict::MissingHeader;
  if (std::ranges::any_of(kOnce, [&](HeaderName name) { return count(name) > 1; })) return Verdict::RepeatedHeader;
  return Verdict::Valid;
}

bool has_junk_lines(std::string_view headers) noexcept {
  HeaderLines lines(headers);
  while (const auto line = lines.next()) {
    if (line->raw_name.empty()) return true;
  }
  return false;
}

Verdict check_headers(const Message& message) noexcept {
  for (const Header& header : message.headers) {
    const Verdict verdict = check_header(header);
    if (verdict != Verdict::Valid) return verdict;
  }
  if (!message.request) return Verdict::Valid;
  std::string_view cseq = message.value(HeaderName::CSeq);
  take_word(cseq);
  return cseq == message.method ? Verdict::Valid : Verdict::MethodMismatch;
}

}  // namespace

Verdict validate(const Message& message, Bytes bytes) noexcept {
  std::string_view text = as_text(bytes);
  while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
  const std::string_view line = take_line(text);
  const bool bare_line_ends = line.data() + line.size() + 1 == text.data();

  const Verdict start = message.request ? check_request_line(line) : check_status_line(line);
  if (start != Verdict::Valid) return start;
  if (has_junk_lines(text)) return Verdict::BadHeader;
  const Verdict presence = check_presence(message);
  if (presence != Verdict::Valid) return presence;
  const Verdict headers = check_headers(message);
  if (headers != Verdict::Valid) return headers;
  // Bare LF tells that something turned CR LF into LF behind the sender's count.
  return message.snapped && !bare_line_ends ? Verdict::BodyTooShort : Verdict::Valid;
}

std::string_view to_string(Verdict verdict) noexcept {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"valid", "bad-start-line", "bad-version", "bad-request-uri", "bad-status", "missing-header", "repeated-header",
       "bad-header", "bad-cseq", "method-mismatch", "bad-content-length", "body-too-short", "bad-via", "bad-contact",
       "bad-address", "bad-date", "bad-number"});
  static_assert(kNames.size() == static_cast<std::size_t>(Verdict::BadNumber) + 1);
  return kNames[static_cast<std::size_t>(verdict)];
}

}  // namespace tapestry::sip
