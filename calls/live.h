#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "core/time.h"

// Conversations that are not closed yet, as somebody who watches may see them: no key, no digit that was pressed, and
// card numbers masked but in Call-IDs.
namespace tapestry::calls {

/// Conversations in one answer.
inline constexpr std::size_t kMostLive = 200;
inline constexpr std::size_t kUsuallyLive = 100;

/// Which ones are asked for.
struct LiveQuery {
  std::uint64_t after = 0;           ///< numbers above this one
  std::size_t limit = kUsuallyLive;  ///< of conversations, from 1 to kMostLive
};

/// `Over`: all its calls have ended, and another may still join it.
enum class LiveState : std::uint8_t { Ringing, Talking, Held, Paused, Over };
std::string_view to_string(LiveState state) noexcept;  ///< `ringing`, `talking`, ...

/// Who keeps a conversation paused.
struct LivePause {
  std::string by;       ///< the rule's name; `command`: somebody said so to the recorder
  std::string reason;   ///< `pci`, `privacy`, ...
  std::string from;     ///< who asked for it; may be empty
  Time since;           ///< nothing is kept from then on
  std::string call_id;  ///< of the dialog that asked for it; may be empty
};

/// An end that holds the other.
struct LiveHold {
  std::string by;  ///< address of record; may be empty
  Time since;
};

struct LiveParty {
  Role role = Role::Unknown;
  std::string uri;  ///< may be empty
};

struct LiveConversation {
  std::uint64_t number = 0;    ///< since the service began; of two that turn out to be one, one stays
  std::string interaction_id;  ///< as [[map]] reads it; may be empty
  Time start;
  LiveState state = LiveState::Ringing;
  std::vector<LivePause> pauses;
  std::vector<LiveHold> holds;
  std::vector<LiveParty> parties;  ///< roles are those that the vCon would have if it ended now
  std::vector<std::string> call_ids;
};

/// In order of number.
struct LivePage {
  std::vector<LiveConversation> conversations;
  bool more = false;  ///< others have higher numbers
};

/// How many there are.
struct LiveCounts {
  std::size_t calls = 0;
  std::size_t conversations = 0;
  std::size_t paused = 0;  ///< conversations
};

}  // namespace tapestry::calls
