#include "spool/erasure.h"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "spool/segment.h"

namespace tapestry::spool {
namespace {

constexpr std::size_t kWindow = 4U << 20U;
static_assert(kWindow > kMaxPayload + 2 * kAlignment);

bool concerns(const RecordHead& head, const Erasure& erasure) {
  return head.key == erasure.key && head.first < erasure.to && head.first + head.span >= erasure.from;
}

Change change_of(const RecordHead& head, const Record* masked, std::uint32_t epoch, const Secret& key) {
  Change change{.wiped_head = wiped_head(head)};
  if (masked != nullptr && masked->payload.size() <= head.length) {
    change.bytes = resealed(*masked, head, epoch, key);
  } else {
    change.bytes = change.wiped_head;
    change.bytes.resize(head.size());
  }
  return change;
}

/// One segment's records, for looking at and changing.
class Segment {
 public:
  Segment(Disk& disk, Disk::Handle file, std::vector<Change>& changes) : disk_(disk), file_(file), changes_(changes) {}
  ~Segment() { disk_.close(file_); }
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  Io<void> find(const Erasure& erasure, const Secret& key, const Mask& mask) {
    std::vector<std::uint8_t> window(kWindow);
    std::uint64_t offset = 0;
    std::uint32_t epoch = 0;
    while (true) {
      const auto have = read_all(disk_, file_, offset, window);
      if (!have) return std::unexpected(have.error());
      std::span<std::uint8_t> rest = std::span(window).first(*have);
      if (offset == 0) {
        const auto head = segment_head_in(rest);
        if (!head) return {};
        epoch = head->epoch;
        rest = rest.subspan(SegmentHead::kHeadBytes);
      }
      const std::uint64_t at = offset + (*have - rest.size());
      const std::size_t used = look(rest, at, {erasure, key, mask, epoch});
      offset = at + used;
      if (used == 0) return {};
    }
  }

  /// Each step for all of them, made safe.
  Io<void> carry_out() {
    const auto head = [](const Change& change) { return Bytes(change.wiped_head); };
    const auto payload = [](const Change& change) { return Bytes(change.bytes).subspan(kAlignment); };
    const auto new_head = [](const Change& change) { return Bytes(change.bytes).first(kAlignment); };
    if (changes_.empty()) return {};
    if (const auto done = step(0, head); !done) return done;
    if (const auto done = step(kAlignment, payload); !done) return done;
    return step(0, new_head);
  }

 private:
  struct Search {
    const Erasure& erasure;
    const Secret& key;
    const Mask& mask;
    std::uint32_t epoch;
  };

  /// How many bytes were whole records.
  std::size_t look(std::span<std::uint8_t> bytes, std::uint64_t at, const Search& search) {
    std::size_t used = 0;
    while (true) {
      const std::span<std::uint8_t> rest = bytes.subspan(used);
      const auto head = head_in(rest);
      if (!head || head->size() > rest.size()) return used;
      if (concerns(*head, search.erasure) && is_whole(*head, rest)) take(*head, rest, at + used, search);
      used += head->size();
    }
  }

  void take(const RecordHead& head, std::span<std::uint8_t> bytes, std::uint64_t at, const Search& search) {
    if (head.wiped) {
      // Power was lost before its payload was overwritten.
      if (is_overwritten(head, bytes)) return;
      changes_.push_back(change_of(head, nullptr, search.epoch, search.key));
      changes_.back().offset = at;
      return;
    }
    auto record = opened(head, bytes, search.epoch, search.key);
    if (!record) return;
    const WipedBytes before = record->payload;
    const bool stays = search.mask(*record, search.erasure.from, search.erasure.to);
    // What was masked before has zeros behind it.
    record->payload.resize(std::max(before.size(), record->payload.size()));
    if (stays && record->payload == before) return;
    changes_.push_back(change_of(head, stays ? &*record : nullptr, search.epoch, search.key));
    changes_.back().offset = at;
  }

  template <class Part>
  Io<void> step(std::uint64_t behind, const Part& part) {
    for (const Change& change : changes_) {
      if (const auto done = write_all(disk_, file_, change.offset + behind, part(change)); !done) return done;
    }
    return disk_.sync(file_);
  }

  Disk& disk_;
  Disk::Handle file_;
  std::vector<Change>& changes_;
};

}  // namespace

Io<std::uint64_t> erase(Disk& disk, KeyTable& keys, const Erasure& erasure, const Mask& mask, const SegmentSpans& spans,
                        HalfErased& half) {
  Secret key;
  if (keys.find(erasure.key, key) != KeyState::Live) {
    half = {};
    return 0;
  }
  std::uint64_t changed = 0;
  // Opens it, has `half` filled where it is empty, and empties it.
  const auto go_through = [&](std::uint32_t number) -> Io<void> {
    const auto file = disk.open(segment_name(number), false);
    if (!file && file.error() == ENOENT) {
      half.changes.clear();
      return {};
    }
    if (!file) return std::unexpected(file.error());
    half.segment = number;
    Segment segment(disk, *file, half.changes);
    if (half.changes.empty()) {
      if (const auto found = segment.find(erasure, key, mask); !found) {
        half.changes.clear();  // none is begun
        return found;
      }
    }
    if (const auto done = segment.carry_out(); !done) return done;
    changed += half.changes.size();
    half.changes.clear();
    return {};
  };
  if (!half.changes.empty()) {
    if (const auto done = go_through(half.segment); !done) return std::unexpected(done.error());
  }
  const auto numbers = segments_on(disk);
  if (!numbers) return std::unexpected(numbers.error());
  for (const std::uint32_t number : *numbers) {
    if (!spans.may_hold(number, erasure.from, erasure.to)) continue;
    if (const auto done = go_through(number); !done) return std::unexpected(done.error());
  }
  return changed;
}

}  // namespace tapestry::spool
