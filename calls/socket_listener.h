#pragma once
#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <utility>
#include <vector>

#include "calls/command_targets.h"
#include "calls/pause_desk.h"
#include "pause/control_session.h"
#include "pause/text_blocks.h"

namespace tapestry::calls {

/// Finds markers in clear text over TCP: commands to Asterisk (manager interface) and FreeSWITCH (event socket) on the
/// rules' text ports, HTTP requests on any. A pause holds from its request on, whatever is replied; a resume when the
/// reply says that it was done. Correlator's thread only.
class SocketListener {
 public:
  /// Bound: the connection that was silent for longest is forgotten for one more, and counted.
  static constexpr std::size_t kMaxConnections = 16'384;

  /// All outlive it.
  SocketListener(const Rules& rules, CallTable& calls, ConversationTable& conversations, PauseDesk& desk,
                 const PauseOrigin& origin);

  void on_text(const TextBytes& bytes);
  [[nodiscard]] Counters counters() const;

 private:
  struct Direction {
    std::uint64_t stream = 0;  ///< 0: not seen yet
    bool closed = false;
    pause::TextBlocks blocks{};
    pause::ControlSession requests{};  ///< that were sent in this direction
  };
  using Key = std::pair<Endpoint, Endpoint>;  ///< the lower one first
  struct Connection {
    Key key;
    std::array<Direction, 2> directions{};
    std::array<bool, 2> servers{};  ///< by end, in the key's order: its port was a text port when the connection began
  };
  using Connections = std::list<Connection>;

  Connection& connection_of(const TextBytes& bytes);
  void forget(Connections::iterator connection);
  void count(const Direction& direction) noexcept;
  void take(const pause::TextBlock& block, Connection& connection, std::size_t side, const TextBytes& bytes);
  void on_request(pause::ControlRequest request, Direction& direction, const TextBytes& bytes);
  void on_reply(const pause::ControlRequest& request, bool accepted, const TextBytes& bytes);
  [[nodiscard]] std::vector<Asked> asked_of(const pause::ControlRequest& request, const TextBytes& bytes) const;
  [[nodiscard]] std::vector<const Call*> targets_of(const pause::ControlRequest& request, const Asked& asked,
                                                    const IpAddress& client);
  void pause(const std::vector<const Call*>& targets, Asked asked);
  [[nodiscard]] bool is_outside(const pause::ControlRequest& request, const TextBytes& bytes) const;
  [[nodiscard]] bool is_text_port(std::uint16_t port) const noexcept;
  [[nodiscard]] std::array<bool, 2> servers_of(const Key& key) const noexcept;

  const Rules& rules_;
  PauseDesk& desk_;
  const PauseOrigin& origin_;
  CommandTargets targets_;
  Connections connections_;  ///< silent for longest first
  std::map<Key, Connections::iterator> by_key_;
  std::uint64_t commands_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t dropped_blocks_ = 0;
  std::uint64_t cut_blocks_ = 0;
  std::uint64_t forgotten_requests_ = 0;
  std::uint64_t forgotten_connections_ = 0;
};

}  // namespace tapestry::calls
