#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "calls/interaction.h"
#include "core/time.h"

namespace tapestry::calls {

/// Conversations that can still be amended, and names kept of them; the oldest go first.
inline constexpr std::uint64_t kMaxAmendable = 20'000;
inline constexpr std::size_t kMaxClosedNames = 200'000;

/// By which names closed conversations would be known again: Call-IDs and keys. Correlator's thread only.
class ClosedBook {
 public:
  /// How long a key lives (a contact's calls may lie hours apart).
  static constexpr Duration kRemembered = std::chrono::hours(24);

  /// The latest conversation that one of the names stands for. A name of too many conversations stands for none.
  [[nodiscard]] std::optional<std::uint64_t> find(const std::vector<std::string>& names, std::uint64_t next,
                                                  Duration now) const;
  /// Conversation `number` is closed and has these names from now on.
  void add(const std::vector<std::string>& names, std::uint64_t number, Duration now);
  /// Lets go of what is too old.
  void forget(Duration now);
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

 private:
  struct Known {
    std::uint64_t number = 0;
    std::uint32_t conversations = 0;
    Duration since{};
  };

  std::unordered_map<std::uint64_t, Known> names_;  ///< by a keyed hash
  std::deque<std::pair<Duration, std::uint64_t>> order_;
};

/// By what a conversation that is closed would be known again.
[[nodiscard]] std::vector<std::string> names_of(const Interaction& interaction);

}  // namespace tapestry::calls
