#include "spool/record.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "core/crc32c.h"

namespace tapestry::spool {
namespace {

constexpr std::uint32_t kMagic = 0x52505354;  // TSPR
constexpr std::uint16_t kWiped = 1;
constexpr std::uint16_t kPad = 2;

/// As it stands on disk, in the machine's byte order.
struct Stored {
  std::uint32_t magic = kMagic;
  std::uint32_t crc = 0;
  std::uint32_t length = 0;
  std::uint16_t kind = 0;
  std::uint16_t flags = 0;
  std::uint64_t key = 0;
  std::uint64_t sequence = 0;
  std::int64_t first = 0;
  std::uint32_t span_us = 0;
  std::uint32_t revision = 0;
  Tag tag{};
};
static_assert(sizeof(Stored) == kAlignment);

using HeadBytes = std::array<std::uint8_t, sizeof(Stored)>;

HeadBytes bytes_of(const Stored& stored) {
  HeadBytes bytes{};
  store(std::span(bytes), stored);
  return bytes;
}

Stored stored_of(const RecordHead& head) {
  return {.crc = head.crc,
          .length = head.length,
          .kind = head.kind,
          .flags = head.wiped ? kWiped
                   : head.pad ? kPad
                              : std::uint16_t{0},
          .key = head.key,
          .sequence = head.sequence,
          .first = head.first.time_since_epoch().count(),
          .span_us = static_cast<std::uint32_t>(head.span / std::chrono::microseconds(1)),
          .revision = head.revision,
          .tag = head.tag};
}

/// What the tag covers of the head.
HeadBytes beside(Stored stored) {
  stored.crc = 0;
  stored.tag = {};
  return bytes_of(stored);
}

std::uint32_t crc_of(Stored stored, Bytes payload) {
  stored.crc = 0;
  return crc32c(payload, crc32c(bytes_of(stored)));
}

/// Of all that one key seals, no two have the same sequence number and revision in one epoch.
Nonce nonce_of(std::uint32_t epoch, std::uint64_t sequence, std::uint32_t revision) {
  constexpr std::uint32_t kSpread = 0x9e3779b1;
  Nonce nonce{};
  store(std::span(nonce), epoch ^ revision * kSpread);
  store(std::span(nonce).subspan(sizeof epoch), sequence);
  return nonce;
}

constexpr std::size_t round_up(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

/// `payload` is as long as the head says, and may lie where it goes to.
void seal_as(const RecordHead& head, Bytes payload, std::uint32_t epoch, const Secret& key,
             std::span<std::uint8_t> room) {
  assert(payload.size() == head.length && room.size() == head.size());
  Stored stored = stored_of(head);
  const std::span<std::uint8_t> behind = room.subspan(sizeof(Stored));
  const Nonce nonce = nonce_of(epoch, head.sequence, head.revision);
  stored.tag = seal(key, nonce, beside(stored), payload, behind.first(payload.size()));
  std::ranges::fill(behind.subspan(payload.size()), std::uint8_t{0});
  stored.crc = crc_of(stored, behind);
  store(room, stored);
}

}  // namespace

std::size_t size_on_disk(std::size_t payload_bytes) noexcept { return sizeof(Stored) + round_up(payload_bytes); }

std::size_t RecordHead::size() const noexcept { return size_on_disk(length); }

void seal(const Record& record, std::uint64_t sequence, std::uint32_t epoch, const Secret& key,
          std::span<std::uint8_t> room) {
  assert(record.payload.size() <= kMaxPayload);
  constexpr Duration kLongest = std::chrono::microseconds(0xffffffffU);
  seal_as({.kind = record.kind,
           .length = static_cast<std::uint32_t>(record.payload.size()),
           .key = record.key,
           .sequence = sequence,
           .first = record.first,
           .span = std::clamp(record.span, Duration(0), kLongest)},
          record.payload, epoch, key, room);
}

void put_pad(std::span<std::uint8_t> room) {
  assert(!room.empty() && room.size() % kAlignment == 0 && room.size() <= size_on_disk(kMaxPayload));
  Stored stored{.length = static_cast<std::uint32_t>(room.size() - sizeof(Stored)), .flags = kPad};
  stored.crc = crc_of(stored, {});
  std::ranges::fill(room, std::uint8_t{0});
  store(room, stored);
}

std::optional<RecordHead> head_in(Bytes bytes) noexcept {
  if (bytes.size() < sizeof(Stored)) return std::nullopt;
  const auto stored = load<Stored>(bytes);
  if (stored.magic != kMagic || stored.length > kMaxPayload || stored.flags > kPad) return std::nullopt;
  const bool pad = stored.flags == kPad;
  if (!pad && (stored.sequence == 0 || stored.key == 0)) return std::nullopt;
  return RecordHead{.kind = stored.kind,
                    .wiped = stored.flags == kWiped,
                    .pad = pad,
                    .length = stored.length,
                    .key = stored.key,
                    .sequence = stored.sequence,
                    .first = Time(Duration(stored.first)),
                    .span = std::chrono::microseconds(stored.span_us),
                    .revision = stored.revision,
                    .crc = stored.crc,
                    .tag = stored.tag};
}

bool is_whole(const RecordHead& head, Bytes bytes) noexcept {
  if (bytes.size() < head.size()) return false;
  const Bytes payload = head.wiped || head.pad ? Bytes{} : bytes.subspan(sizeof(Stored), head.size() - sizeof(Stored));
  return crc_of(stored_of(head), payload) == head.crc;
}

bool is_overwritten(const RecordHead& head, Bytes bytes) noexcept {
  const Bytes payload = bytes.subspan(sizeof(Stored), head.size() - sizeof(Stored));
  return std::ranges::all_of(payload, [](std::uint8_t byte) { return byte == 0; });
}

std::optional<Record> opened(const RecordHead& head, std::span<std::uint8_t> bytes, std::uint32_t epoch,
                             const Secret& key) {
  if (head.wiped || head.pad || bytes.size() < head.size()) return std::nullopt;
  const std::span<std::uint8_t> payload = bytes.subspan(sizeof(Stored), head.length);
  if (!unseal(key, nonce_of(epoch, head.sequence, head.revision), beside(stored_of(head)), head.tag, payload))
    return std::nullopt;
  return Record{.kind = head.kind,
                .key = head.key,
                .first = head.first,
                .span = head.span,
                .payload = {payload.begin(), payload.end()}};
}

std::vector<std::uint8_t> resealed(const Record& record, const RecordHead& head, std::uint32_t epoch,
                                   const Secret& key) {
  assert(record.payload.size() <= head.length);
  RecordHead next = head;
  next.wiped = false;
  ++next.revision;
  std::vector<std::uint8_t> bytes(next.size());
  const std::span<std::uint8_t> payload = std::span(bytes).subspan(sizeof(Stored), next.length);
  std::ranges::copy(record.payload, payload.begin());
  seal_as(next, payload, epoch, key, bytes);
  return bytes;
}

std::vector<std::uint8_t> wiped_head(const RecordHead& head) {
  RecordHead wiped = head;
  wiped.wiped = true;
  wiped.tag = {};
  Stored stored = stored_of(wiped);
  stored.crc = crc_of(stored, {});
  const HeadBytes bytes = bytes_of(stored);
  return {bytes.begin(), bytes.end()};
}

}  // namespace tapestry::spool
