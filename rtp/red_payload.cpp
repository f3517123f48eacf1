#include "rtp/red_payload.h"

namespace tapestry::rtp {
namespace {

constexpr std::size_t kMaxBlocks = 16;

/// Calls use(RedBlock) for each redundant block; gives the primary one.
template <class Use>
std::optional<RedBlock> walk(Bytes payload, Use use) {
  Cursor headers(payload);
  std::size_t count = 0;
  std::size_t redundant_bytes = 0;
  std::uint8_t last = 0;
  for (;;) {
    last = headers.u8();
    if (!headers.ok() || count == kMaxBlocks) return std::nullopt;
    if ((last & 0x80U) == 0) break;
    headers.skip(1);
    const unsigned length = headers.u16() & 0x3ffU;
    redundant_bytes += length;
    ++count;
  }
  Bytes data = headers.rest();
  if (!headers.ok() || redundant_bytes > data.size()) return std::nullopt;
  Cursor again(payload);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t header = again.u32();
    const std::size_t length = header & 0x3ffU;
    use(RedBlock{static_cast<std::uint8_t>(header >> 24U & 0x7fU), header >> 10U & 0x3fffU, data.first(length)});
    data = data.subspan(length);
  }
  return RedBlock{static_cast<std::uint8_t>(last & 0x7fU), 0, data};
}

}  // namespace

std::optional<RedBlock> primary_block(Bytes payload) noexcept {
  return walk(payload, [](const RedBlock&) {});
}

void redundant_blocks(Bytes payload, std::vector<RedBlock>& blocks) {
  blocks.clear();
  (void)walk(payload, [&blocks](const RedBlock& block) { blocks.push_back(block); });
}

}  // namespace tapestry::rtp
