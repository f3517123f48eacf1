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

/// What a MESSAGE inside a dialog said.
struct TextMessage {
  std::size_t party = 0;  ///< who sent it: in an open call index_of(Side), in an Interaction index into its parties
  Time time;
  std::string mediatype;  ///< `text/plain`, ..., in lower case
  std::string text;       ///< no card number is in it
};

/// Those of one call or conversation.
struct Texts {
  std::vector<TextMessage> list;  ///< in order of time
  std::uint64_t left_out = 0;     ///< how many a bound kept out
};

/// A party's Session-ID (RFC 7989) in one dialog: 32 hexadecimal digits each, the null UUID for an unknown remote.
struct PartySession {
  std::size_t party = 0;  ///< index into Interaction::parties
  Time since;             ///< first message of the dialog
  std::string local;
  std::string remote;
};

/// Fields of draft-ietf-vcon-cc-extension-02 that the [[map]] table fills in; empty ones are not known.
struct ContactCentre {
  std::string campaign;
  std::string skill;
  std::string interaction_type;
  std::string interaction_id;
  std::string contact_list;  ///< of the customer's Party, the others of each Dialog
};

}  // namespace tapestry::calls
