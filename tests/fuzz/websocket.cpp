// One direction of a connection. The first byte tells whether a handshake comes first; the rest are the bytes behind
// it. However they are cut, the same messages come out, in bounds, and no byte is used twice.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "capture/websocket_stream.h"
#include "tests/support/websocket_builder.h"

namespace {

using namespace tapestry;
using capture::WebSocketStream;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Read {
  std::vector<std::string> messages;
  std::uint64_t skipped = 0;
  std::uint64_t lost = 0;
  friend bool operator==(const Read&, const Read&) = default;
};

Read read(Bytes bytes, bool handshake, std::size_t longest, bool losses) {
  Read result;
  WebSocketStream stream;
  capture::WebSocketTally tally;
  const auto use = [&result](Bytes message) {
    require(message.size() <= WebSocketStream::kMaxMessage);
    result.messages.emplace_back(as_text(message));
  };
  const std::string request = testing::websocket_request();
  if (handshake) require(stream.add(as_bytes(request), false, tally, use).empty());
  std::uint32_t state = 1;
  while (!bytes.empty()) {
    state = state * 1664525 + 1013904223;
    const Bytes piece = bytes.first(std::min<std::size_t>(bytes.size(), 1 + (state >> 16U) % longest));
    const Bytes rest = stream.add(piece, losses && state % 7 == 0, tally, use);
    require(rest.size() <= piece.size() && (!handshake || rest.empty()));
    bytes = bytes.subspan(piece.size());
  }
  require(tally.messages == result.messages.size());
  result.skipped = tally.skipped_bytes;
  result.lost = tally.lost;
  return result;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool handshake = (data[0] & 1U) != 0;
  const Bytes bytes(data + 1, size - 1);
  const Read whole = read(bytes, handshake, 1, false);
  std::uint64_t used = whole.skipped;
  for (const std::string& message : whole.messages) used += message.size();
  require(used <= size);
  for (const std::size_t longest : {std::size_t{7}, std::size_t{1000}}) {
    const Read cut = read(bytes, handshake, longest, false);
    if (handshake) require(cut == whole);
  }
  (void)read(bytes, handshake, 50, true);
  return 0;
}
