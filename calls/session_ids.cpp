#include "calls/session_ids.h"

namespace tapestry::calls {

void keep_session_id(Call& call, const sip::Message& message, const MessageSides& sides) {
  auto read = sip::parse_session_id(message.value(sip::HeaderName::SessionId));
  if (!read) return;
  auto& kept = call.session_ids[index_of(sides.sender)];
  if (read->local == sip::kNilUuid && kept) return;
  kept = std::move(*read);
}

std::optional<sip::SessionId> session_id_of(const Call& call, Side side) {
  const auto& own = call.session_ids[index_of(side)];
  const auto& others = call.session_ids[index_of(other(side))];
  sip::SessionId result{std::string(sip::kNilUuid), std::string(sip::kNilUuid)};
  if (own) result = *own;
  if (others && result.local == sip::kNilUuid) result.local = others->remote;
  if (result.local == sip::kNilUuid) return std::nullopt;
  if (others && result.remote == sip::kNilUuid && others->remote == result.local) result.remote = others->local;
  return result;
}

}  // namespace tapestry::calls
