#pragma once
#include <cstdint>
#include <string_view>

namespace tapestry::web {

/// What a Range field asks of a representation (RFC 9110 §14.2).
struct RangeAnswer {
  enum class Kind : std::uint8_t {
    Whole,         ///< 200: another unit than bytes, or several ranges
    Part,          ///< 206
    Unsatisfiable  ///< 416: nothing of it is there, or it is none
  };
  Kind kind = Kind::Whole;
  std::uint64_t first = 0;  ///< of a part: its first octet, below the size
  std::uint64_t bytes = 0;  ///< of a part: at least 1, not beyond the size
  friend bool operator==(const RangeAnswer&, const RangeAnswer&) = default;
};

/// Reads the value of a Range field, for a representation of `size` octets.
[[nodiscard]] RangeAnswer answer_range(std::string_view value, std::uint64_t size) noexcept;

}  // namespace tapestry::web
