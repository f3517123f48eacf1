#include "spool/spool.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "spool/block_log.h"

namespace tapestry::spool {
namespace {

constexpr std::size_t kIndexed = 32;  // places per index record
/// How far packets of one track may arrive out of order: chunks that end earlier than that before a time have none of
/// it.
constexpr Duration kReordering = std::chrono::minutes(1);
constexpr std::uint32_t kChunkMagic = 0x4b435054;
constexpr std::uint32_t kIndexMagic = 0x58495054;

/// Stands before each record's bytes.
struct Record {
  TrackId track;
  std::uint32_t length;
  std::uint32_t magic;
};
static_assert(sizeof(Record) == 16);

/// The bytes of an index record: where a track's chunks are, and the index before.
struct Index {
  Place previous;
  std::array<Place, kIndexed> chunks;
};

struct Track {
  Place last_index;
  std::vector<Place> chunks;  ///< those that are in no index yet
  Time newest = Time::min();  ///< greatest arrival
  bool in_order = true;       ///< no packet came more than kReordering before an earlier one
};

/// Whether `early` is so long before `late` that nothing behind it can be as late. (Their difference may be more than a
/// Duration holds.)
bool long_before(Time early, Time late) {
  return early < late && late >= Time::min() + kReordering && early < late - kReordering;
}

/// The bytes behind a record's head. The log is ours alone: anything else there is a disk that lies.
Bytes open_record(Bytes bytes, TrackId track, std::uint32_t magic) {
  const auto record = bytes.size() < sizeof(Record) ? Record{} : load<Record>(bytes);
  if (record.magic != magic || record.track != track || record.length != bytes.size() - sizeof(Record)) {
    throw std::runtime_error("spool: track " + std::to_string(track) + " is broken");
  }
  return bytes.subspan(sizeof(Record));
}

Index load_index(Bytes record, TrackId track) {
  const Bytes bytes = open_record(record, track, kIndexMagic);
  if (bytes.size() != sizeof(Index)) throw std::runtime_error("spool: an index is broken");
  return load<Index>(bytes);
}

class BlockReader final : public MediaReader {
 public:
  /// `chunks`: last first.
  BlockReader(BlockLog& log, TrackId track, std::vector<Place> chunks)
      : track_(track), chunks_(std::move(chunks)), borrower_(log) {}

  Bytes next() override {
    if (chunks_.empty()) return {};
    const Place place = chunks_.back();
    chunks_.pop_back();
    return open_record(borrower_.lend(place), track_, kChunkMagic);
  }

 private:
  TrackId track_;
  std::vector<Place> chunks_;
  Borrower borrower_;
};

}  // namespace

struct Spool::State {
  State(const std::filesystem::path& folder, const Limits& limits, const Secret& key) : log(folder, limits, key) {}

  Place append(TrackId track, std::uint32_t magic, Bytes bytes, Time newest);
  Time erase_chunk(TrackId id, const Place& place, Time from, Time to);
  void erase(TrackId id, Time from, Time to);
  void write_index(TrackId id, Track& track);
  [[nodiscard]] Track find(TrackId id);
  /// The places of the index records, last first, and of the chunks, last first.
  struct Places {
    std::vector<Place> indexes;
    std::vector<Place> chunks;
  };
  Places places_of(TrackId id);

