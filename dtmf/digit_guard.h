#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/card_numbers.h"
#include "core/time.h"
#include "dtmf/press.h"

namespace tapestry::dtmf {

/// Keys that look like a card's number. It tells how many they were, never which.
struct Run {
  Time start;              ///< of the run's first key
  Time end;                ///< of its last key so far
  std::size_t digits = 0;  ///< so far
  bool card = false;       ///< 13 to 19 of them, one after the other, pass Luhn's check
};

/// Watches one side's presses for runs of digits that look like card data. A run is what is keyed with at most
/// kBetweenKeys between two keys; keys other than digits belong to it, but do not count. At most 19 digits are held;
/// they are wiped when the run is over, when they are known to be a card's, and with the guard. Any thread, one at a
/// time.
class DigitGuard {
 public:
  static constexpr Duration kBetweenKeys = std::chrono::seconds(15);
  static constexpr Duration kWindow = std::chrono::seconds(15);

  /// `most`: so many digits that begin within kWindow are suspicious; 0: none are, only what passes Luhn's check. More
  /// than 19 count as 19.
  explicit DigitGuard(std::size_t most);
  DigitGuard(const DigitGuard&) = default;
  DigitGuard& operator=(const DigitGuard&) = default;
  ~DigitGuard();

  /// From the next press on so many are. A run that is suspicious stays so.
  void set_most(std::size_t most) noexcept;

  /// A press, in any order of time among the last few. The run so far, from the press on that makes it suspicious, and
  /// for every further press of it.
  std::optional<Run> add(const Press& press);

 private:
  void begin(const Press& press) noexcept;
  void insert(const Press& press) noexcept;
  [[nodiscard]] bool many() const noexcept;
  [[nodiscard]] bool card() const noexcept;

  std::size_t most_;
  bool begun_ = false;
  bool suspicious_ = false;
  Run run_;
  std::size_t used_ = 0;
  std::array<std::uint8_t, kMostCardDigits> digits_{};  ///< the last ones, in order of start
  std::array<Time, kMostCardDigits> starts_{};
};

}  // namespace tapestry::dtmf
