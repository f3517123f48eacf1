#pragma once
#include "calls/note.h"
#include "calls/signalling.h"
#include "sipparse/message.h"

namespace tapestry::calls {

/// Notes the user-to-user information of a message in every form that it is carried in (sipparse/uui_forms.h): fields
/// form, value, encoding, purpose, content, mediatype. One that a later hop changed is another note.
void note_user_to_user(Notes& notes, const sip::Message& message, const MessageInfo& info);

}  // namespace tapestry::calls
