#pragma once
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "calls/interaction.h"

namespace tapestry::calls {

/// A key in more calls than this is none: a trunk's own number, a constant.
inline constexpr std::size_t kMaxSharers = 32;
/// Keys of one call; more are not looked for.
inline constexpr std::size_t kMaxIndexedKeys = 64;

/// Which open calls carry a key, whatever the key is. Correlator's thread only.
class KeyIndex {
 public:
  struct Sharer {
    std::uint64_t call = 0;         ///< serial
    LinkKind kind = LinkKind::Key;  ///< what it means to that call
    bool own = false;               ///< the key is the call's own name, not one that it tells of another
  };

  /// The calls that had the key before, oldest first; empty when this one has it already or when too many have.
  std::vector<Sharer> add(std::string_view space, std::string_view value, const Sharer& sharer);
  /// The calls that have the key; empty when too many have. Valid until the next change.
  [[nodiscard]] const std::vector<Sharer>& find(std::string_view space, std::string_view value) const;
  /// The call is closed.
  void forget(std::uint64_t call);

  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
  /// Keys that met one of the bounds.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  std::unordered_map<std::uint64_t, std::vector<Sharer>> keys_;                 ///< by a keyed hash
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> keys_of_call_;  ///< hashes
  std::vector<Sharer> none_;
  std::uint64_t refused_ = 0;
};

}  // namespace tapestry::calls
