#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sipparse/message.h"
#include "sipparse/user_to_user.h"

namespace tapestry::sip {

/// Where in a message user-to-user information stood.
enum class UuiForm : std::uint8_t {
  Header,            ///< User-to-User
  ContactHeader,     ///< escaped in Contact's URI: `<sip:a@b?User-to-User=56a3%3Bencoding%3Dhex>`
  ReferToHeader,     ///< the same in Refer-To
  RequestParameter,  ///< `;User-to-User=` or `;uui=` in the Request-URI
  ContactParameter,
  ReferToParameter,
  Body,         ///< a body part like application/uui, or text/plain beside others in an INVITE
  ContactBody,  ///< escaped in Contact's URI as `body=`
  ReferToBody,
  CallInfo,  ///< a data: URI (RFC 2397) in Call-Info
};
std::string_view to_string(UuiForm form) noexcept;  ///< `header`, `contact-header`, `request-parameter`, ...

struct CarriedUserToUser {
  UuiForm form = UuiForm::Header;
  UserToUser value;
  std::string mediatype;  ///< of Body, ContactBody, ReferToBody and CallInfo, in lower case; may be empty
};

/// All that a message carries, in every form, in the order of its Request-URI, headers and body parts. Body parts and
/// data: URIs of binary octets come as hexadecimal digits with encoding `hex`. Linear; the values are as long as they
/// were sent.
std::vector<CarriedUserToUser> user_to_user(const Message& message);

}  // namespace tapestry::sip
