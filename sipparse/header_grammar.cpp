#include "sipparse/header_grammar.h"

#include <algorithm>
#include <array>

#include "sipparse/address_grammar.h"
#include "sipparse/grammar.h"
#include "sipparse/parameters.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

constexpr std::uint32_t kCSeqLimit = 1U << 31U;

Verdict judge(bool good, Verdict bad = Verdict::BadHeader) noexcept { return good ? Verdict::Valid : bad; }

/// Takes what stands before the first `;`, trimmed, off `value`, which keeps the `;`.
std::string_view take_main(std::string_view& value) noexcept {
  const std::size_t semicolon = std::min(find_unquoted(value, ";"), value.size());
  const std::string_view main = trim(value.substr(0, semicolon));
  value.remove_prefix(semicolon);
  return main;
}

bool is_call_id(std::string_view value) noexcept {
  const bool two = value.contains('@');
  return is_word(take_until(value, '@')) && two != value.empty() && (!two || is_word(value));
}

Verdict check_cseq(std::string_view value) noexcept {
  const auto number = parse_number<std::uint32_t>(take_word(value));
  return judge(number && *number < kCSeqLimit && is_token(value), Verdict::BadCSeq);
}

template <class Number>
Verdict check_number(std::string_view value) noexcept {
  return judge(parse_number<Number>(value).has_value(), Verdict::BadNumber);
}

/// delta-seconds and parameters (Session-Expires, RFC 4028 §4)
Verdict check_seconds(std::string_view value) noexcept {
  if (!parse_number<std::uint32_t>(take_main(value))) return Verdict::BadNumber;
  return judge(are_parameters(value));
}

/// Position behind the comment that opens at the front; npos when it never closes.
std::size_t comment_end(std::string_view text) noexcept {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '(')
      ++depth;
    else if (text[at] == ')' && --depth == 0)
      return at + 1;
  }
  return std::string_view::npos;
}

/// `delta-seconds [comment] *(;parameter)` (§20.33)
Verdict check_retry_after(std::string_view value) noexcept {
  const std::size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
  if (!parse_number<std::uint32_t>(value.substr(0, digits))) return Verdict::BadNumber;
  value = trim(value.substr(digits));
  if (value.starts_with('(')) {
    const std::size_t end = comment_end(value);
    if (end == std::string_view::npos) return Verdict::BadHeader;
    value.remove_prefix(end);
  }
  return judge(are_parameters(value));
}

/// `1*DIGIT ["." *DIGIT] [LWS delay]` (§20.38)
Verdict check_timestamp(std::string_view value) noexcept {
  std::string_view time = take_word(value);
  const auto digits = [](std::string_view text) { return std::ranges::all_of(text, is_digit); };
  if (!is_number(take_until(time, '.')) || !digits(time)) return Verdict::BadNumber;
  const std::string_view whole = take_until(value, '.');
  return judge(digits(whole) && digits(value), Verdict::BadNumber);
}

