// Bytes as a capture file: whatever they are, reading ends, stays inside its bounds and never throws but for "no
// capture".
#include <cstdlib>
#include <stdexcept>

#include "capture/file_format.h"
#include "capture/file_source.h"
#include "capture/memory_reader.h"

namespace {

using namespace tapestry;

void require(bool holds) {
  if (!holds) std::abort();
}

void drain(capture::Source& source) {
  // gzip may inflate a thousandfold; the frames beyond these look like those before.
  constexpr std::uint64_t kEnough = 100'000;
  capture::Frame frame;
  std::uint64_t packets = 0;
  unsigned sum = 0;
  while (packets < kEnough && source.next(frame)) {
    ++packets;
    require(frame.data.size() <= capture::kMaxFrame);
    require(frame.time.time_since_epoch().count() >= 0);
    for (const std::uint8_t byte : frame.data) sum += byte;
  }
  require(source.info().packets == packets);
  if (packets == kEnough) return;
  require(!source.next(frame));
  require(packets > 0 || sum == 0);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    drain(*capture::open_bytes(std::make_unique<capture::MemoryReader>(Bytes(data, size)), "fuzz"));
  } catch (const std::runtime_error&) {
    return 0;
  }
  return 0;
}
