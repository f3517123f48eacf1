#include "vconout/call_fields.h"

namespace tapestry::vconout {
namespace {

const calls::PartySession* session_of(const calls::Interaction& interaction, std::size_t party, Time end) {
  const calls::PartySession* found = nullptr;
  for (const calls::PartySession& session : interaction.sessions) {
    const bool later = found == nullptr || found->since <= session.since;
    if (session.party == party && session.since <= end && later) found = &session;
  }
  return found;
}

/// The same shape with a SessionId for each index; `any` becomes true when one is known.
Json sessions_of(const Json& parties, const calls::Interaction& interaction, Time end, bool& any) {
  if (parties.is_array()) {
    Json list = Json::array();
    for (const Json& one : parties) list.push_back(sessions_of(one, interaction, end, any));
    return list;
  }
  Json object = Json::object();
  const auto* session =
      parties.is_number_unsigned() ? session_of(interaction, parties.get<std::size_t>(), end) : nullptr;
  if (session == nullptr) return object;
  any = true;
  object["local"] = session->local;
  object["remote"] = session->remote;
  return object;
}

}  // namespace

void add_call_fields(Json& dialog, const calls::Interaction& interaction, Time end) {
  if (dialog["type"] == "transfer") return;
  add_text(dialog, "campaign", interaction.fields.campaign);
  add_text(dialog, "interaction_type", interaction.fields.interaction_type);
  add_text(dialog, "skill", interaction.fields.skill);
  if (!dialog.contains("parties")) return;
  bool any = false;
  Json sessions = sessions_of(dialog["parties"], interaction, end, any);
  if (any) dialog["session_id"] = std::move(sessions);
}

}  // namespace tapestry::vconout
