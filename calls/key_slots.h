#pragma once
#include <cstdint>
#include <vector>

namespace tapestry::calls {

/// Where the lists of many keys begin: a hash table in one piece of memory, which grows and shrinks with them. Keys are
/// numbers that nobody outside can aim for: keyed hashes, serials. Correlator's thread only.
class KeySlots {
 public:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t first = 0;  ///< of the list
    std::uint32_t count = 0;  ///< its length; a key's slot is there only while it is not 0
  };

  /// The key's slot, or nullptr. Valid until the next change, as all slots.
  [[nodiscard]] Slot* find(std::uint64_t key) noexcept;
  [[nodiscard]] const Slot* find(std::uint64_t key) const noexcept;
  /// A new key, whose list has one member.
  Slot& insert(std::uint64_t key, std::uint32_t first);
  /// Takes the slot out.
  void erase(const Slot& slot);
  [[nodiscard]] std::size_t size() const noexcept { return used_; }

 private:
  [[nodiscard]] std::size_t home(std::uint64_t key) const noexcept;
  [[nodiscard]] std::size_t next(std::size_t at) const noexcept { return (at + 1) & (slots_.size() - 1); }
  void resize(std::size_t slots);

  std::vector<Slot> slots_;  ///< none, or a power of two
  std::size_t used_ = 0;
};

}  // namespace tapestry::calls
