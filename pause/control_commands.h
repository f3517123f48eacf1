#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pause/markers.h"
#include "pause/text_blocks.h"

// What clear text on a PBX's control channels asks for. Sources: Asterisk's manager interface (AMI), FreeSWITCH's event
// socket (mod_event_socket), HTTP/1.1 (RFC 9112).
namespace tapestry::pause {

enum class Dialect : std::uint8_t { EventSocket, Manager, Http };

/// Names of channels and identifiers are no longer.
inline constexpr std::size_t kMaxControlName = 256;

/// What a client asks for, whatever it is: each is answered.
struct ControlRequest {
  Dialect dialect = Dialect::EventSocket;
  std::string id{};                ///< ActionID (AMI); empty: answered in order
  bool job = false;                ///< done in the background: a BACKGROUND_JOB event tells what became of it
  std::optional<Action> action{};  ///< none: nothing of a recording
  std::string target{};            ///< the channel's name or UUID
  std::string direction{};         ///< `read` or `write`: only that is muted; empty: both
  std::string label{};             ///< `uuid_record`, `MixMonitorMute`, `GET`, ...: nothing of the arguments
  std::vector<Sighting> http{};    ///< what rules find in an HTTP request line
  Time sent{};                     ///< ControlSession::sent
};
/// Of a client's block; nothing when it is no request. `markers` look at HTTP request lines.
std::optional<ControlRequest> parse_control_request(const TextBlock& block, const Markers& markers);

/// What a server says of a request.
struct ControlReply {
  Dialect dialect = Dialect::EventSocket;
  std::string id{};       ///< ActionID of what it answers
  std::string job{};      ///< UUID of the job that it accepts, or that is done
  bool job_done = false;  ///< the second of these
  bool accepted = false;
};
/// Of a server's block; nothing when it is no final reply.
std::optional<ControlReply> parse_control_reply(const TextBlock& block);

/// What an event tells of a channel.
struct ControlTarget {
  std::string target;   ///< as ControlRequest's
  std::string call_id;  ///< of its SIP dialog
};
/// Of a server's block; nothing when it is no event that tells it.
std::optional<ControlTarget> parse_control_target(const TextBlock& block);

}  // namespace tapestry::pause
