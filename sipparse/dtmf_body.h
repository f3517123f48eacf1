#pragma once
#include <string>

#include "sipparse/body.h"

namespace tapestry::sip {

/// Keys that one body part can tell; more are left out.
inline constexpr std::size_t kMaxToldKeys = 64;

/// The keys (`0` to `9`, `*`, `#`, `A` to `D`) that a body part of an INFO or NOTIFY tells; empty when it tells none:
/// `application/dtmf-relay` (`Signal=5`, also with a colon, and words like `star`), `application/dtmf` (the keys
/// alone), `application/vnd.nortelnetworks.digits` (`d=5`), telephone-event as `audio` or `application` (four octets,
/// RFC 4733 §2.3, as some phones send in NOTIFY), `application/kpml-response+xml` (`digits`, RFC 4730 §6). Linear.
std::string dtmf_keys(const BodyPart& part);

}  // namespace tapestry::sip
