#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/message.h"

// Who may have what.
namespace tapestry::web {

enum class Role : std::uint8_t { Listen, Read, Metrics, Control, Admin };
enum class Right : std::uint8_t { Media, Conversations, Metrics, Control };

/// Octets of a token that is looked at.
inline constexpr std::size_t kMostToken = 512;

/// A bearer token (RFC 6750), of which only the hash is known.
struct Token {
  std::string name;
  Role role = Role::Listen;
  std::array<std::uint8_t, 32> sha256{};
};

struct AccessRules {
  std::vector<Token> tokens;
  bool certificate_needed = false;         ///< nothing goes without a verified client certificate
  std::optional<Role> certificate_role{};  ///< what such a certificate allows whoever shows no token
};

/// Who asks, as far as it is known.
struct Caller {
  std::string who;             ///< a token's name or a certificate's subject; empty: nobody knows
  std::string by = "nothing";  ///< `token`, `certificate` or `nothing`
  std::optional<Role> role{};  ///< none: the request is to be refused as unauthorized
};

/// `listen`, `read`, `metrics`, `control`, `admin`.
[[nodiscard]] std::optional<Role> parse_role(std::string_view text) noexcept;
[[nodiscard]] bool may(Role role, Right right) noexcept;
/// 64 hexadecimal digits of either case; nothing for any other text.
[[nodiscard]] std::optional<std::array<std::uint8_t, 32>> parse_sha256(std::string_view hex) noexcept;

/// Takes the same time for any token of a length, whether and which one it is. A token that is shown counts alone: one
/// that nobody knows is not made good by a certificate.
[[nodiscard]] Caller identify(const Request& request, const AccessRules& rules);

}  // namespace tapestry::web
