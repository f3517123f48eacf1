#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "core/wiping_allocator.h"
#include "spool/cipher.h"

namespace tapestry::spool {

/// Number of a key in the key table; 0 is none.
using KeyId = std::uint64_t;
/// Bytes that are overwritten before their memory is given back.
using WipedBytes = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

/// What one record of the log is, before it is encrypted.
struct Record {
  std::uint16_t kind = 0;  ///< the writer's; opaque here
  KeyId key = 0;           ///< whose payload it is
  Time first{};            ///< packet time of the oldest of what is in it
  Duration span{};         ///< to the newest; at most 2^32 - 1 us
  WipedBytes payload{};
};

/// The payload of a longer record is refused.
inline constexpr std::size_t kMaxPayload = 1U << 20U;
/// Records begin at multiples of it, and so no head crosses the border of a disk's sector.
inline constexpr std::size_t kAlignment = 64;

/// What stands in clear before each payload, kAlignment bytes.
struct RecordHead {
  std::uint16_t kind = 0;
  bool wiped = false;  ///< the payload was overwritten: nothing is there any more
  bool pad = false;    ///< no record, but what stands where a write had to be longer; key and sequence are 0
  std::uint32_t length = 0;
  KeyId key = 0;
  std::uint64_t sequence = 0;  ///< 1, 2, 3, ... over all segments
  Time first{};
  Duration span{};
  std::uint32_t revision = 0;  ///< how often its payload was written anew
  /// CRC-32C over the head with zeros here, and over the sealed payload unless it is wiped or a pad.
  std::uint32_t crc = 0;
  Tag tag{};

  /// Of the whole record on disk.
  [[nodiscard]] std::size_t size() const noexcept;
};

/// What a record takes on disk whose payload has so many bytes.
[[nodiscard]] std::size_t size_on_disk(std::size_t payload_bytes) noexcept;
/// Puts the record into `room`, size_on_disk() bytes, as it is written. `epoch` is the segment's; with `sequence` it
/// makes the nonce. Throws std::runtime_error when encryption fails.
void seal(const Record& record, std::uint64_t sequence, std::uint32_t epoch, const Secret& key,
          std::span<std::uint8_t> room);
/// Makes a pad of all of `room`, a multiple of kAlignment, one of it at least, and no more than the longest record.
void put_pad(std::span<std::uint8_t> room);

/// The head in the first kAlignment bytes; nothing when there is none, by its own fields. Its checksum is is_whole()'s.
[[nodiscard]] std::optional<RecordHead> head_in(Bytes bytes) noexcept;
/// Whether head and sealed payload (`bytes`: RecordHead::size() of them, from the head on) are what was written.
[[nodiscard]] bool is_whole(const RecordHead& head, Bytes bytes) noexcept;
/// Whether nothing is left of a wiped record's payload; `bytes` as above. Until then it is being overwritten.
[[nodiscard]] bool is_overwritten(const RecordHead& head, Bytes bytes) noexcept;
/// Decrypts in place; `bytes` as above. What was in it, or nothing when the tag is wrong.
[[nodiscard]] std::optional<Record> opened(const RecordHead& head, std::span<std::uint8_t> bytes, std::uint32_t epoch,
                                           const Secret& key);
/// What takes the place of that record, on the same bytes: the payload of `record`, which must not be longer, with
/// zeros behind it. It is sealed with a nonce of its own.
[[nodiscard]] std::vector<std::uint8_t> resealed(const Record& record, const RecordHead& head, std::uint32_t epoch,
                                                 const Secret& key);
/// The head of the same record once its payload is overwritten, as it is written.
[[nodiscard]] std::vector<std::uint8_t> wiped_head(const RecordHead& head);

}  // namespace tapestry::spool
