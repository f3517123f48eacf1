// How a capture is cut into files, and the order in which a switch mirrored packets of one moment, change nothing.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "app/config.h"
#include "app/pipeline.h"
#include "tests/app/scene_run.h"
#include "tests/support/scenes/scenes.h"

using namespace tapestry;

namespace {

using Frames = std::vector<testing::TimedFrame>;
using Payloads = std::vector<std::string>;

constexpr std::array kScenes{"transfer_blind",
                             "transfer_attended",
                             "transfer_third_party_control",
                             "take",
                             "b2bua_session_id",
                             "b2bua_new_ssrc",
                             "b2bua_direct_media",
                             "b2bua_proximity",
                             "pbx_rings_all",
                             "pbx_transfer_blind",
                             "conference_focus",
                             "conference_at_phone",
                             "queue_bridges",
                             "unrelated_one_pbx",
                             "call_waiting",
                             "supervisor_barge_in",
                             "consult_only",
                             "unrelated_agent_busy",
                             "forked",
                             "park_and_retrieve"};

constexpr std::size_t kEthernetAndIp = 14 + 20;

Frames in_order(Frames frames) {
  // Insertion keeps the order of those of one time.
  std::multimap<Time, testing::Buffer> sorted;
  for (testing::TimedFrame& frame : frames) sorted.emplace(frame.time, std::move(frame.frame));
  frames.clear();
  for (auto& [time, bytes] : sorted) frames.push_back({time, std::move(bytes)});
  return frames;
}

std::string_view payload_of(const testing::Buffer& frame) { return as_text(Bytes(frame).subspan(kEthernetAndIp + 8)); }

bool is_sip(const testing::Buffer& frame) { return payload_of(frame).find("SIP/2.0") != std::string_view::npos; }

/// Both addresses and ports of a frame of IPv4 and UDP.
std::string_view tuple_of(const testing::Buffer& frame) {
  return as_text(Bytes(frame).subspan(kEthernetAndIp - 8, 12));
}

std::string_view line_of(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at, text.find("\r\n", at) - at);
}

/// Whether the one may depend on the other: one flow's order, a transaction's.
bool is_bound(const testing::Buffer& one, const testing::Buffer& another) {
  if (tuple_of(one) == tuple_of(another)) return true;
  if (!is_sip(one) || !is_sip(another)) return false;
  const auto number = [](const testing::Buffer& frame) {
    const std::string_view line = line_of(payload_of(frame), "CSeq: ");
    return line.substr(0, line.rfind(' '));
  };
  return line_of(payload_of(one), "Call-ID: ") == line_of(payload_of(another), "Call-ID: ") &&
         number(one) == number(another);
}

/// Neighbours change places, here and there; times stay in order and no packet moves by 5 ms or more.
Frames shuffled(const Frames& frames, unsigned seed) {
  constexpr Duration kMost = std::chrono::milliseconds(5);
  struct Moved {
    Time seen;
    const testing::Buffer* bytes;
  };
  std::vector<Moved> order;
  for (const testing::TimedFrame& frame : frames) order.push_back({frame.time, &frame.frame});
  std::mt19937 random(seed);
  for (int pass = 0; pass < 4; ++pass) {
    for (std::size_t n = 1; n < order.size(); ++n) {
      const auto moved = [&](std::size_t to, const Moved& one) { return std::chrono::abs(frames[to].time - one.seen); };
      const bool near = moved(n, order[n - 1]) < kMost && moved(n - 1, order[n]) < kMost;
      if (near && random() % 2 == 0 && !is_bound(*order[n - 1].bytes, *order[n].bytes))
        std::swap(order[n - 1], order[n]);
    }
  }
  Frames result;
  for (std::size_t n = 0; n < order.size(); ++n) result.push_back({frames[n].time, *order[n].bytes});
  return result;
}

/// What the correlator makes of frames.
class Decisions final : public calls::Output {
 public:
  Decisions(const std::string& configuration, const Frames& frames) {
    app::Pipeline pipeline(app::parse_config(configuration, "scene").rules, *this);
    for (const testing::TimedFrame& frame : frames) {
      const auto size = static_cast<std::uint32_t>(frame.frame.size());
      pipeline.add({frame.time, testing::kEthernet, size, frame.frame});
    }
    pipeline.finish();
    std::ranges::sort(conversations, {}, [](const calls::Interaction& one) { return one.signalling.front().call_id; });
  }
  void keep(calls::TrackId, const rtp::Chunk&) override {}
  void discard(calls::TrackId) override {}
  void erase(calls::TrackId, Time, Time) override {}
  void marker(const calls::MarkerReport&) override {}
  void advanced(Time) override {}
  void stream_ended(const calls::StreamReport&) override {}
  void closed(calls::Interaction&& interaction) override { conversations.push_back(std::move(interaction)); }

  std::vector<calls::Interaction> conversations;
};

