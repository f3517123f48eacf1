#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "calls/call.h"
#include "calls/signalling.h"
#include "sipparse/message.h"

// How notes are taken while messages pass; nothing of a message is kept but what is copied here.
namespace tapestry::calls {

/// Bounds within one call: notes of each kind, and octets of each field. What lies beyond is left out and counted; a
/// longer field is cut.
inline constexpr std::size_t kMaxNotes = 32;
inline constexpr std::size_t kMaxNoteBytes = 2048;

/// Adds a note of the message to the call, unless the same was noted between the same endpoints in the same direction.
/// Card numbers are masked by without_cards(), in a `value` also those that hexadecimal spells, empty fields left out;
/// without any field there is no note.
void add_note(Notes& notes, NoteKind kind, std::vector<NoteField> fields, const sip::Message& message,
              const MessageInfo& info);

/// Keeps what a message says beside setting up the call: notes of every kind, the caller's PASSporT, both ends'
/// Session-IDs, texts.
void take_notes(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides);

/// `value` with card numbers masked (core/card_numbers.h). The number in an address `sip:+...` or `tel:+...` stays when
/// it has up to 15 digits, as ITU-T E.164's have.
std::string without_cards(std::string_view value);

}  // namespace tapestry::calls
