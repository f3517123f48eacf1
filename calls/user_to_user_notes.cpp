#include "calls/user_to_user_notes.h"

#include "calls/noting.h"
#include "sipparse/uui_forms.h"

namespace tapestry::calls {

void note_user_to_user(Notes& notes, const sip::Message& message, const MessageInfo& info) {
  for (sip::CarriedUserToUser& carried : sip::user_to_user(message)) {
    sip::UserToUser& value = carried.value;
    add_note(notes, NoteKind::UserToUser,
             {{"form", std::string(to_string(carried.form))},
              {"value", std::move(value.data)},
              {"encoding", std::move(value.encoding)},
              {"purpose", std::move(value.purpose)},
              {"content", std::move(value.content)},
              {"mediatype", std::move(carried.mediatype)}},
             message, info);
  }
}

}  // namespace tapestry::calls