  BlockLog log;
  std::mutex mutex;  ///< guards what follows
  std::unordered_map<TrackId, Track> tracks;
  std::uint64_t erased_packets = 0;
  std::uint64_t erased_on_disk = 0;
};

Place Spool::State::append(TrackId track, std::uint32_t magic, Bytes bytes, Time newest) {
  std::array<std::uint8_t, sizeof(Record)> head{};
  store(std::span(head), Record{track, static_cast<std::uint32_t>(bytes.size()), magic});
  return log.append(head, bytes, newest);
}

void Spool::State::write_index(TrackId id, Track& track) {
  Index index{.previous = track.last_index, .chunks = {}};
  std::ranges::copy(track.chunks, index.chunks.begin());
  std::array<std::uint8_t, sizeof(Index)> bytes{};
  store(std::span(bytes), index);
  track.last_index = append(id, kIndexMagic, bytes, Time::min());
  track.chunks.clear();
}

Track Spool::State::find(TrackId id) {
  const std::scoped_lock lock(mutex);
  const auto found = tracks.find(id);
  return found == tracks.end() ? Track{} : found->second;
}

Spool::State::Places Spool::State::places_of(TrackId id) {
  const Track track = find(id);
  Places places{.indexes = {}, .chunks = {track.chunks.rbegin(), track.chunks.rend()}};
  Borrower borrower(log);
  for (Place at = track.last_index; at.block != 0;) {
    places.indexes.push_back(at);
    const Index index = load_index(borrower.lend(at), id);
    places.chunks.insert(places.chunks.end(), index.chunks.rbegin(), index.chunks.rend());
    at = index.previous;
  }
  return places;
}

/// The chunk's greatest arrival.
Time Spool::State::erase_chunk(TrackId id, const Place& place, Time from, Time to) {
  rtp::Chunk::Erased erased;
  const bool on_disk = log.rewrite(place, [&](std::span<std::uint8_t> record) {
    (void)open_record(record, id, kChunkMagic);
    erased = rtp::Chunk::erase(record.subspan(sizeof(Record)), from, to);
    return erased.packets != 0;
  });
  const std::scoped_lock lock(mutex);
  erased_packets += erased.packets;
  erased_on_disk += on_disk ? 1U : 0U;
  return erased.newest;
}

void Spool::State::erase(TrackId id, Time from, Time to) {
  const Track track = find(id);
  const auto done = [&](const Place& place) {
    return long_before(erase_chunk(id, place, from, to), from) && track.in_order;
  };
  if (std::ranges::any_of(track.chunks.rbegin(), track.chunks.rend(), done)) return;
  Borrower borrower(log);
  for (Place at = track.last_index; at.block != 0;) {
    const auto index = load_index(borrower.lend(at), id);
    if (std::ranges::any_of(index.chunks.rbegin(), index.chunks.rend(), done)) return;
    at = index.previous;
  }
}

Spool::Spool(const std::filesystem::path& folder, const Limits& limits, const Secret& key) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::runtime_error("spool: cannot make " + folder.string() + ": " + error.message());
  state_ = std::make_unique<State>(folder, limits, key);
}

Spool::~Spool() = default;

void Spool::append(TrackId track, const rtp::Chunk& chunk) {
  if (chunk.empty()) return;
  const std::scoped_lock lock(state_->mutex);
  Track& known = state_->tracks[track];
  if (known.chunks.size() == kIndexed) state_->write_index(track, known);
  known.chunks.push_back(state_->append(track, kChunkMagic, chunk.bytes(), chunk.newest()));
  known.newest = std::max(known.newest, chunk.newest());
  known.in_order = known.in_order && !long_before(chunk.oldest(), known.newest);
}

void Spool::advance(Time now) { state_->log.advance(now); }

void Spool::erase(TrackId track, Time from, Time to) {
  if (from < to) state_->erase(track, from, to);
}

std::unique_ptr<MediaReader> Spool::read(TrackId track) const {
  return std::make_unique<BlockReader>(state_->log, track, state_->places_of(track).chunks);
}

void Spool::release(TrackId track) {
  const State::Places places = state_->places_of(track);
  {
    const std::scoped_lock lock(state_->mutex);
    state_->tracks.erase(track);
  }
  state_->log.drop(places.chunks);
  state_->log.drop(places.indexes);
}

std::uint64_t Spool::bytes_in_memory() const noexcept { return state_->log.bytes_in_memory(); }
std::uint64_t Spool::bytes_on_disk() const noexcept { return state_->log.bytes_on_disk(); }

std::uint64_t Spool::erased_on_disk() const noexcept {
  const std::scoped_lock lock(state_->mutex);
  return state_->erased_on_disk;
}

Counters Spool::counters() const {
  const std::scoped_lock lock(state_->mutex);
  return {{"spool.erased_packets", state_->erased_packets},
          {"spool.erased_on_disk", state_->erased_on_disk},
          {"spool.memory_above_limit", state_->log.most_above_limit()}};
}

}  // namespace tapestry::spool
