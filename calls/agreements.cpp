#include "calls/agreements.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace tapestry::calls {
namespace {

constexpr std::size_t kMaxHalfSessions = 64;
constexpr std::size_t kMaxAgreements = 256;

HalfSession* find_half(Call& call, std::size_t hop, const TransactionKey& key) {
  const auto found = std::ranges::find_if(
      call.half_sessions, [&](const HalfSession& half) { return half.hop == hop && half.transaction == key; });
  return found == call.half_sessions.end() ? nullptr : &*found;
}

/// Keys of lines that the other end has, too, under the same tag.
void choose_keys(Call& call, const SessionLine& told, const SessionLine& other_end) {
  for (OfferedKey& offered : call.srtp_keys) {
    const bool told_here = (offered.claims & told.claims).any() && std::ranges::count(told.tags, offered.tag) > 0;
    if (told_here && std::ranges::count(other_end.tags, offered.tag) > 0) offered.chosen = true;
  }
}

/// Copies on other hops, and re-INVITEs that change nothing, agree on what there is.
bool is_known(const Call& call, const Agreement& agreement) {
  const auto newest_first = std::views::reverse(call.agreements);
  const auto last = std::ranges::find_if(
      newest_first, [&agreement](const Agreement& have) { return (have.ends & agreement.ends).any(); });
  return last != newest_first.end() && last->ends == agreement.ends && last->encryption == agreement.encryption;
}

void agree(Call& call, const SessionLine& offer, const SessionLine& answer, Time time) {
  if (offer.claims.none() || answer.claims.none()) return;
  choose_keys(call, offer, answer);
  choose_keys(call, answer, offer);
  Agreement agreement{.ends = offer.claims | answer.claims, .since = time};
  if (!offer.encryption.empty() && !answer.encryption.empty())
    agreement.encryption = answer.encryption == "SRTP" ? offer.encryption : answer.encryption;
  if (is_known(call, agreement)) return;
  if (call.agreements.size() >= kMaxAgreements) {
    call.agreements.erase(call.agreements.begin());
    call.overflowed = true;
  }
  call.agreements.push_back(std::move(agreement));
}

}  // namespace

void note_session(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                  std::vector<SessionLine> lines) {
  const bool provisional = !message.request && message.status < 200;
  if (!message.request && message.status >= 300) return;
  const std::size_t hop = hop_of(call, info);
  const TransactionKey key{std::string(message.method == "ACK" ? "INVITE" : message.method), message.cseq,
                           sides.requester};
  HalfSession* const half = find_half(call, hop, key);
  if (lines.empty() && half != nullptr && !message.request && !provisional) lines = std::exchange(half->preview, {});
  if (lines.empty()) return;
  if (half == nullptr) {
    if (provisional) return;
    const bool initial = message.request && message.method == "INVITE" && sides.to_tag.empty();
    if (call.half_sessions.size() >= kMaxHalfSessions) call.half_sessions.erase(call.half_sessions.begin());
    call.half_sessions.push_back(
        {.hop = hop, .transaction = key, .sender = sides.sender, .initial = initial, .lines = std::move(lines)});
  } else if (half->sender == sides.sender) {
    half->lines = std::move(lines);
  } else if (provisional && !half->initial) {
    half->preview = std::move(lines);
  } else {
    const std::size_t count = std::min(half->lines.size(), lines.size());
    for (std::size_t n = 0; n < count; ++n) agree(call, half->lines[n], lines[n], info.time);
  }
}

std::vector<const Agreement*> agreements_between(const Call& call, const ClaimSet& one, const ClaimSet& other) {
  std::vector<const Agreement*> found;
  if (one.none() && other.none()) return found;
  for (const Agreement& agreement : call.agreements) {
    const bool named = (one.none() || (agreement.ends & one).any()) && (other.none() || (agreement.ends & other).any());
    if (named) found.push_back(&agreement);
  }
  return found;
}

}  // namespace tapestry::calls
