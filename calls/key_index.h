#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "calls/interaction.h"
#include "calls/key_slots.h"
#include "core/address.h"

namespace tapestry::calls {

/// A key in more calls than this is none: a trunk's own number, a constant.
inline constexpr std::size_t kMaxSharers = 32;
/// Keys of one call; more are not looked for.
inline constexpr std::size_t kMaxIndexedKeys = 64;

/// Which open calls carry a key, whatever the key is. Correlator's thread only.
class KeyIndex {
 public:
  /// A keyed hash.
  enum class Key : std::uint64_t {};
  [[nodiscard]] static Key key(std::string_view space, std::string_view value) noexcept;
  /// Of a name at a host.
  [[nodiscard]] static Key key(std::string_view space, const IpAddress& host, std::string_view name) noexcept;

  struct Sharer {
    std::uint64_t call = 0;         ///< serial
    LinkKind kind = LinkKind::Key;  ///< what it means to that call
    bool own = false;               ///< the key is the call's own name, not one that it tells of another
  };

  /// The calls that had the key before, oldest first; empty when this one has it already or when too many have.
  std::vector<Sharer> add(Key key, const Sharer& sharer);
  /// The calls but `except` that have the key, oldest first; empty when too many have.
  [[nodiscard]] std::vector<Sharer> find(Key key, std::uint64_t except = 0) const;
  /// The call is closed.
  void forget(std::uint64_t call);

  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
  /// Keys that met one of the bounds.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

 private:
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  /// One call's having one key, in the lists of both.
  struct Entry {
    Sharer sharer;
    std::uint64_t key = 0;
    std::uint32_t next_of_key = 0;
    std::uint32_t next_of_call = 0;
  };
  void append(std::uint64_t key, KeySlots::Slot* list, std::uint32_t entry);
  void unlink(std::uint32_t entry);
  std::uint32_t take(const Entry& entry);
  void give_back(std::uint32_t entry);

  KeySlots keys_;
  KeySlots calls_;              ///< by serial
  std::vector<Entry> entries_;  ///< those that are free form a list by next_of_key
  std::uint32_t free_ = kNone;
  std::uint64_t refused_ = 0;
};

}  // namespace tapestry::calls
