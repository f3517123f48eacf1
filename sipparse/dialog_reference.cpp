#include "sipparse/dialog_reference.h"

#include <algorithm>
#include <array>

#include "sipparse/address.h"

namespace tapestry::sip {
namespace {

constexpr std::array kFeaturePrefixes{std::string_view("urn:feature:"), std::string_view("urn:ietf:feature:")};

std::string tag(std::string_view parameters, std::string_view name, std::string_view other_name) {
  const auto value = parameter(parameters, name);
  return std::string(value ? *value : parameter(parameters, other_name).value_or(""));
}

std::string upper_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), upper);
  return result;
}

void read_headers(std::string_view headers, ReferTarget& target) {
  while (!headers.empty()) {
    std::string_view value = take_until(headers, '&');
    const std::string_view name = take_until(value, '=');
    if (equals_ignore_case(name, "Replaces")) target.replaces = parse_dialog_reference(unescape(value));
    if (equals_ignore_case(name, "Call-ID")) target.call_id = unescape(value);
  }
}

}  // namespace

std::optional<DialogReference> parse_dialog_reference(std::string_view value) {
  DialogReference reference;
  reference.call_id = trim(take_until(value, ';'));
  reference.one_tag = tag(value, "to-tag", "local-tag");
  reference.another_tag = tag(value, "from-tag", "remote-tag");
  reference.early_only = parameter(value, "early-only").has_value();
  if (reference.call_id.empty() || reference.one_tag.empty() || reference.another_tag.empty()) return std::nullopt;
  return reference;
}

std::optional<ReferTarget> parse_refer_to(std::string_view value) {
  const auto address = parse_name_address(value);
  if (!address) return std::nullopt;
  ReferTarget target;
  target.method = "INVITE";
  const std::string_view text = trim(address->uri_text);
  for (const std::string_view prefix : kFeaturePrefixes) {
    if (starts_with_ignore_case(text, prefix)) target.feature = text.substr(prefix.size());
  }
  if (!target.feature.empty()) return target;
  if (!address->uri) return std::nullopt;
  const Uri& uri = *address->uri;
  const bool named = equals_ignore_case(uri.scheme, "sip") || equals_ignore_case(uri.scheme, "sips") ||
                     equals_ignore_case(uri.scheme, "tel");
  if (named) target.uri = address_of_record(uri);
  const auto method = parameter(uri.parameters, "method");
  if (method && !method->empty()) target.method = upper_case(*method);
  read_headers(uri.headers, target);
  return target;
}

std::optional<int> sipfrag_status(std::string_view body) noexcept {
  constexpr std::string_view kVersion = "SIP/2.0 ";
  if (!starts_with_ignore_case(body, kVersion)) return std::nullopt;
  const auto status = parse_number<std::uint16_t>(body.substr(kVersion.size(), 3));
  return status && *status >= 100 && *status < 700 ? std::optional<int>(*status) : std::nullopt;
}

}  // namespace tapestry::sip
