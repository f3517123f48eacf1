#include "capture/hep.h"

#include <algorithm>
#include <string_view>

namespace tapestry::capture {
namespace {

constexpr std::string_view kMagic = "HEP3";
constexpr std::size_t kChunkHeader = 6;
constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;

/// Chunk types of vendor 0.
enum class Chunk : std::uint16_t {
  Source4 = 3,
  Destination4 = 4,
  Source6 = 5,
  Destination6 = 6,
  SourcePort = 7,
  DestinationPort = 8,
  Seconds = 9,
  Microseconds = 10,
  PayloadType = 11,
  Payload = 15,
};

struct Fields {
  std::optional<Bytes> source;
  std::optional<Bytes> destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::optional<std::uint32_t> seconds;
  std::uint32_t microseconds = 0;
  std::uint8_t payload_type = 0;
  std::optional<Bytes> payload;
  bool good = true;
};

void take(Fields& fields, std::uint16_t type, Bytes value) noexcept {
  Cursor cursor(value);
  switch (Chunk{type}) {
    case Chunk::Source4:
    case Chunk::Source6:
      fields.source = cursor.take(Chunk{type} == Chunk::Source4 ? 4 : 16);
      break;
    case Chunk::Destination4:
    case Chunk::Destination6:
      fields.destination = cursor.take(Chunk{type} == Chunk::Destination4 ? 4 : 16);
      break;
    case Chunk::SourcePort:
      fields.source_port = cursor.u16();
      break;
    case Chunk::DestinationPort:
      fields.destination_port = cursor.u16();
      break;
    case Chunk::Seconds:
      fields.seconds = cursor.u32();
      break;
    case Chunk::Microseconds:
      fields.microseconds = cursor.u32();
      break;
    case Chunk::PayloadType:
      fields.payload_type = cursor.u8();
      break;
    case Chunk::Payload:
      fields.payload = value;
      break;
  }
  fields.good = fields.good && cursor.ok();
}

bool is_taken(std::uint8_t payload_type) noexcept {
  constexpr std::uint8_t kSip = 1;
  constexpr std::uint8_t kRtp = 4;
  constexpr std::uint8_t kRtcp = 5;
  return payload_type == kSip || payload_type == kRtp || payload_type == kRtcp;
}

Time time_of(const Fields& fields, Time outer) noexcept {
  if (!fields.seconds || fields.microseconds >= kMicrosecondsPerSecond) return outer;
  const Time time = Time(std::chrono::seconds(*fields.seconds)) + std::chrono::microseconds(fields.microseconds);
  const bool near = time >= outer - kHepClockTolerance && time <= outer + kHepClockTolerance;
  return near ? time : outer;
}

}  // namespace

bool looks_like_hep(Bytes payload) noexcept { return as_text(payload).starts_with(kMagic); }

std::optional<Datagram> parse_hep(const Datagram& outer) noexcept {
  if (!looks_like_hep(outer.payload)) return std::nullopt;
  Cursor cursor(outer.payload.subspan(kMagic.size()));
  const std::size_t total = cursor.u16();
  if (!cursor.ok() || total < kMagic.size() + 2 || (total > outer.payload.size() && !outer.snapped))
    return std::nullopt;
  cursor = Cursor(outer.payload.first(std::min(total, outer.payload.size())).subspan(kMagic.size() + 2));
  Fields fields;
  bool cut = false;
  while (cursor.left() >= kChunkHeader && !cut) {
    const std::uint16_t vendor = cursor.u16();
    const std::uint16_t type = cursor.u16();
    const std::size_t length = cursor.u16();
    if (length < kChunkHeader) return std::nullopt;
    cut = length - kChunkHeader > cursor.left();
    if (cut && !outer.snapped) return std::nullopt;
    const Bytes value = cursor.take(std::min(length - kChunkHeader, cursor.left()));
    if (vendor == 0) take(fields, type, value);
  }
  const bool whole = fields.good && fields.source && fields.destination && fields.payload;
  if (!whole || fields.source->size() != fields.destination->size() || !is_taken(fields.payload_type)) {
    return std::nullopt;
  }
  return Datagram{time_of(fields, outer.time),
                  {IpAddress::from_bytes(*fields.source), fields.source_port},
                  {IpAddress::from_bytes(*fields.destination), fields.destination_port},
                  *fields.payload,
                  cut};
}

}  // namespace tapestry::capture
