#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "calls/interaction.h"
#include "calls/roster.h"
#include "pause/pauses.h"

namespace tapestry::calls {

/// Calls of one conversation, and pieces of evidence kept for one; more are refused and counted.
inline constexpr std::size_t kMaxConversationCalls = 128;
inline constexpr std::size_t kMaxConversationLinks = 512;

/// Two open calls, and how sure it is that they belong together.
struct Edge {
  std::uint64_t call = 0;   ///< serial
  std::uint64_t other = 0;  ///< serial
  int strength = 0;         ///< of 100
};

/// Edges from this strength on join.
inline constexpr int kJoiningStrength = 80;

/// The open calls that serve one conversation.
struct Conversation {
  std::uint64_t id = 0;
  std::vector<std::uint64_t> calls;  ///< serials, in order of joining
  std::vector<Link> links;
  bool overflowed = false;  ///< a link was refused by a bound
  pause::Pauses pauses{};
  Rosters rosters{};                              ///< of its conferences
  bool keyed_digits = false;                      ///< digits were keyed that no marker protects
  std::map<std::string, Time> refused_markers{};  ///< by rule: when a stranger's was refused last
  /// By holder: where its last toggle was seen, and when it was asked for.
  std::map<std::string, std::pair<std::string, Time>> toggles{};
  /// By holder: when what a journal told of was asked for last. It may be seen a second time, and is no toggle then.
  std::map<std::string, Time> told{};
  bool began_paused = false;  ///< a queue of it failed closed
};

/// Which open call belongs to which conversation. Correlator's thread only.
class ConversationTable {
 public:
  /// A conversation of its own for a new call.
  void open(std::uint64_t call);
  /// The call's conversation; the call is open.
  [[nodiscard]] Conversation& of(std::uint64_t call);
  /// Notes the evidence with both calls' conversations, and makes them one when it is strong enough. `link` is what
  /// will be told of `edge`. Evidence of a kind that is there already for the same two calls changes nothing.
  void add(const Edge& edge, Link link);
  /// Calls, one of each conversation that was made of several of which one had pauses, since this was asked last.
  [[nodiscard]] std::vector<std::uint64_t> take_joined_pauses() { return std::exchange(joined_pauses_, {}); }
  /// The conversation of that number; nullptr when there is none (any more).
  [[nodiscard]] const Conversation* find(std::uint64_t id) const;
  /// Of all, in no order.
  [[nodiscard]] std::vector<std::uint64_t> numbers() const;
  /// Takes the conversation out.
  Conversation close(std::uint64_t id);

  [[nodiscard]] std::size_t size() const noexcept { return conversations_.size(); }
  [[nodiscard]] std::uint64_t joined() const noexcept { return joined_; }    ///< calls that joined a conversation
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }  ///< links that a bound refused

 private:
  bool join(Conversation& into, Conversation& from);
  void note(Conversation& conversation, const Link& link);

  std::unordered_map<std::uint64_t, Conversation> conversations_;
  std::unordered_map<std::uint64_t, std::uint64_t> of_call_;
  std::vector<std::uint64_t> joined_pauses_;
  std::uint64_t next_ = 1;
  std::uint64_t joined_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace tapestry::calls
