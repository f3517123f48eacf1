#include "calls/consents.h"

#include <algorithm>
#include <array>

#include "calls/identity.h"
#include "calls/noting.h"
#include "calls/presence.h"
#include "sipparse/parameters.h"
#include "sipparse/text.h"
#include "sipparse/uri.h"

namespace tapestry::calls {
namespace {

constexpr std::array kFiles{std::string_view("record"),  std::string_view("monitor"), std::string_view("consent"),
                            std::string_view("disclos"), std::string_view("privacy"), std::string_view("quality")};
constexpr std::array kUsers{std::string_view("annc"), std::string_view("announce"), std::string_view("consent"),
                            std::string_view("disclaimer")};

/// That Request-URI, else the address of record of whoever answered.
const std::string& announcement_of(const Leg& leg) {
  return leg.call->announcement.empty() ? leg.standing[1].party.uri : leg.call->announcement;
}

Note note_of(const Leg& leg, const Presence& heard, const Party& party) {
  Note note;
  note.kind = NoteKind::CallControl;
  note.time = heard.when.start;
  note.call_id = leg.call->call_id;
  note.message = "INVITE";
  if (!leg.call->hops.empty()) {
    note.source = leg.call->hops.front().source;
    note.destination = leg.call->hops.front().destination;
  }
  note.fields = {{"kind", "consent"}, {"announcement", announcement_of(leg)}, {"until", to_rfc3339(heard.when.end)}};
  if (!party.uri.empty()) note.fields.push_back({"party", party.uri});
  return note;
}

}  // namespace

void note_announcement(Call& call, const sip::Message& invite) {
  if (!call.announcement.empty()) return;
  const auto uri = sip::parse_uri(invite.request_uri);
  if (!uri || (!sip::parameter(uri->parameters, "play") && !sip::parameter(uri->parameters, "voicexml"))) return;
  call.announcement = without_cards(invite.request_uri.substr(0, kMaxNoteBytes));
}

bool tells_of_recording(std::string_view uri) {
  std::string text(uri);
  std::ranges::transform(text, text.begin(), sip::lower);
  for (const std::string_view parameter : {";play=", ";voicexml="}) {
    const std::size_t at = text.find(parameter);
    if (at == std::string::npos) continue;
    return std::ranges::any_of(kFiles, [&](std::string_view word) { return text.find(word, at) != std::string::npos; });
  }
  return std::ranges::any_of(kUsers, [&](std::string_view user) { return user_of(text).starts_with(user); });
}

void add_consents(const std::vector<Leg>& legs, Interaction& interaction) {
  for (std::size_t n = 0; n < legs.size(); ++n) {
    if (!legs[n].answer || !tells_of_recording(announcement_of(legs[n]))) continue;
    for (const Presence& heard : behind(legs, n, Side::Caller)) {
      const Party& party = interaction.parties[heard.party];
      if (party.type == "bot") continue;
      std::vector<Note>& list = interaction.notes.list;
      const auto at = std::ranges::upper_bound(list, heard.when.start, {}, &Note::time);
      list.insert(at, note_of(legs[n], heard, party));
    }
  }
}

}  // namespace tapestry::calls
