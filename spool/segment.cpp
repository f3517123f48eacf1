#include "spool/segment.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/crc32c.h"

namespace tapestry::spool {
namespace {

constexpr std::uint64_t kMagic = 0x4c4f4f5053504154;  // TAPSPOOL
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kPrefix = "segment-";

/// As it stands on disk, in the machine's byte order.
struct Stored {
  std::uint64_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t crc = 0;
  std::uint32_t number = 0;
  std::uint32_t epoch = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t shared_key = 0;
  std::array<std::uint8_t, 24> reserved{};
};
static_assert(sizeof(Stored) == SegmentHead::kHeadBytes);

std::uint32_t crc_of(Stored stored) {
  stored.crc = 0;
  std::array<std::uint8_t, sizeof(Stored)> bytes{};
  store(std::span(bytes), stored);
  return crc32c(bytes);
}

}  // namespace

std::vector<std::uint8_t> bytes_of(const SegmentHead& head) {
  Stored stored{
      .number = head.number, .epoch = head.epoch, .first_sequence = head.first_sequence, .shared_key = head.shared_key};
  stored.crc = crc_of(stored);
  std::vector<std::uint8_t> bytes(sizeof(Stored));
  store(std::span(bytes), stored);
  return bytes;
}

std::optional<SegmentHead> segment_head_in(Bytes bytes) noexcept {
  if (bytes.size() < sizeof(Stored)) return std::nullopt;
  const auto stored = load<Stored>(bytes);
  if (stored.magic != kMagic || stored.version != kVersion || stored.crc != crc_of(stored)) return std::nullopt;
  return SegmentHead{stored.number, stored.epoch, stored.first_sequence, stored.shared_key};
}

std::string segment_name(std::uint32_t number) { return fmt::format("{}{:010}", kPrefix, number); }

std::optional<std::uint32_t> segment_number(std::string_view name) noexcept {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

Io<std::vector<std::uint32_t>> segments_on(Disk& disk) {
  const auto names = disk.list();
  if (!names) return std::unexpected(names.error());
  std::vector<std::uint32_t> numbers;
  for (const std::string& name : *names) {
    if (const auto number = segment_number(name)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

Usage usage_of(Disk& disk) {
  Usage usage;
  for (const std::uint32_t number : segments_on(disk).value_or(std::vector<std::uint32_t>())) {
    const auto file = disk.open(segment_name(number), false);
    if (!file) continue;
    ++usage.segments;
    usage.bytes += disk.size(*file).value_or(0);
    disk.close(*file);
  }
  return usage;
}

}  // namespace tapestry::spool
