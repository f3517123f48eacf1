#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "calls/call.h"
#include "calls/rules.h"
#include "core/hash.h"

namespace tapestry::calls {

/// Open calls by Call-ID and by serial number, with their timers. `now` is everywhere the correlator's own clock
/// (Duration), which goes on with packet time but not over jumps. Correlator's thread only.
class CallTable {
 public:
  explicit CallTable(const Rules& rules) : rules_(rules) {}
  /// The rules' times are others from now on, for calls that are open, too.
  void take_rules(Duration now);

  [[nodiscard]] Call* find(std::string_view call_id);
  [[nodiscard]] Call* find(std::uint64_t serial);
  /// A new, empty call; `call_id` may be empty (media without signalling).
  Call& open(std::string_view call_id, Duration now);
  /// Something was heard of it: its time runs anew, also when it was set aside.
  void touch(Call& call, Duration now);
  /// It is over and waits for others: expired() does not name it again, unless something is heard of it.
  void set_aside(Call& call) noexcept { call.set_aside = true; }
  /// Forgets it; with a Call-ID, late messages of it are recognised by was_closed() for a while.
  void close(std::uint64_t serial, Duration now);
  /// Whether a call of this Call-ID was closed a moment ago.
  [[nodiscard]] bool was_closed(std::string_view call_id) const;

  /// The next call whose time is up; nothing when there is none. The caller closes it.
  std::optional<std::uint64_t> expired(Duration now);
  /// The call nearest to its end, when there are more than rules.calls.
  std::optional<std::uint64_t> surplus();
  /// Serials of all, oldest first.
  [[nodiscard]] std::vector<std::uint64_t> all() const;
  [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }
  [[nodiscard]] std::uint64_t opened() const noexcept { return next_ - 1; }

 private:
  [[nodiscard]] Duration deadline(const Call& call) const;
  void forget_closed(Duration now);

  struct Timer {
    Duration at;
    std::uint64_t serial;
    friend auto operator<=>(const Timer&, const Timer&) = default;
  };
  const Rules& rules_;
  std::unordered_map<std::uint64_t, Call> calls_;
  std::unordered_map<std::string, std::uint64_t, TextHash, std::equal_to<>> by_call_id_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>>
      timers_;  ///< one per call; may lie before its deadline
  std::deque<std::pair<Duration, std::string>> closed_order_;
  std::unordered_set<std::string, TextHash, std::equal_to<>> closed_;
  std::uint64_t next_ = 1;
};

}  // namespace tapestry::calls
