// TCP streams from any bytes: however they are cut into pushes, the same messages come out and no byte is used twice.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/hash.h"
#include "sipparse/stream_framer.h"

namespace {

using namespace tapestry;

void require(bool good) {
  if (!good) std::abort();
}

struct Framed {
  std::vector<std::string> messages;
  std::uint64_t skipped = 0;
  friend bool operator==(const Framed&, const Framed&) = default;
};

/// Pushes the stream in pieces of 1..`longest` bytes.
Framed frame(Bytes stream, std::size_t longest, bool losses) {
  sip::StreamFramer framer;
  Framed framed;
  const auto use = [&framed](Bytes message) {
    require(!message.empty() && message.size() <= sip::kMaxMessageBytes);
    framed.messages.emplace_back(as_text(message));
  };
  std::uint64_t state = stream.size();
  while (!stream.empty()) {
    state = hash_mix(state, longest);
    const std::size_t size = std::min<std::size_t>(stream.size(), 1 + state % longest);
    framer.push(stream.first(size), losses && state % 7 == 0, use);
    stream = stream.subspan(size);
  }
  framer.finish(use);
  framed.skipped = framer.skipped_bytes();
  return framed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes stream(data, size);
  const Framed whole = frame(stream, size + 1, false);
  std::uint64_t used = whole.skipped;
  for (const std::string& message : whole.messages) used += message.size();
  require(used <= size);
  for (const std::size_t longest : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    require(frame(stream, longest, false) == whole);
  }
  (void)frame(stream, 50, true);
  return 0;
}
