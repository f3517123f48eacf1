#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/secret.h"
#include "tls/hello.h"

namespace tapestry::tls {

/// The labels of an NSS key log that Tapestry uses (draft-ietf-tls-keylogfile §2).
enum class KeyLabel : std::uint8_t {
  MasterSecret,    ///< `CLIENT_RANDOM`: TLS and DTLS 1.2
  ClientTraffic0,  ///< `CLIENT_TRAFFIC_SECRET_0`: TLS 1.3
  ServerTraffic0,  ///< `SERVER_TRAFFIC_SECRET_0`: TLS 1.3
};

/// One line of a key log: which secret, of which connection.
struct KeyLogLine {
  KeyLabel label = KeyLabel::MasterSecret;
  Random client_random{};
  Secret secret;
};

/// So many characters hold any line that is used.
inline constexpr std::size_t kMaxKeyLogLine = 256;

/// What a line turned out to be.
enum class LineKind : std::uint8_t {
  Secret,  ///< one that is used
  Unused,  ///< a comment, an empty line, a label that needs no keeping or that nobody knows
  Malformed
};

/// Reads one line, with or without its CR and LF. `out` is written when it gives Secret.
[[nodiscard]] LineKind parse_key_log_line(std::string_view line, KeyLogLine& out) noexcept;

}  // namespace tapestry::tls