/// rfc1123-date (§20.17): `Sat, 13 Nov 2010 23:29:00 GMT` and no other zone
Verdict check_date(std::string_view value) noexcept {
  constexpr std::string_view kShape = "aaa, 00 aaa 0000 00:00:00 GMT";
  constexpr auto kDays = std::to_array<std::string_view>({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"});
  constexpr auto kMonths = std::to_array<std::string_view>(
      {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
  const bool shaped = std::ranges::equal(value, kShape, [](char c, char shape) {
    if (shape == 'a') return is_alpha(c);
    return shape == '0' ? is_digit(c) : c == shape;
  });
  if (!shaped) return Verdict::BadDate;
  const auto is_one_of = [](const auto& names, std::string_view text) {
    return std::ranges::any_of(names, [text](std::string_view name) { return equals_ignore_case(name, text); });
  };
  const auto below = [value](std::size_t at, unsigned limit) {
    return parse_number<unsigned>(value.substr(at, 2)).value_or(limit) < limit;
  };
  return judge(is_one_of(kDays, value.substr(0, 3)) && is_one_of(kMonths, value.substr(8, 3)) && below(5, 32) &&
                   below(17, 24) && below(20, 60) && below(23, 61),
               Verdict::BadDate);
}

/// `3DIGIT SP warn-agent SP quoted-string`, a list (§20.43)
Verdict check_warning(std::string_view value) noexcept {
  while (const auto next = take_list_value(value)) {
    std::string_view text = *next;
    const std::string_view code = take_word(text);
    const std::string_view agent = take_word(text);
    if (code.size() != 3 || !is_number(code)) return Verdict::BadNumber;
    if (!is_token(agent) && !is_host_port(agent, false)) return Verdict::BadHeader;
    if (!is_quoted_string(text)) return Verdict::BadHeader;
  }
  return Verdict::Valid;
}

/// `type / subtype *(;parameter)` (§20.15)
Verdict check_media_type(std::string_view value) noexcept {
  std::string_view main = take_main(value);
  const std::string_view type = trim(take_until(main, '/'));
  return judge(is_token(type) && is_token(trim(main)) && are_parameters(value));
}

Verdict check_tokens(std::string_view value, bool empty_allowed) noexcept {
  if (value.empty()) return judge(empty_allowed);
  while (const auto next = take_list_value(value)) {
    if (!is_token(*next)) return Verdict::BadHeader;
  }
  return Verdict::Valid;
}

/// A token (Event, Content-Disposition) and parameters, or a list of these (Reason).
Verdict check_token_parameters(std::string_view value) noexcept {
  const std::string_view main = take_main(value);
  return judge(is_token(main) && are_parameters(value));
}

Verdict check_reasons(std::string_view value) noexcept {
  while (const auto next = take_list_value(value)) {
    if (check_token_parameters(*next) != Verdict::Valid) return Verdict::BadHeader;
  }
  return Verdict::Valid;
}

/// Replaces (RFC 3891), Join (RFC 3911), Target-Dialog (RFC 4538)
Verdict check_dialog(std::string_view value) noexcept {
  const std::size_t semicolon = std::min(value.find(';'), value.size());
  return judge(is_call_id(trim(value.substr(0, semicolon))) && are_parameters(value.substr(semicolon)));
}

/// Any scheme with anything behind it; quotes must be closed (§20.7: other schemes' parameters are their own).
Verdict check_authorization(std::string_view value) noexcept {
  const std::string_view scheme = take_word(value);
  std::size_t at = value.find('"');
  while (at != std::string_view::npos) {
    const std::size_t end = quoted_end(value, at);
    if (end == std::string_view::npos) return Verdict::BadHeader;
    at = value.find('"', end);
  }
  return judge(is_token(scheme) && !value.empty());
}

/// RFC 3262 §7.2
Verdict check_rack(std::string_view value) noexcept {
  const bool numbers = parse_number<std::uint32_t>(take_word(value)) && parse_number<std::uint32_t>(take_word(value));
  return judge(numbers && is_token(value), Verdict::BadNumber);
}

Verdict check_mime_version(std::string_view value) noexcept {
  const std::string_view major = take_until(value, '.');
  return judge(is_number(major) && is_number(value));
}

using Check = Verdict (*)(std::string_view) noexcept;

struct Rule {
  HeaderName name;
  Check check;
};

Verdict check_one_address(std::string_view value) noexcept { return check_address(value, AddressForm::Any); }
Verdict check_any_addresses(std::string_view value) noexcept { return check_addresses(value, AddressForm::Any); }
Verdict check_bracketed(std::string_view value) noexcept { return check_addresses(value, AddressForm::Bracketed); }
Verdict check_call_id(std::string_view value) noexcept { return judge(is_call_id(value)); }
Verdict check_length(std::string_view value) noexcept { return judge(is_number(value), Verdict::BadContentLength); }
Verdict check_some_tokens(std::string_view value) noexcept { return check_tokens(value, false); }
Verdict check_any_tokens(std::string_view value) noexcept { return check_tokens(value, true); }

using enum HeaderName;
constexpr auto kRules = std::to_array<Rule>({
    {CallId, check_call_id},
    {CSeq, check_cseq},
    {From, check_one_address},
    {To, check_one_address},
    {ReferTo, check_one_address},
    {ReferredBy, check_one_address},
    {PAssertedIdentity, check_any_addresses},
    {PPreferredIdentity, check_any_addresses},
    {Route, check_bracketed},
    {RecordRoute, check_bracketed},
    {RemotePartyId, check_bracketed},
    {Diversion, check_bracketed},
    {HistoryInfo, check_bracketed},
    {CallInfo, check_bracketed},
    {Contact, check_contact},
    {Via, check_via},
    {ContentLength, check_length},
    {MaxForwards, check_number<std::uint8_t>},
    {Expires, check_number<std::uint32_t>},
    {MinExpires, check_number<std::uint32_t>},
    {RSeq, check_number<std::uint32_t>},
    {SessionExpires, check_seconds},
    {RetryAfter, check_retry_after},
    {Timestamp, check_timestamp},
    {Date, check_date},
    {Warning, check_warning},
    {ContentType, check_media_type},
    {Require, check_some_tokens},
    {ProxyRequire, check_some_tokens},
    {Unsupported, check_some_tokens},
    {ContentEncoding, check_some_tokens},
    {Supported, check_any_tokens},
    {Allow, check_any_tokens},
    {Event, check_token_parameters},
    {ContentDisposition, check_token_parameters},
    {ReferSub, check_token_parameters},
    {Reason, check_reasons},
    {Replaces, check_dialog},
    {Join, check_dialog},
    {TargetDialog, check_dialog},
    {Authorization, check_authorization},
    {ProxyAuthorization, check_authorization},
    {WwwAuthenticate, check_authorization},
    {ProxyAuthenticate, check_authorization},
    {RAck, check_rack},
    {MimeVersion, check_mime_version},
});

}  // namespace

Verdict check_header(const Header& header) noexcept {
  if (!is_token(header.raw_name)) return Verdict::BadHeader;
  const auto* const rule = std::ranges::find(kRules, header.name, &Rule::name);
  return rule == kRules.end() ? Verdict::Valid : rule->check(header.value);
}

}  // namespace tapestry::sip
