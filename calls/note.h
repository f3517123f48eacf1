#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/address.h"
#include "core/time.h"

// What messages carry beside the calls that they set up: plain structs that own everything.
namespace tapestry::calls {

/// Which attachment a note belongs to.
enum class NoteKind : std::uint8_t { UserToUser, Redirection, CallControl };
inline constexpr std::array kNoteKinds{NoteKind::UserToUser, NoteKind::Redirection, NoteKind::CallControl};
std::string_view to_string(NoteKind kind) noexcept;  ///< the attachment's purpose: `user-to-user`, ...

/// One member of a note, text whatever it means. No card number is in it.
struct NoteField {
  std::string_view name;  ///< static: `value`, `uri`, ...
  std::string value;      ///< never empty
  friend bool operator==(const NoteField&, const NoteField&) = default;
};

/// Something that one message said, as seen on one hop.
struct Note {
  NoteKind kind = NoteKind::UserToUser;
  Time time;
  std::string call_id;
  Endpoint source;
  Endpoint destination;
  std::string message;  ///< the request's method, or status and method of a response: `302 INVITE`
  std::vector<NoteField> fields;
};

/// Those of one call or conversation.
struct Notes {
  std::vector<Note> list;                                   ///< in order of time
  std::array<std::uint64_t, kNoteKinds.size()> left_out{};  ///< by kind: how many a bound kept out
};

}  // namespace tapestry::calls
