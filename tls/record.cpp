#include "tls/record.h"

#include "tls/hello.h"

namespace tapestry::tls {

std::optional<RecordHeader> parse_record_header(Bytes bytes) noexcept {
  Cursor cursor(bytes);
  RecordHeader header;
  header.type = cursor.u8();
  header.version = cursor.u16();
  header.length = cursor.u16();
  const bool good = cursor.ok() && header.type >= kChangeCipherSpec && header.type <= kApplicationData &&
                    header.version >= 0x0300 && header.version <= 0x0304 && header.length <= kMaxRecordBody;
  return good ? std::optional(header) : std::nullopt;
}

bool begins_like_tls(Bytes bytes) noexcept {
  const auto header = parse_record_header(bytes);
  if (!header || header->type != kHandshake || bytes.size() <= kRecordHeader) return false;
  const std::uint8_t message = bytes[kRecordHeader];
  return message == kClientHello || message == kServerHello;
}

}  // namespace tapestry::tls
