#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/time.h"

namespace tapestry::pause {

/// What a marker asks for. Toggle: the other of the two, by what this rule asked for last.
enum class Action : std::uint8_t { Pause, Resume, Toggle };
std::string_view to_string(Action action) noexcept;  ///< `pause`, `resume`, `toggle`

/// Whose markers are honoured: the agent's side, the PBX and configured controllers; or everybody's.
enum class Side : std::uint8_t { Agent, Any };

/// What a rule looks at beside its expressions.
enum class Kind : std::uint8_t {
  Sip,               ///< a header or body part of a SIP message, DTMF codes, HTTP requests, a destination
  RecordAttribute,   ///< a=record (RFC 7866 §6.1)
  RecordPreference,  ///< a=recordpref (RFC 7866 §6.2)
  RecordingSession,  ///< inactive media of a SIPREC session (RFC 7866 §7) whose call is not held
  ControlChannel,    ///< commands to FreeSWITCH (event socket) and Asterisk (manager interface) in clear
};

/// One pause rule: a [[marker]] entry, or a preset. Expressions are RE2's, found anywhere in the text in any case of
/// letters; empty ones never match.
struct MarkerRule {
  std::string name{};
  Kind kind = Kind::Sip;
  Side side = Side::Agent;
  std::string method{};     ///< expression on the request's method; empty: any. With one, only requests
  std::string header{};     ///< name of a header field whose values are looked at
  std::string body_type{};  ///< expression on the type of a body part that is looked at
  std::string pause{};      ///< expressions on those values and parts
  std::string resume{};
  std::string toggle{};
  std::string dtmf_pause{};  ///< keys `0` to `9`, `*`, `#`, `A` to `D`
  std::string dtmf_resume{};
  std::string dtmf_toggle{};
  std::string http_pause{};  ///< expressions on the request line of an HTTP request from the agent's host
  std::string http_resume{};
  std::string destination{};             ///< expression on the called address of record: a leg to it pauses
  std::optional<Cidr> destination_ip{};  ///< the same for where a leg's media goes
  Duration pre_roll{};                   ///< pause so much earlier; not more than the delay line holds
  Duration post_roll{};                  ///< resume so much later
  std::optional<Duration> longest{};     ///< of a pause by this rule; none: as long as it takes
  bool resumes_by_itself = false;        ///< after `longest`; otherwise that only raises the alarm
  std::string reason = "pci";
  /// It is in the configuration no more, but paused somewhere: counts there alone, until it lets go. Nobody configures
  /// it.
  bool retired = false;
};

/// A rule as those know it who saw one of its markers: the rules may be replaced before they are done with it.
struct RuleName {
  std::string name{};
  Kind kind = Kind::Sip;
  Side side = Side::Agent;
  bool retired = false;
  friend bool operator==(const RuleName&, const RuleName&) = default;
};
[[nodiscard]] RuleName name_of(const MarkerRule& rule);

/// Whether the rule pauses for where a leg is, and whether two rules do so for the same places.
[[nodiscard]] bool is_about_places(const MarkerRule& rule) noexcept;
[[nodiscard]] bool same_places(const MarkerRule& one, const MarkerRule& another) noexcept;

/// `keys` may be a code: 1 to 16 of `0` to `9`, `*`, `#`, `A` to `D`.
bool is_dtmf_code(std::string_view keys) noexcept;

}  // namespace tapestry::pause
