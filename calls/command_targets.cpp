#include "calls/command_targets.h"

#include <algorithm>
#include <array>

#include "calls/identity.h"

namespace tapestry::calls {
namespace {

constexpr std::array kSides{Side::Caller, Side::Callee};

/// `1001` of `PJSIP/1001-0000002a`, and of `Local/1001@from-internal-00000003;1`; empty when it is no such name.
std::string_view user_of_channel(std::string_view channel) {
  const std::size_t slash = channel.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view name = channel.substr(slash + 1);
  const std::size_t at = name.find('@');
  const std::size_t dash = name.rfind('-');
  return dash == std::string_view::npos ? std::string_view{} : name.substr(0, std::min(at, dash));
}

bool is_named(const Call& call, std::string_view user) {
  return std::ranges::any_of(kSides, [&](Side side) {
    const auto& uris = call.sides[index_of(side)].uris;
    return std::ranges::any_of(uris, [&](const std::string& uri) { return user_of(uri) == user; });
  });
}

bool is_at(const Call& call, Side side, const IpAddress& host) {
  const auto& addresses = call.sides[index_of(side)].addresses;
  const auto claims = [&](const MediaClaim& claim) { return claim.side == side && claim.endpoint.ip == host; };
  return std::ranges::find(addresses, host) != addresses.end() || host_of(call, side) == host ||
         std::ranges::any_of(call.claims, claims);
}

}  // namespace

void CommandTargets::learn(const pause::ControlTarget& told) {
  const auto [at, added] = learnt_.insert_or_assign(told.target, told.call_id);
  if (!added) return;
  order_.push_back(told.target);
  if (order_.size() <= kMaxTargets) return;
  learnt_.erase(order_.front());
  order_.pop_front();
  ++forgotten_;
}

template <class Matches>
std::vector<const Call*> CommandTargets::up_where(const Matches& matches) {
  std::vector<const Call*> found;
  std::vector<std::uint64_t> conversations;
  const std::vector<std::uint64_t> serials = calls_.all();
  for (auto serial = serials.rbegin(); serial != serials.rend(); ++serial) {
    const Call& call = *calls_.find(*serial);
    if (!call.is_up() || !matches(call)) continue;
    const std::uint64_t conversation = conversations_.of(*serial).id;
    if (std::ranges::find(conversations, conversation) != conversations.end()) continue;
    conversations.push_back(conversation);
    found.push_back(&call);
  }
  return found;
}

std::vector<const Call*> CommandTargets::of_channel(std::string_view target) {
  if (target.empty()) return {};
  const auto learnt = learnt_.find(target);
  if (const Call* call = learnt == learnt_.end() ? nullptr : calls_.find(learnt->second)) return {call};
  if (const Call* call = calls_.find(target)) return {call};
  const std::string_view user = user_of_channel(target);
  if (user.empty()) return {};
  return up_where([user](const Call& call) { return is_named(call, user); });
}

std::vector<const Call*> CommandTargets::of_host(const IpAddress& host, pause::Side side) {
  return up_where([&](const Call& call) {
    return std::ranges::any_of(kSides, [&](Side end) {
      return is_at(call, end, host) &&
             (side == pause::Side::Any || origin_.is_inside(call, end, conversations_.of(call.serial)));
    });
  });
}

}  // namespace tapestry::calls
