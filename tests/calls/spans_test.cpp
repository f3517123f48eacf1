#include "calls/spans.h"

#include <catch2/catch.hpp>

#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::TrackSpan;
using calls::Window;

namespace {

TrackSpan span(std::size_t track, double from, double to) { return {track, scene_time(from), scene_time(to)}; }
Window window(double from, double to) { return {scene_time(from), scene_time(to)}; }

/// `track from-to` of each, in seconds.
using Plain = std::vector<std::tuple<std::size_t, double, double>>;
Plain plain(const std::vector<TrackSpan>& spans) {
  Plain list;
  for (const TrackSpan& one : spans) list.emplace_back(one.track, scene_seconds(one.from), scene_seconds(one.to));
  return list;
}

}  // namespace

TEST_CASE("windows cut stretches at both ends, in the middle, or whole") {
  const std::vector<TrackSpan> spans{span(0, 0, 10), span(1, 20, 30)};
  CHECK(plain(calls::without(spans, {})) == Plain{{0, 0, 10}, {1, 20, 30}});
  CHECK(plain(calls::without(spans, {window(4, 6)})) == Plain{{0, 0, 4}, {0, 6, 10}, {1, 20, 30}});
  CHECK(plain(calls::without(spans, {window(8, 22)})) == Plain{{0, 0, 8}, {1, 22, 30}});
  CHECK(plain(calls::without(spans, {window(0, 10), window(19, 31)})).empty());
  CHECK(plain(calls::without(spans, {window(1, 2), window(2, 3), window(5, 6)})) ==
        Plain{{0, 0, 1}, {0, 3, 5}, {0, 6, 10}, {1, 20, 30}});
}

TEST_CASE("a window that only touches a stretch leaves it as it is") {
  CHECK(plain(calls::without({span(0, 5, 10)}, {window(0, 5), window(10, 12)})) == Plain{{0, 5, 10}});
}

TEST_CASE("a stretch's stream was there from its first packet until 20 ms after its last") {
  calls::Track track;
  track.stats.first = scene_time(2);
  track.stats.last = scene_time(8);
  const Window whole = calls::extent_of(span(0, 0, 10), track);
  CHECK(whole.start == scene_time(2));
  CHECK(whole.end == scene_time(8.02));
  const Window part = calls::extent_of(span(0, 3, 5), track);
  CHECK(part.start == scene_time(3));
  CHECK(part.end == scene_time(5));
}

TEST_CASE("a stream that two calls name is heard once, another one beside it") {
  std::vector<calls::Track> tracks(3);
  tracks[2].flow.ssrc = 7;
  const std::vector<TrackSpan> taken{span(0, 0, 10)};
  CHECK(plain(calls::without_copies({span(1, 5, 15), span(2, 5, 15)}, taken, tracks)) ==
        Plain{{1, 10, 15}, {2, 5, 15}});
  CHECK(plain(calls::without_copies({span(1, 2, 9)}, taken, tracks)).empty());
}
