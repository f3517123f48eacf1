#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "calls/call_table.h"
#include "calls/conversation_table.h"
#include "calls/pause_origin.h"
#include "core/hash.h"
#include "pause/control_commands.h"

namespace tapestry::calls {

/// Bound: the channel that was told of first is forgotten for one more, and counted.
inline constexpr std::size_t kMaxTargets = 20'000;

/// Finds the calls that a command beside SIP is about: one of each conversation, the newest call first. Correlator's
/// thread only.
class CommandTargets {
 public:
  /// All outlive it.
  CommandTargets(CallTable& calls, ConversationTable& conversations, const PauseOrigin& origin)
      : calls_(calls), conversations_(conversations), origin_(origin) {}

  /// An event told whose dialog a channel is.
  void learn(const pause::ControlTarget& told);
  /// Of a channel: by what was learnt; by a Call-ID that it is; by the user in its name (`PJSIP/1001-0000002a`), in all
  /// calls that are up and have an end of that name.
  [[nodiscard]] std::vector<const Call*> of_channel(std::string_view target);
  /// Of a host: calls that are up with an end there, by its signalling or media. Side::Agent: ends of the house only.
  [[nodiscard]] std::vector<const Call*> of_host(const IpAddress& host, pause::Side side);
  [[nodiscard]] std::uint64_t forgotten() const noexcept { return forgotten_; }

 private:
  template <class Matches>
  [[nodiscard]] std::vector<const Call*> up_where(const Matches& matches);

  CallTable& calls_;
  ConversationTable& conversations_;
  const PauseOrigin& origin_;
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> learnt_;  ///< Call-IDs by channel
  std::deque<std::string> order_;                                                   ///< its keys
  std::uint64_t forgotten_ = 0;
};

}  // namespace tapestry::calls