/// Parties, calls, the kinds of joining links, recordings by agent, transfers; not times.
std::vector<std::string> outline(const calls::Interaction& one) {
  std::set<std::string> calls;
  std::set<std::string> links;
  std::multiset<std::string> dialogs;
  const auto uri = [&one](std::size_t party) { return one.parties.at(party).uri; };
  for (const calls::DialogSummary& dialog : one.signalling) calls.insert("call " + dialog.call_id);
  for (const calls::Link& link : one.links) {
    if (link.joined) links.insert(fmt::format("link {}", calls::to_string(link.kind)));
  }
  for (const calls::DialogPlan& dialog : one.dialogs) {
    if (dialog.kind == calls::DialogKind::Recording) dialogs.insert("recording of " + uri(dialog.agent));
    if (dialog.kind == calls::DialogKind::Incomplete) dialogs.insert("incomplete " + dialog.disposition);
    if (!dialog.transfer) continue;
    dialogs.insert(fmt::format("transfer of {} by {} to {}", uri(dialog.transfer->transferee),
                               uri(dialog.transfer->transferor), uri(dialog.transfer->transfer_target)));
  }
  std::vector<std::string> all{one.disposition};
  all.insert(all.end(), calls.begin(), calls.end());
  all.insert(all.end(), links.begin(), links.end());
  all.insert(all.end(), dialogs.begin(), dialogs.end());
  for (const calls::Party& party : one.parties)
    all.push_back(fmt::format("party {} {}", party.uri, to_string(party.role)));
  return all;
}

/// Recordings, by agent and start.
std::vector<const calls::DialogPlan*> recordings_of(const calls::Interaction& one) {
  std::vector<const calls::DialogPlan*> list;
  for (const calls::DialogPlan& dialog : one.dialogs) {
    if (dialog.kind == calls::DialogKind::Recording) list.push_back(&dialog);
  }
  std::ranges::sort(list, {}, [](const calls::DialogPlan* dialog) { return std::pair(dialog->agent, dialog->start); });
  return list;
}

void check_alike(const Decisions& one, const Decisions& another) {
  constexpr Duration kSlack = std::chrono::milliseconds(20);
  REQUIRE(one.conversations.size() == another.conversations.size());
  for (std::size_t n = 0; n < one.conversations.size(); ++n) {
    CHECK(outline(one.conversations[n]) == outline(another.conversations[n]));
    const auto mine = recordings_of(one.conversations[n]);
    const auto other = recordings_of(another.conversations[n]);
    REQUIRE(mine.size() == other.size());
    for (std::size_t i = 0; i < mine.size(); ++i) {
      CHECK(std::chrono::abs(mine[i]->start - other[i]->start) <= kSlack);
      CHECK(std::chrono::abs(mine[i]->end - other[i]->end) <= kSlack);
    }
  }
}

/// Cut at `count - 1` places.
std::vector<Frames> cut(const Frames& frames, std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::set<std::size_t> places;
  while (places.size() + 1 < count) places.insert(1 + random() % (frames.size() - 1));
  places.insert(frames.size());
  std::vector<Frames> parts;
  std::size_t from = 0;
  for (const std::size_t to : places) {
    parts.emplace_back(frames.begin() + static_cast<std::ptrdiff_t>(from),
                       frames.begin() + static_cast<std::ptrdiff_t>(to));
    from = to;
  }
  return parts;
}

/// All SIP, and all else.
std::vector<Frames> by_kind(const Frames& frames) {
  std::vector<Frames> parts(2);
  for (const testing::TimedFrame& frame : frames) parts[is_sip(frame.frame) ? 0 : 1].push_back(frame);
  return parts;
}

/// Each 5-tuple on its own, up to 40 of them; the rest together.
std::vector<Frames> by_flow(const Frames& frames) {
  constexpr std::size_t kMost = 40;
  std::map<std::string, std::size_t> numbers;
  std::vector<Frames> parts;
  for (const testing::TimedFrame& frame : frames) {
    const std::size_t number =
        numbers.try_emplace(std::string(tuple_of(frame.frame)), std::min(numbers.size(), kMost)).first->second;
    if (number == parts.size()) parts.emplace_back();
    parts[number].push_back(frame);
  }
  return parts;
}

std::vector<Frames> mixed(std::vector<Frames> parts, unsigned seed) {
  std::mt19937 random(seed);
  for (std::size_t n = parts.size(); n > 1; --n) std::swap(parts[n - 1], parts[random() % n]);
  return parts;
}

}  // namespace

TEST_CASE("splitting a capture over files, named in any order, changes nothing") {
  const std::string name = GENERATE(take(12, from_range(kScenes)));
  INFO(name);
  const scenes::Scene scene = scenes::scene(name);
  const Frames frames = in_order(scene.frames);
  const Payloads whole = testing::payloads_of(scene.configuration, {frames});
  REQUIRE_FALSE(whole.empty());
  const auto same = [&](const std::vector<Frames>& parts) {
    return testing::payloads_of(scene.configuration, parts) == whole;
  };
  const auto backwards = [](std::vector<Frames> parts) {
    std::ranges::reverse(parts);
    return parts;
  };
  CHECK(same(backwards(cut(frames, 7, 2))));
  CHECK(same(backwards(by_kind(frames))));
  // Streams that begin at the very same time, each in its own file.
  CHECK(same(by_flow(frames)));
  CHECK(same(backwards(by_flow(frames))));
  CHECK(same(mixed(by_flow(frames), 3)));
}

TEST_CASE("packets of one moment may have come in another order") {
  const std::string name = GENERATE(from_range(kScenes));
  const scenes::Scene scene = scenes::scene(name);
  const Frames frames = in_order(scene.frames);
  const Decisions before(scene.configuration, frames);
  for (unsigned seed = 1; seed <= 4; ++seed) {
    INFO(name << ", seed " << seed);
    check_alike(before, Decisions(scene.configuration, shuffled(frames, seed)));
  }
}
