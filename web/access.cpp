#include "web/access.h"

#include <openssl/crypto.h>
#include <strings.h>

#include <algorithm>
#include <utility>

#include "vconout/digest.h"

namespace tapestry::web {
namespace {

constexpr std::array kRoles{std::pair<std::string_view, Role>{"listen", Role::Listen},
                            std::pair<std::string_view, Role>{"read", Role::Read},
                            std::pair<std::string_view, Role>{"metrics", Role::Metrics},
                            std::pair<std::string_view, Role>{"control", Role::Control},
                            std::pair<std::string_view, Role>{"admin", Role::Admin}};

std::optional<unsigned> digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
  return std::nullopt;
}

/// RFC 6750 §2.1; empty when the field holds no bearer token that can be one.
std::string_view bearer(std::string_view authorization) noexcept {
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.size() < kScheme.size()) return {};
  if (strncasecmp(authorization.data(), kScheme.data(), kScheme.size()) != 0) return {};
  authorization.remove_prefix(kScheme.size());
  return authorization.size() > kMostToken ? std::string_view() : authorization;
}

const Token* find_token(const std::vector<Token>& tokens, std::string_view shown) {
  const auto hash = vconout::digest(vconout::Digest::Kind::Sha256, as_bytes(shown));
  const Token* found = nullptr;
  for (const Token& token : tokens) {
    if (CRYPTO_memcmp(hash.data(), token.sha256.data(), token.sha256.size()) == 0) found = &token;
  }
  return found;
}

}  // namespace

std::optional<Role> parse_role(std::string_view text) noexcept {
  const auto found = std::ranges::find(kRoles, text, &std::pair<std::string_view, Role>::first);
  if (found == kRoles.end()) return std::nullopt;
  return found->second;
}

bool may(Role role, Right right) noexcept {
  switch (role) {
    case Role::Listen:
      return right == Right::Media;
    case Role::Read:
      return right == Right::Conversations;
    case Role::Metrics:
      return right == Right::Metrics;
    case Role::Control:
      return right == Right::Control;
    case Role::Admin:
      return true;
  }
  return false;
}

std::optional<std::array<std::uint8_t, 32>> parse_sha256(std::string_view hex) noexcept {
  std::array<std::uint8_t, 32> hash{};
  if (hex.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t n = 0; n < hash.size(); ++n) {
    const auto high = digit(hex[2 * n]);
    const auto low = digit(hex[2 * n + 1]);
    if (!high || !low) return std::nullopt;
    hash[n] = static_cast<std::uint8_t>(*high << 4U | *low);
  }
  return hash;
}

Caller identify(const Request& request, const AccessRules& rules) {
  Caller caller;
  if (request.subject) {
    caller.who = *request.subject;
    caller.by = "certificate";
  }
  if (rules.certificate_needed && !request.subject) return caller;
  const auto authorization = find_field(request.fields, "Authorization");
  if (!authorization) {
    if (request.subject) caller.role = rules.certificate_role;
    return caller;
  }
  const std::string_view shown = bearer(*authorization);
  const Token* token = shown.empty() ? nullptr : find_token(rules.tokens, shown);
  if (token == nullptr) return caller;
  return {.who = token->name, .by = "token", .role = token->role};
}

}  // namespace tapestry::web
