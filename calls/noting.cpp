#include "calls/noting.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "calls/control_notes.h"
#include "calls/redirection_notes.h"
#include "calls/session_ids.h"
#include "calls/text_messages.h"
#include "calls/user_to_user_notes.h"
#include "core/card_numbers.h"
#include "sipparse/identity.h"
#include "sipparse/parameters.h"
#include "sipparse/text.h"

namespace tapestry::calls {
namespace {

std::string name_of(const sip::Message& message) {
  const std::string method(message.method.substr(0, kMaxNoteBytes));
  return message.request ? method : std::to_string(message.status) + (method.empty() ? "" : " ") + method;
}

bool same(const Note& a, const Note& b) {
  return a.kind == b.kind && a.source == b.source && a.destination == b.destination && a.fields == b.fields;
}

/// How much of a value is an address with a number in ITU-T E.164's form, which has up to 15 digits and is no card's.
std::size_t e164_end(std::string_view value) noexcept {
  constexpr std::size_t kMostDigits = 15;
  for (const std::string_view scheme : {"sip:+", "sips:+", "tel:+"}) {
    if (!value.starts_with(scheme)) continue;
    const std::size_t end = std::min(value.find_first_not_of("0123456789", scheme.size()), value.size());
    if (end - scheme.size() > kMostDigits) return 0;
    return end == value.size() || value[end] == '@' ? end : 0;
  }
  return 0;
}

/// Octets of hexadecimal digits; nothing when the text is none.
std::optional<std::string> from_hexadecimal(std::string_view text) {
  if (text.empty() || text.size() % 2 != 0) return std::nullopt;
  std::string octets;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, value, 16);
    if (error != std::errc() || end != text.data() + at + 2) return std::nullopt;
    octets.push_back(static_cast<char>(value));
  }
  return octets;
}

/// The value without card numbers, as text or in hexadecimal.
std::string without_hidden_cards(const std::string& value) {
  const auto octets = from_hexadecimal(value);
  if (octets && mask_card_numbers(*octets) != *octets) return std::string(value.size(), 'X');
  return mask_card_numbers(value);
}

void keep_passport(Call& call, const sip::Message& message, const MessageSides& sides) {
  if (!call.passport.empty() || !message.request || sides.sender != Side::Caller) return;
  for (const sip::Header& header : message.headers) {
    if (header.name != sip::HeaderName::Identity) continue;
    for (const std::string_view one : sip::split_list(header.value)) {
      if (call.passport.empty()) call.passport = sip::passport_of(one).value_or("");
    }
  }
}

}  // namespace

std::string without_cards(std::string_view value) {
  const std::size_t kept = e164_end(value);
  return std::string(value.substr(0, kept)) + mask_card_numbers(value.substr(kept));
}

void add_note(Notes& notes, NoteKind kind, std::vector<NoteField> fields, const sip::Message& message,
              const MessageInfo& info) {
  std::erase_if(fields, [](const NoteField& field) { return field.value.empty(); });
  if (fields.empty()) return;
  for (NoteField& field : fields) {
    field.value = field.name == "value" ? without_hidden_cards(field.value) : without_cards(field.value);
    field.value = field.value.substr(0, kMaxNoteBytes);
  }
  Note note{.kind = kind,
            .time = info.time,
            .call_id = std::string(message.call_id.substr(0, kMaxNoteBytes)),
            .source = info.source,
            .destination = info.destination,
            .message = name_of(message),
            .fields = std::move(fields)};
  std::size_t count = 0;
  for (const Note& have : notes.list) {
    if (same(have, note)) return;
    if (have.kind == kind) ++count;
  }
  if (count < kMaxNotes) {
    notes.list.push_back(std::move(note));
  } else {
    ++notes.left_out[static_cast<std::size_t>(kind)];
  }
}

void take_notes(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides) {
  note_user_to_user(call.notes, message, info);
  note_redirection(call.notes, message, info);
  note_call_control(call.notes, message, info);
  keep_passport(call, message, sides);
  keep_session_id(call, message, sides);
  keep_text(call, message, info, sides);
}

}  // namespace tapestry::calls
