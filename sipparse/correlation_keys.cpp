#include "sipparse/correlation_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "sipparse/address.h"
#include "sipparse/parameters.h"
#include "sipparse/session_id.h"
#include "sipparse/text.h"
#include "sipparse/uri.h"
#include "sipparse/uri_headers.h"
#include "sipparse/user_to_user.h"

namespace tapestry::sip {
namespace {

using Keys = std::vector<CorrelationKey>;

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

void add(Keys& keys, std::string_view kind, std::string value) {
  if (value.empty() || value.size() > kMaxKeyLength || keys.size() == kMaxCorrelationKeys) return;
  CorrelationKey key{kind, std::move(value)};
  if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
}

bool is_hex_uuid(std::string_view text) noexcept {
  return text.size() == 32 && std::ranges::all_of(text, is_hex) &&
         text.find_first_not_of('0') != std::string_view::npos;
}

void add_session_ids(Keys& keys, std::string_view kind, std::string_view value) {
  const auto ids = parse_session_id(value);
  if (!ids) return;
  for (const std::string& id : {ids->local, ids->remote}) {
    if (id != kNilUuid) add(keys, kind, id);
  }
}

void add_ucids(Keys& keys, std::string_view kind, std::string_view value) {
  for (const UserToUser& one : parse_user_to_user(value)) {
    if (auto ucid = ucid_of(one)) add(keys, kind, std::move(*ucid));
  }
}

/// What a URI in the header hands on to the request that it asks for.
void add_handed_on(Keys& keys, std::string_view kind, std::string_view value) {
  const std::size_t headers = value.find('?');
  if (headers == std::string_view::npos) return;
  std::string_view rest = value.substr(headers + 1);
  rest = rest.substr(0, rest.find('>'));
  while (const auto header = take_uri_header(rest)) {
    if (equals_ignore_case(header->name, "User-to-User")) add_ucids(keys, kind, header->value);
  }
}

void add_contact(Keys& keys, std::string_view kind, std::string_view value) {
  add_handed_on(keys, "ucid", value);
  if (const auto gsid = parameter(value, "gsid")) add(keys, kind, lower_case(*gsid));
}

/// Four decimals of 32 bits.
std::optional<std::string> cisco_guid(std::string_view value) {
  std::string guid;
  for (int part = 0; part < 4; ++part) {
    const auto number = parse_number<std::uint32_t>(trim(take_until(value, '-')));
    if (!number) return std::nullopt;
    guid += fmt::format("{:08x}", *number);
  }
  return value.empty() && is_hex_uuid(guid) ? std::optional(guid) : std::nullopt;
}

void add_cisco_guid(Keys& keys, std::string_view kind, std::string_view value) {
  if (auto guid = cisco_guid(value)) add(keys, kind, std::move(*guid));
}

void add_icid(Keys& keys, std::string_view kind, std::string_view value) {
  if (const auto icid = parameter(value, "icid-value")) add(keys, kind, std::string(*icid));
}

void add_caseless(Keys& keys, std::string_view kind, std::string_view value) { add(keys, kind, lower_case(value)); }

void add_as_is(Keys& keys, std::string_view kind, std::string_view value) { add(keys, kind, std::string(value)); }

std::string user_in(std::string_view name_address) {
  const auto address = parse_name_address(name_address);
  return address && address->uri ? lower_case(address->uri->user) : std::string();
}

/// `m=BS`, busy, `NR`, no reply, `NL`, not logged in.
bool is_completion(const Message& message) {
  if (message.method != "INVITE") return false;
  if (message.request) {
    const auto uri = parse_uri(message.request_uri);
    const auto mode = uri ? parameter(uri->parameters, "m") : std::nullopt;
    return mode && (equals_ignore_case(*mode, "BS") || equals_ignore_case(*mode, "NR") || equals_ignore_case(*mode, "NL"));
  }
  return std::ranges::any_of(message.headers, [](const Header& header) {
    const auto purpose = equals_ignore_case(header.raw_name, "Call-Info") ? parameter(header.value, "purpose") : std::nullopt;
    return purpose && equals_ignore_case(*purpose, "call-completion");
  });
}

/// RFC 6910: the call that was busy and the one that completes it have nothing in common but their ends.
void add_completion(Keys& keys, const Message& message) {
  if (!is_completion(message)) return;
  const std::string from = user_in(message.value(HeaderName::From));
  const std::string to = user_in(message.value(HeaderName::To));
  if (!from.empty() && !to.empty()) add(keys, "call-completion", from + " to " + to);
}

struct Source {
  std::string_view header;
  std::string_view kind;
  void (*read)(Keys&, std::string_view kind, std::string_view value);
};
constexpr std::array kSources{
    Source{"Session-ID", "session-id", add_session_ids},
    Source{"User-to-User", "ucid", add_ucids},
    Source{"Av-Global-Session-ID", "av-global-session-id", add_caseless},
    Source{"Contact", "av-global-session-id", add_contact},
    Source{"m", "av-global-session-id", add_contact},
    Source{"Refer-To", "ucid", add_handed_on},
    Source{"r", "ucid", add_handed_on},
    Source{"P-Charging-Vector", "icid", add_icid},
    Source{"Cisco-Guid", "cisco-guid", add_cisco_guid},
    Source{"Cisco-Gucid", "cisco-gucid", add_caseless},
    Source{"X-Genesys-CallUUID", "genesys-calluuid", add_as_is},
    Source{"x-inin-cnv", "genesys-cloud", add_caseless},
    Source{"X-BroadWorks-Correlation-Info", "broadworks", add_caseless},
    Source{"X-CID", "x-cid", add_as_is},
    Source{"X-Call-ID", "x-call-id", add_as_is},
    Source{"Parent-Call-ID", "parent-call-id", add_as_is},
    Source{"X-Correlation-ID", "x-correlation-id", add_as_is},
};

}  // namespace

Keys correlation_keys(const Message& message) {
  Keys keys;
  for (const Header& header : message.headers) {
    for (const Source& source : kSources) {
      if (equals_ignore_case(header.raw_name, source.header)) source.read(keys, source.kind, header.value);
    }
  }
  add_completion(keys, message);
  return keys;
}

}  // namespace tapestry::sip
