#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace tapestry::web {

/// Octets of a request's content that are read.
inline constexpr std::size_t kMostContent = 4096;
/// Octets of an agent, a Call-ID, a conversation; of a request's id; of a reason.
inline constexpr std::size_t kMostPauseName = 256;
inline constexpr std::size_t kMostRequestId = 128;
inline constexpr std::size_t kMostReason = 32;
/// Seconds that a pause can be asked for.
inline constexpr std::uint32_t kMostPauseSeconds = 86'400;

/// What POST /v1/pause and /v1/resume are asked for (docs/openapi.yaml).
struct PauseBody {
  /// A `conversation` that is a JSON number is one, and one that is text is an Interaction: no text is both.
  enum class Target : std::uint8_t { Agent, Call, Conversation, Interaction };
  Target target = Target::Agent;
  std::string name{};        ///< of the target, unless that is a Conversation; text of any kind
  std::uint64_t number = 0;  ///< of a Conversation: from 1 on
  std::string reason = "pci";
  std::optional<std::uint32_t> seconds{};  ///< from 1 on
  std::string request_id{};                ///< empty: none
  friend bool operator==(const PauseBody&, const PauseBody&) = default;
};

/// `agent`, `call`, `conversation`: its key.
std::string_view to_string(PauseBody::Target target) noexcept;

/// Reads the JSON text of a pause or, without reason and seconds, of a resume. Strict: a key that is unknown or there
/// twice, a wrong type, no target or several, too many octets are an error that says what is wrong, and quotes nothing.
[[nodiscard]] std::expected<PauseBody, std::string> parse_pause_body(std::string_view text, bool is_resume);

/// The text that parse_pause_body() reads.
[[nodiscard]] std::string to_json(const PauseBody& body, bool is_resume);

}  // namespace tapestry::web
