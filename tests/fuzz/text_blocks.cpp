// Text over TCP from any bytes: however they are cut into pushes, the same blocks come out, within their bounds; what
// reads commands, replies and events in them takes any block.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/hash.h"
#include "pause/control_session.h"
#include "pause/presets.h"

namespace {

using namespace tapestry;

const Time kStart{std::chrono::seconds(1'700'000'000)};

void require(bool good) {
  if (!good) std::abort();
}

const pause::Markers& markers() {
  static const pause::Markers all({{.name = "web", .http_pause = "off", .http_resume = "on"}});
  return all;
}

void check(const pause::TextBlock& block) {
  require(!block.first.empty() || block.cut);
  require(block.first.size() <= pause::TextBlocks::kMaxLine);
  require(block.fields.size() <= pause::TextBlocks::kMaxLines);
  require(block.body.size() <= pause::TextBlocks::kMaxBody);
}

/// Pushes the stream in pieces of 1..`longest` bytes, and reads what comes out.
std::vector<std::string> read(Bytes stream, std::size_t longest, bool losses) {
  pause::TextBlocks blocks;
  pause::ControlSession session;
  std::vector<std::string> all;
  const auto use = [&](const pause::TextBlock& block) {
    check(block);
    all.push_back(block.first + block.body);
    if (auto request = pause::parse_control_request(block, markers())) {
      require(request->target.size() <= pause::kMaxControlName);
      (void)session.sent(std::move(*request), kStart);
    }
    if (const auto reply = pause::parse_control_reply(block)) (void)session.answered(*reply, kStart);
    (void)pause::parse_control_target(block);
  };
  std::uint64_t state = stream.size();
  while (!stream.empty()) {
    state = hash_mix(state, longest);
    const std::size_t size = std::min<std::size_t>(stream.size(), 1 + state % longest);
    blocks.push(stream.first(size), losses && state % 7 == 0, use);
    stream = stream.subspan(size);
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes stream(data, size);
  const auto whole = read(stream, size + 1, false);
  for (const std::size_t longest : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    require(read(stream, longest, false) == whole);
  }
  (void)read(stream, 50, true);
  return 0;
}
