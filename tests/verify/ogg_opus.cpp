#include "ogg_opus.h"

#include <cstdint>
#include <vector>

namespace tapestry::verify {
namespace {

std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (int n = 0; n < bytes; ++n) out += static_cast<char>(value >> (8 * n) & 0xffU);
  return out;
}

/// RFC 3533 §6: polynomial 0x04c11db7, nothing reflected.
std::uint32_t page_crc(const std::string& page) {
  std::uint32_t crc = 0;
  for (const char c : page) {
    crc ^= std::uint32_t{static_cast<std::uint8_t>(c)} << 24U;
    for (int bit = 0; bit < 8; ++bit) crc = crc << 1U ^ ((crc & 0x80000000U) != 0 ? 0x04c11db7U : 0U);
  }
  return crc;
}

std::string page(unsigned flags, std::uint64_t granule, unsigned number, const std::vector<std::string>& packets) {
  std::string body;
  std::string lacing;
  for (const std::string& packet : packets) {
    lacing += static_cast<char>(packet.size());
    body += packet;
  }
  const std::string head =
      std::string("OggS\0", 5) + little(flags, 1) + little(granule, 8) + little(1, 4) + little(number, 4);
  const std::string tail = little(packets.size(), 1) + lacing + body;
  return head + little(page_crc(head + little(0, 4) + tail), 4) + tail;
}

}  // namespace

std::string ogg_opus(unsigned seconds) {
  constexpr unsigned kPreSkip = 312;
  constexpr unsigned kRate = 48000;
  const std::string silence = "\xf8\xff\xfe";  // 20 ms
  std::string out =
      page(2, 0, 0, {"OpusHead" + little(1, 1) + little(1, 1) + little(kPreSkip, 2) + little(kRate, 4) + little(0, 3)});
  out += page(0, 0, 1, {"OpusTags" + little(1, 4) + "x" + little(0, 4)});
  for (unsigned n = 1; n <= seconds; ++n) {
    const bool last = n == seconds;
    std::vector<std::string> packets(last ? 51 : 50, silence);
    out += page(last ? 4 : 0, std::uint64_t{n} * kRate + (last ? kPreSkip : 0), n + 1, packets);
  }
  return out;
}

}  // namespace tapestry::verify
