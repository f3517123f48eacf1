#include "calls/notified.h"

#include "core/bytes.h"
#include "sipparse/body.h"
#include "sipparse/text.h"

namespace tapestry::calls {

std::string_view notified(const sip::Message& message, std::string_view type) {
  if (message.method != "NOTIFY" || !message.request || message.body.empty()) return {};
  for (const sip::BodyPart& part : sip::body_parts(message)) {
    if (sip::equals_ignore_case(part.type, type)) return as_text(part.bytes);
  }
  return {};
}

}  // namespace tapestry::calls
