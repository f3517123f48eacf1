#include "mux/keyed_runs.h"

#include <catch2/catch.hpp>
#include <string_view>

namespace tapestry::mux {
namespace {

/// Tones of 100 ms, one a second from `from` on.
std::vector<dtmf::Tone> tones(std::string_view keys, Position from) {
  std::vector<dtmf::Tone> all;
  for (const char key : keys) {
    all.push_back({.key = key, .from = from, .to = from + 800});
    from += 8000;
  }
  return all;
}

}  // namespace

TEST_CASE("a run goes from its first tone's start to its last one's end, and runs are told apart") {
  KeyedRuns runs(kNarrowband, 6);
  runs.add(tones("123456", 8000));
  runs.add(tones("1234", 800'000));
  runs.add(tones("654321#", 1'600'000));
  CHECK(runs.finish() == Intervals{{8000, 48'800}, {1'600'000, 1'648'800}});
  CHECK(runs.finish().empty());
}

TEST_CASE("parts of one tone are one key, the same key twice is two") {
  KeyedRuns parts(kNarrowband, 6);
  for (Position at = 0; at < 8000; at += 800)
    parts.add(std::vector<dtmf::Tone>{{.key = '1', .from = at, .to = at + 800}});
  CHECK(parts.finish().empty());
  KeyedRuns keys(kNarrowband, 6);
  keys.add(tones("111111", 0));
  CHECK(keys.finish().size() == 1);
}

}  // namespace tapestry::mux
