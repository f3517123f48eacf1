#include "sipparse/address_grammar.h"

#include <algorithm>

#include "core/address.h"
#include "sipparse/grammar.h"
#include "sipparse/parameters.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

constexpr auto npos = std::string_view::npos;

/// Calls `check(parameter)` for each `;name[=value]`; the first verdict that is not Valid, `bad` for what is no
/// parameter list.
template <class Check>
Verdict check_parameters(std::string_view text, Verdict bad, const Check& check) noexcept {
  text = trim(text);
  if (text.empty()) return Verdict::Valid;
  if (text.front() != ';') return bad;
  text.remove_prefix(1);
  while (const auto next = take_parameter(text)) {
    if (!is_token(next->name)) return bad;
    const Verdict verdict = check(*next);
    if (verdict != Verdict::Valid) return verdict;
  }
  return Verdict::Valid;
}

Verdict check_generic(const Parameter& parameter, Verdict bad) noexcept {
  return !parameter.value || is_parameter_value(*parameter.value) ? Verdict::Valid : bad;
}

bool is_display_name(std::string_view text) noexcept {
  while (!text.empty()) {
    if (!is_token(take_word(text))) return false;
  }
  return true;
}

/// Takes the address off the front of `value`, which is left with the parameters; false when it is none.
bool take_address(std::string_view& value, AddressForm form) noexcept {
  value = trim(value);
  const bool quoted = value.starts_with('"');
  const std::size_t name_end = quoted ? quoted_end(value, 0) : find_unquoted(value, "<");
  if (name_end == npos) {
    if (quoted || form == AddressForm::Bracketed) return false;
    const std::size_t semicolon = std::min(value.find(';'), value.size());
    const std::string_view uri = trim(value.substr(0, semicolon));
    value.remove_prefix(semicolon);
    return uri.find_first_of(",?") == npos && is_uri(uri);
  }
  if (!quoted && !is_display_name(trim(value.substr(0, name_end)))) return false;
  value = trim(value.substr(name_end));
  const std::size_t close = value.find('>');
  if (!value.starts_with('<') || close == npos || !is_uri(value.substr(1, close - 1))) return false;
  value.remove_prefix(close + 1);
  return true;
}

/// `0[.ddd]` or `1[.000]`
bool is_qvalue(std::string_view text) noexcept {
  const std::string_view whole = take_until(text, '.');
  if (text.size() > 3 || !std::ranges::all_of(text, is_digit)) return false;
  return whole == "0" || (whole == "1" && std::ranges::all_of(text, [](char c) { return c == '0'; }));
}

Verdict check_contact_parameter(const Parameter& parameter) noexcept {
  const std::string_view value = parameter.value.value_or(std::string_view{});
  if (equals_ignore_case(parameter.name, "q")) return is_qvalue(value) ? Verdict::Valid : Verdict::BadNumber;
  if (equals_ignore_case(parameter.name, "expires")) {
    return parse_number<std::uint32_t>(value) ? Verdict::Valid : Verdict::BadNumber;
  }
  return check_generic(parameter, Verdict::BadContact);
}

Verdict check_via_parameter(const Parameter& parameter) noexcept {
  const std::string_view value = parameter.value.value_or(std::string_view{});
  if (equals_ignore_case(parameter.name, "ttl")) {
    return parse_number<std::uint8_t>(value) ? Verdict::Valid : Verdict::BadNumber;
  }
  if (equals_ignore_case(parameter.name, "received")) {
    return !value.starts_with('[') && IpAddress::parse(value) ? Verdict::Valid : Verdict::BadVia;
  }
  if (equals_ignore_case(parameter.name, "branch")) return is_token(value) ? Verdict::Valid : Verdict::BadVia;
  if (equals_ignore_case(parameter.name, "maddr")) return is_host(value) ? Verdict::Valid : Verdict::BadVia;
  return check_generic(parameter, Verdict::BadVia);
}

/// `SIP / 2.0 / UDP host:port ;parameters`
Verdict check_via_value(std::string_view value) noexcept {
  const std::string_view protocol = trim(take_until(value, '/'));
  const std::string_view version = trim(take_until(value, '/'));
  value = trim(value);
  const std::string_view transport = take_word(value);
  if (!is_token(protocol) || !is_token(version) || !is_token(transport)) return Verdict::BadVia;
  const std::size_t semicolon = std::min(value.find(';'), value.size());
  if (!is_host_port(trim(value.substr(0, semicolon)), true)) return Verdict::BadVia;
  return check_parameters(value.substr(semicolon), Verdict::BadVia, check_via_parameter);
}

}  // namespace

Verdict check_address(std::string_view value, AddressForm form) noexcept {
  if (!take_address(value, form)) return Verdict::BadAddress;
  return check_parameters(value, Verdict::BadAddress, [](const Parameter& parameter) {
    if (equals_ignore_case(parameter.name, "tag")) {
      return parameter.value && is_token(*parameter.value) ? Verdict::Valid : Verdict::BadAddress;
    }
    return check_generic(parameter, Verdict::BadAddress);
  });
}

Verdict check_addresses(std::string_view value, AddressForm form) noexcept {
  if (value.empty()) return Verdict::BadAddress;
  while (const auto next = take_list_value(value)) {
    const Verdict verdict = check_address(*next, form);
    if (verdict != Verdict::Valid) return verdict;
  }
  return Verdict::Valid;
}

Verdict check_contact(std::string_view value) noexcept {
  if (value == "*") return Verdict::Valid;
  if (value.empty()) return Verdict::BadContact;
  while (const auto next = take_list_value(value)) {
    std::string_view rest = *next;
    if (!take_address(rest, AddressForm::Any)) return Verdict::BadContact;
    const Verdict verdict = check_parameters(rest, Verdict::BadContact, check_contact_parameter);
    if (verdict != Verdict::Valid) return verdict;
  }
  return Verdict::Valid;
}

Verdict check_via(std::string_view value) noexcept {
  if (value.empty()) return Verdict::BadVia;
  while (const auto next = take_list_value(value)) {
    const Verdict verdict = check_via_value(*next);
    if (verdict != Verdict::Valid) return verdict;
  }
  return Verdict::Valid;
}

bool are_parameters(std::string_view text) noexcept {
  return check_parameters(text, Verdict::BadHeader, [](const Parameter& parameter) {
           return check_generic(parameter, Verdict::BadHeader);
         }) == Verdict::Valid;
}

}  // namespace tapestry::sip
