#include "calls/closing_notes.h"

#include <algorithm>
#include <tuple>

#include "calls/consents.h"
#include "calls/presence.h"
#include "calls/session_ids.h"

namespace tapestry::calls {
namespace {

void add_notes(const Notes& from, Notes& to) {
  for (const Note& note : from.list) {
    const auto behind = std::upper_bound(to.list.begin(), to.list.end(), note.time,
                                         [](Time time, const Note& one) { return time < one.time; });
    to.list.insert(behind, note);
  }
  for (std::size_t kind = 0; kind < to.left_out.size(); ++kind) to.left_out[kind] += from.left_out[kind];
}

/// The party of that end, or whom its host connects then; kNoParty when nobody is known.
std::size_t party_at(const std::vector<Leg>& legs, std::size_t leg, Side side, Time time) {
  const std::size_t party = legs[leg].party[index_of(side)];
  if (party != kNoParty) return party;
  const std::vector<Presence> present = behind(legs, leg, side);
  const auto found = std::ranges::find_if(
      present, [&](const Presence& one) { return one.when.start <= time && time <= one.when.end; });
  if (found != present.end()) return found->party;
  return present.empty() ? kNoParty : present.front().party;
}

void add_texts(const std::vector<Leg>& legs, std::size_t leg, Texts& to) {
  constexpr Duration kRelayed = std::chrono::seconds(2);
  const Texts& from = legs[leg].call->texts;
  const auto before = static_cast<std::ptrdiff_t>(to.list.size());
  for (TextMessage text : from.list) {
    text.party = party_at(legs, leg, text.party == 0 ? Side::Caller : Side::Callee, text.time);
    const auto relayed = [&](const TextMessage& have) {
      return have.party == text.party && have.text == text.text && std::chrono::abs(have.time - text.time) <= kRelayed;
    };
    if (text.party == kNoParty) {
      ++to.left_out;
    } else if (std::none_of(to.list.begin(), to.list.begin() + before, relayed)) {
      to.list.push_back(std::move(text));
    }
  }
  to.left_out += from.left_out;
}

void fill(std::string& field, const std::string& value) {
  if (field.empty()) field = value;
}

void add_parties(const std::vector<Leg>& legs, std::size_t leg, Interaction& interaction) {
  const Call& call = *legs[leg].call;
  const std::size_t caller = party_at(legs, leg, Side::Caller, call.first_seen);
  if (caller != kNoParty) fill(interaction.parties[caller].stir, call.passport);
  for (const Side side : {Side::Caller, Side::Callee}) {
    const std::size_t party = legs[leg].party[index_of(side)];
    const auto id = session_id_of(call, side);
    if (id && party != kNoParty) interaction.sessions.push_back({party, call.first_seen, id->local, id->remote});
  }
}

void add_fields(const ContactCentre& from, ContactCentre& to) {
  fill(to.campaign, from.campaign);
  fill(to.skill, from.skill);
  fill(to.interaction_type, from.interaction_type);
  fill(to.interaction_id, from.interaction_id);
  fill(to.contact_list, from.contact_list);
}

}  // namespace

void close_notes(const std::vector<Leg>& legs, Interaction& interaction) {
  for (std::size_t leg = 0; leg < legs.size(); ++leg) {
    add_notes(legs[leg].call->notes, interaction.notes);
    add_texts(legs, leg, interaction.texts);
    add_parties(legs, leg, interaction);
    add_fields(legs[leg].call->fields, interaction.fields);
  }
  add_consents(legs, interaction);
  std::ranges::sort(interaction.texts.list, {},
                    [](const TextMessage& text) { return std::tie(text.time, text.party, text.text); });
  const auto customer = std::ranges::find(interaction.parties, Role::Customer, &Party::role);
  if (customer != interaction.parties.end()) customer->contact_list = interaction.fields.contact_list;
}

std::uint64_t left_out_of(const Interaction& interaction) noexcept {
  std::uint64_t count = interaction.texts.left_out;
  for (const std::uint64_t kind : interaction.notes.left_out) count += kind;
  return count;
}

}  // namespace tapestry::calls
