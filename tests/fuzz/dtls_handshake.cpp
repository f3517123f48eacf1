// Datagrams of any content as DTLS: nothing is read outside of them, and no keys come out without their secret.
#include <cstdlib>

#include "tls/dtls_table.h"

namespace {

using namespace tapestry;

Endpoint endpoint_of(std::uint8_t choice) { return {IpAddress{}, static_cast<std::uint16_t>(4000 + (choice & 7U))}; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tls::KeyLog keys;
  // Of the client random 00...00 alone.
  keys.add("CLIENT_RANDOM " + std::string(64, '0') + " " + std::string(96, '1') + "\n");
  std::uint64_t keyed = 0;
  tls::DtlsTable table(
      &keys,
      [&](const tls::SrtpKeying& keying) {
        ++keyed;
        if (keying.client == keying.server || keying.client_key.empty()) std::abort();
      },
      4);
  Cursor cursor(Bytes(data, size));
  Time now{};
  // Each record: endpoints, length, bytes.
  while (cursor.left() >= 3) {
    const std::uint8_t ends = cursor.u8();
    const std::size_t length = std::min<std::size_t>(cursor.u16(), cursor.left());
    now += std::chrono::milliseconds(10);
    (void)table.add(now, endpoint_of(ends), endpoint_of(static_cast<std::uint8_t>(ends >> 3U)), cursor.take(length));
    table.retry(now);
  }
  table.finish();
  if (keyed > size) std::abort();
  return 0;
}
