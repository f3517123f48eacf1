#pragma once
#include <string>

#include "sipparse/message.h"

namespace tapestry::calls {

/// The message as a journal may keep it, in a form that sip::parse_message takes again. Keys that it tells are left out
/// in any case. With `paused` all is left out that is not known to be needed to follow dialogs, and card numbers are
/// masked: of headers, those that RFC 3261 and its extensions use for calls; of bodies, session descriptions and
/// documents about dialogs. Call-IDs and tags stay as they are. Linear.
[[nodiscard]] std::string logged_form(const sip::Message& message, bool paused);

/// logged_form() of a text that it gave before, now that it is known to be inside a pause. Empty when it cannot be
/// read.
[[nodiscard]] std::string as_paused(std::string_view text);

}  // namespace tapestry::calls
