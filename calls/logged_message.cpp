#include "calls/logged_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "calls/noting.h"
#include "core/card_numbers.h"
#include "sipparse/body.h"
#include "sipparse/dtmf_body.h"
#include "sipparse/text.h"

namespace tapestry::calls {
namespace {

using sip::HeaderName;

constexpr std::string_view kBoundary = "tapestry-part";

/// Followed as they are: what is in them tells dialogs and transactions apart.
bool is_exact(HeaderName name) {
  constexpr std::array kExact = {HeaderName::CallId, HeaderName::CSeq,      HeaderName::Via,  HeaderName::Replaces,
                                 HeaderName::Join,   HeaderName::SessionId, HeaderName::RAck, HeaderName::RSeq,
                                 HeaderName::Event,  HeaderName::Expires,   HeaderName::Date, HeaderName::TargetDialog};
  return std::ranges::find(kExact, name) != kExact.end();
}

/// Addresses, in which a number may stand.
bool is_address(HeaderName name) {
  constexpr std::array kAddresses = {
      HeaderName::From,        HeaderName::To,        HeaderName::Contact,           HeaderName::RecordRoute,
      HeaderName::Route,       HeaderName::ReferTo,   HeaderName::ReferredBy,        HeaderName::Diversion,
      HeaderName::HistoryInfo, HeaderName::Reason,    HeaderName::PAssertedIdentity, HeaderName::PPreferredIdentity,
      HeaderName::Require,     HeaderName::Supported, HeaderName::RemotePartyId,     HeaderName::ReferSub,
      HeaderName::UserAgent,   HeaderName::Server,    HeaderName::SessionExpires,    HeaderName::Allow};
  return std::ranges::find(kAddresses, name) != kAddresses.end();
}

/// A value without card numbers; a tag stays.
std::string masked(std::string_view value) {
  const std::size_t tag = value.find(";tag=");
  if (tag == std::string_view::npos) return without_cards(value);
  return without_cards(value.substr(0, tag)) + std::string(value.substr(tag));
}

std::string header_line(const sip::Header& header, bool paused) {
  constexpr std::array kRewritten = {HeaderName::ContentType, HeaderName::ContentLength, HeaderName::ContentEncoding,
                                     HeaderName::ContentDisposition};
  if (std::ranges::find(kRewritten, header.name) != kRewritten.end()) return {};
  const auto line = [&](std::string_view value) { return fmt::format("{}: {}\r\n", header.raw_name, value); };
  if (!paused || is_exact(header.name) || header.is_named("Subscription-State")) return line(header.value);
  return is_address(header.name) ? line(masked(header.value)) : std::string();
}

bool is_type(const sip::BodyPart& part, std::string_view type) {
  return part.type.size() == type.size() && sip::starts_with_ignore_case(part.type, type);
}

bool is_sdp(const sip::BodyPart& part) {
  return is_type(part, "application/sdp") || (part.type.empty() && as_text(part.bytes).starts_with("v="));
}

/// About dialogs and who is in them, never of what is said.
bool is_about_dialogs(const sip::BodyPart& part) {
  constexpr std::array<std::string_view, 6> kTypes = {"application/conference-info+xml", "application/dialog-info+xml",
                                                      "application/reginfo+xml",         "message/sipfrag",
                                                      "application/rs-metadata+xml",     "application/rs-metadata"};
  return std::ranges::any_of(kTypes, [&part](std::string_view type) { return is_type(part, type); });
}

/// In a session description only what people read may hold a number that is none of the session's.
std::string masked_sdp(std::string_view text) {
  constexpr std::string_view kRead = "siuep";
  std::string masked_text;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    masked_text += kRead.find(line.front()) == std::string_view::npos ? std::string(line) : mask_card_numbers(line);
    text.remove_prefix(end);
  }
  return masked_text;
}

/// A body or a part of one, with its Content headers.
struct LoggedPart {
  std::string head;
  std::string bytes;
};

std::vector<LoggedPart> parts_of(const sip::Message& message, bool paused) {
  std::vector<LoggedPart> parts;
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (!sip::dtmf_keys(part).empty()) continue;
    if (paused && !is_sdp(part) && !is_about_dialogs(part)) continue;
    LoggedPart logged;
    if (!part.type.empty()) logged.head += fmt::format("Content-Type: {}", part.type);
    if (!part.type.empty() && !part.parameters.empty()) {
      logged.head += fmt::format("{}{}", part.parameters.starts_with(';') ? "" : ";", part.parameters);
    }
    if (!part.type.empty()) logged.head += "\r\n";
    if (!part.disposition.empty()) logged.head += fmt::format("Content-Disposition: {}\r\n", part.disposition);
    const std::string_view text = as_text(part.bytes);
    logged.bytes = !paused ? std::string(text) : is_sdp(part) ? masked_sdp(text) : mask_card_numbers(text);
    parts.push_back(std::move(logged));
  }
  return parts;
}

std::string start_line(const sip::Message& message, bool paused) {
  if (!message.request) return fmt::format("SIP/2.0 {} {}\r\n", message.status, paused ? "" : message.reason);
  const std::string uri = paused ? without_cards(message.request_uri) : std::string(message.request_uri);
  return fmt::format("{} {} SIP/2.0\r\n", message.method, uri);
}

}  // namespace

std::string logged_form(const sip::Message& message, bool paused) {
  std::string text = start_line(message, paused);
  for (const sip::Header& header : message.headers) text += header_line(header, paused);
  const std::vector<LoggedPart> parts = message.body.empty() ? std::vector<LoggedPart>{} : parts_of(message, paused);
  std::string body;
  if (parts.size() == 1) {
    text += parts.front().head;
    body = parts.front().bytes;
  } else if (!parts.empty()) {
    text += fmt::format("Content-Type: multipart/mixed;boundary={}\r\n", kBoundary);
    for (const LoggedPart& part : parts) body += fmt::format("--{}\r\n{}\r\n{}\r\n", kBoundary, part.head, part.bytes);
    body += fmt::format("--{}--\r\n", kBoundary);
  }
  return text + fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

std::string as_paused(std::string_view text) {
  const sip::ParseResult parsed = sip::parse_message(as_bytes(text));
  return parsed.message ? logged_form(*parsed.message, true) : std::string();
}

}  // namespace tapestry::calls
