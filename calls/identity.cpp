#include "calls/identity.h"

#include <algorithm>

namespace tapestry::calls {
namespace {

constexpr std::size_t kShortestNumber = 7;
constexpr std::size_t kTellingDigits = 9;

}  // namespace

std::string_view user_of(std::string_view uri) noexcept {
  const std::size_t colon = uri.find(':');
  const std::string_view rest = colon == std::string_view::npos ? uri : uri.substr(colon + 1);
  const std::size_t at = rest.find('@');
  if (at != std::string_view::npos) return rest.substr(0, at);
  return uri.starts_with("tel:") ? rest : std::string_view{};
}

std::string identity_of(std::string_view uri) {
  std::string_view user = user_of(uri);
  std::string_view digits = user;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const bool number =
      digits.size() >= kShortestNumber && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (number) return std::string(digits.substr(digits.size() - std::min(digits.size(), kTellingDigits)));
  return user == "anonymous" ? std::string() : std::string(user);
}

IpAddress caller_host(const Call& call) {
  if (!call.invites.empty()) return call.invites.front().source;
  return call.hops.empty() ? IpAddress() : call.hops.front().source.ip;
}

IpAddress callee_host(const Call& call) {
  const Branch* branch = call.answered_branch();
  if (branch == nullptr && !call.branches.empty()) branch = &call.branches.back();
  if (branch != nullptr) return branch->address;
  if (!call.invites.empty()) return call.invites.back().destination;
  return call.hops.empty() ? IpAddress() : call.hops.back().destination.ip;
}

IpAddress host_of(const Call& call, Side side) { return side == Side::Caller ? caller_host(call) : callee_host(call); }

}  // namespace tapestry::calls
