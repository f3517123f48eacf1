#include "sipparse/uui_forms.h"

#include <fmt/format.h>

#include <algorithm>

#include "sipparse/address.h"
#include "sipparse/base64.h"
#include "sipparse/body.h"
#include "sipparse/uri_headers.h"

namespace tapestry::sip {
namespace {

using Values = std::vector<CarriedUserToUser>;

void add(Values& values, CarriedUserToUser value) {
  if (!value.value.data.empty() && values.size() < kMaxUserToUser) values.push_back(std::move(value));
}

void add_all(Values& values, UuiForm form, std::string_view text) {
  for (UserToUser& value : parse_user_to_user(text)) add(values, {form, std::move(value), ""});
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

/// No type is registered: whatever says so in its name (application/uui, application/vnd.example.user-to-user), and the
/// draft's application/acd.
bool is_uui_type(std::string_view type) {
  const std::string name = lower_case(type);
  if (name == "application/acd" || name.contains("user-to-user") || name.contains("usertouser")) return true;
  const std::size_t at = name.find("uui");
  return at != std::string::npos && at > 0 && !is_alnum(name[at - 1]) &&
         (at + 3 == name.size() || !is_alnum(name[at + 3]));
}

bool is_text(std::string_view octets) noexcept {
  return std::ranges::all_of(octets, [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return is_space(c) || (code >= 0x20 && code != 0x7f);
  });
}

void add_octets(Values& values, UuiForm form, std::string_view type, std::string_view octets) {
  CarriedUserToUser carried{form, {}, lower_case(type)};
  if (is_text(octets)) {
    carried.value.data = trim(octets);
  } else {
    for (const char c : octets) carried.value.data += fmt::format("{:02x}", static_cast<unsigned char>(c));
    carried.value.encoding = "hex";
  }
  add(values, std::move(carried));
}

/// A body that a URI hands on, when its Content-Type says user-to-user information or nothing.
void add_handed_on_body(Values& values, UuiForm form, std::string_view type, std::string_view body) {
  const std::string plain_type = unescape(type);
  const std::string_view name = trim(std::string_view(plain_type).substr(0, plain_type.find(';')));
  const std::string octets = unescape(body);
  if (name.empty() ? octets.starts_with("v=") : !is_uui_type(name)) return;
  add_octets(values, form, name, octets);
}

struct UriForms {
  UuiForm parameter;
  UuiForm header;
  UuiForm body;
};

void add_parameters(Values& values, UuiForm form, std::string_view parameters) {
  while (const auto next = take_parameter(parameters)) {
    if (!next->value) continue;
    if (equals_ignore_case(next->name, "User-to-User") || equals_ignore_case(next->name, "uui")) {
      add_all(values, form, unescape(*next->value));
    }
  }
}

void add_uri(Values& values, const UriForms& forms, const Uri& uri) {
  add_parameters(values, forms.parameter, uri.parameters);
  std::string_view type;
  std::string_view body;
  for (std::string_view rest = uri.headers; const auto header = take_uri_header(rest);) {
    if (equals_ignore_case(header->name, "User-to-User")) add_all(values, forms.header, unescape(header->value));
    if (equals_ignore_case(header->name, "Content-Type")) type = header->value;
    if (equals_ignore_case(header->name, "body")) body = header->value;
  }
  if (!body.empty()) add_handed_on_body(values, forms.body, type, body);
}

void add_addresses(Values& values, const UriForms& forms, std::string_view list) {
  for (const std::string_view one : split_list(list, kMaxUserToUser)) {
    const auto address = parse_name_address(one);
    if (!address || !address->uri) continue;
    add_uri(values, forms, *address->uri);
    if (!one.contains('<')) add_parameters(values, forms.parameter, address->parameters);
  }
}

/// `data:[type][;base64],octets` (RFC 2397 §2); pictures and sounds are for people.
void add_data_uri(Values& values, std::string_view uri) {
  constexpr std::string_view kScheme = "data:";
  if (!starts_with_ignore_case(uri, kScheme)) return;
  uri.remove_prefix(kScheme.size());
  if (!uri.contains(',')) return;
  const std::string_view head = take_until(uri, ',');
  const std::string_view type = head.substr(0, head.find(';'));
  if (!type.empty() && !starts_with_ignore_case(type, "text/") && !starts_with_ignore_case(type, "application/")) {
    return;
  }
  const bool base64 = head.size() >= 7 && equals_ignore_case(head.substr(head.size() - 7), ";base64");
  const std::string plain = unescape(uri);
  const auto octets = base64 ? decode_base64(plain) : std::optional(plain);
  if (octets) add_octets(values, UuiForm::CallInfo, type, *octets);
}

/// A data: URI holds commas, so only brackets tell where it ends.
void add_call_info(Values& values, std::string_view list) {
  for (std::size_t open = list.find('<'); open != std::string_view::npos; open = list.find('<', open + 1)) {
    add_data_uri(values, trim(list.substr(open + 1, std::min(list.find('>', open), list.size()) - open - 1)));
  }
}

void add_header(Values& values, const Header& header) {
  switch (header.name) {
    case HeaderName::UserToUser:
      return add_all(values, UuiForm::Header, header.value);
    case HeaderName::Contact:
      return add_addresses(values, {UuiForm::ContactParameter, UuiForm::ContactHeader, UuiForm::ContactBody},
                           header.value);
    case HeaderName::ReferTo:
      return add_addresses(values, {UuiForm::ReferToParameter, UuiForm::ReferToHeader, UuiForm::ReferToBody},
                           header.value);
    case HeaderName::CallInfo:
      return add_call_info(values, header.value);
    default:
      return;
  }
}

}  // namespace

std::string_view to_string(UuiForm form) noexcept {
  switch (form) {
    case UuiForm::Header:
      return "header";
    case UuiForm::ContactHeader:
      return "contact-header";
    case UuiForm::ReferToHeader:
      return "refer-to-header";
    case UuiForm::RequestParameter:
      return "request-parameter";
    case UuiForm::ContactParameter:
      return "contact-parameter";
    case UuiForm::ReferToParameter:
      return "refer-to-parameter";
    case UuiForm::Body:
      return "body";
    case UuiForm::ContactBody:
      return "contact-body";
    case UuiForm::ReferToBody:
      return "refer-to-body";
    case UuiForm::CallInfo:
      return "call-info";
  }
  return "";
}

Values user_to_user(const Message& message) {
  Values values;
  if (const auto uri = parse_uri(message.request_uri)) {
    add_parameters(values, UuiForm::RequestParameter, uri->parameters);
  }
  for (const Header& header : message.headers) add_header(values, header);
  if (message.body.empty()) return values;
  const std::vector<BodyPart> parts = body_parts(message);
  const bool beside_others = parts.size() > 1 && message.method == "INVITE";
  for (const BodyPart& part : parts) {
    if (is_uui_type(part.type) || (beside_others && equals_ignore_case(part.type, "text/plain"))) {
      add_octets(values, UuiForm::Body, part.type, as_text(part.bytes));
    }
  }
  return values;
}

}  // namespace tapestry::sip
