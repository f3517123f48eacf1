#include "tls/dtls_record.h"

#include "tls/record.h"

namespace tapestry::tls {
namespace {

constexpr std::uint16_t kDtls10 = 0xFEFF;
constexpr std::uint16_t kDtls13 = 0xFEFC;

std::size_t u24(Cursor& cursor) noexcept {
  const std::size_t high = cursor.u8();
  return high << 16U | cursor.u16();
}

}  // namespace

std::optional<DtlsRecord> take_dtls_record(Bytes& rest) noexcept {
  Cursor cursor(rest);
  DtlsRecord record;
  record.type = cursor.u8();
  const std::uint16_t version = cursor.u16();
  record.epoch = cursor.u16();
  cursor.skip(6);  // sequence number
  record.body = cursor.take(cursor.u16());
  if (!cursor.ok() || record.type < kChangeCipherSpec || version > kDtls10 || version < kDtls13) return std::nullopt;
  rest = cursor.rest();
  return record;
}

std::optional<DtlsFragment> take_dtls_fragment(Bytes& rest) noexcept {
  Cursor cursor(rest);
  DtlsFragment fragment;
  fragment.type = cursor.u8();
  fragment.length = u24(cursor);
  fragment.sequence = cursor.u16();
  fragment.offset = u24(cursor);
  fragment.body = cursor.take(u24(cursor));
  if (!cursor.ok() || fragment.offset + fragment.body.size() > fragment.length) return std::nullopt;
  rest = cursor.rest();
  return fragment;
}

}  // namespace tapestry::tls
