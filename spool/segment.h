#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spool/disk.h"
#include "spool/record.h"

namespace tapestry::spool {

/// Stands at the beginning of each segment file, kHeadBytes.
struct SegmentHead {
  static constexpr std::size_t kHeadBytes = 64;

  std::uint32_t number = 0;  ///< 1, 2, 3, ...
  std::uint32_t epoch = 0;   ///< of whoever wrote it, drawn at random: the nonces' other half
  std::uint64_t first_sequence = 0;
  KeyId shared_key = 0;  ///< of what belongs to no conversation
};

/// Where a record is.
struct LogPlace {
  std::uint32_t segment = 0;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;  ///< of the record, head and padding with it
};

[[nodiscard]] std::vector<std::uint8_t> bytes_of(const SegmentHead& head);
/// Nothing when it is none, or of a version that this program does not know.
[[nodiscard]] std::optional<SegmentHead> segment_head_in(Bytes bytes) noexcept;

[[nodiscard]] std::string segment_name(std::uint32_t number);
[[nodiscard]] std::optional<std::uint32_t> segment_number(std::string_view name) noexcept;
/// How many there are, and what they take.
struct Usage {
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const Usage&, const Usage&) = default;
};
/// What cannot be looked at does not count.
[[nodiscard]] Usage usage_of(Disk& disk);
/// Numbers of all that are there, lowest first.
[[nodiscard]] Io<std::vector<std::uint32_t>> segments_on(Disk& disk);

}  // namespace tapestry::spool
