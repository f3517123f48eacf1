#include "calls/note.h"

namespace tapestry::calls {

std::string_view to_string(NoteKind kind) noexcept {
  switch (kind) {
    case NoteKind::UserToUser:
      return "user-to-user";
    case NoteKind::Redirection:
      return "redirection-history";
    case NoteKind::CallControl:
      return "call-control";
  }
  return "";
}

}  // namespace tapestry::calls
