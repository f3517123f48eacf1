#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tapestry::verify {

/// At most so many faults of one file are listed; one more sentence says how many were left out.
inline constexpr std::size_t kMaxFaults = 200;

/// The faults found so far, bounded.
class Faults {
 public:
  /// Appends `part: where: what`, or `part: what` when `where` is empty.
  void add(std::string_view part, std::string_view where, std::string_view what);
  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  /// The sentences in the order found; the object is empty afterwards.
  [[nodiscard]] std::vector<std::string> take();

 private:
  std::vector<std::string> list_;
  std::size_t left_out_ = 0;
};

/// Text from the file for use in a sentence: in single quotes, cut to 60 bytes, anything but printable ASCII as `\xNN`.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// `dialog`, 3 → `dialog/3`; an empty `where` gives the bare name.
[[nodiscard]] std::string path_join(std::string_view where, std::string_view name);
[[nodiscard]] std::string path_join(std::string_view where, std::size_t index);

}  // namespace tapestry::verify
