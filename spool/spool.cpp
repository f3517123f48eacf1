#include "spool/spool.h"

#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "spool/segment.h"

namespace tapestry::spool {
namespace {

constexpr std::size_t kBufferBytes = 1U << 20U;
constexpr std::uint32_t kMagic = 0x4b435054;
constexpr std::uint32_t kNowhere = 0;

/// Where a record begins; segments are numbered from 1.
struct Place {
  std::uint64_t offset = 0;
  std::uint32_t segment = kNowhere;
};

/// Stands before each chunk's bytes.
struct Record {
  std::uint64_t track;
  std::uint64_t previous_offset;
  std::uint32_t previous_segment;  ///< kNowhere for a track's first chunk
  std::uint32_t length;
  std::uint32_t packets;
  std::uint32_t magic;
};
static_assert(sizeof(Record) == 32);

struct OpenSegment {
  Segment file;
  std::uint64_t bytes = 0;
  std::uint64_t live = 0;  ///< chunks that are not released
};

Record read_record(const Segment& file, std::uint64_t offset, TrackId track) {
  std::array<std::uint8_t, sizeof(Record)> bytes;
  file.read_at(offset, bytes);
  const auto record = load<Record>(bytes);
  if (record.magic != kMagic || record.track != track) {
    throw std::runtime_error("spool: the chain of track " + std::to_string(track) + " is broken");
  }
  return record;
}

}  // namespace

struct Spool::State {
  State(std::filesystem::path where, std::uint64_t bytes) : folder(std::move(where)), segment_bytes(bytes) {}

  /// Room for `bytes` at the end of the current segment: flushed when the buffer is full, a new one when the segment
  /// is.
  OpenSegment& make_room(std::size_t bytes);
  void flush();
  /// The track's last record, on disk for sure.
  Place tail(TrackId track);
  const Segment& file(std::uint32_t segment);
  void drop(const std::unordered_map<std::uint32_t, std::uint64_t>& chunks);
  void close_if_dead(std::unordered_map<std::uint32_t, OpenSegment>::iterator segment);
  template <class Use>
  void walk_back(TrackId track, Use use);

  const std::filesystem::path folder;
  const std::uint64_t segment_bytes;
  std::atomic<std::uint64_t> on_disk = 0;
  std::mutex mutex;  ///< guards all below
  std::unordered_map<TrackId, Place> tails;
  std::unordered_map<std::uint32_t, OpenSegment> segments;
  std::uint32_t current = kNowhere;
  std::uint64_t flushed = 0;  ///< bytes of the current segment that are on disk
  std::vector<std::uint8_t> buffer;
};

void Spool::State::flush() {
  if (buffer.empty()) return;
  segments.at(current).file.write_at(flushed, buffer);
  flushed += buffer.size();
  on_disk += buffer.size();
  buffer.clear();
}

OpenSegment& Spool::State::make_room(std::size_t bytes) {
  if (buffer.size() + bytes > kBufferBytes) flush();
  const auto found = segments.find(current);
  if (found != segments.end() && (found->second.bytes == 0 || found->second.bytes + bytes <= segment_bytes)) {
    return found->second;
  }
  flush();
  OpenSegment& fresh = segments.try_emplace(current + 1, Segment(folder)).first->second;
  const std::uint32_t full = current++;
  flushed = 0;
  if (const auto old = segments.find(full); old != segments.end()) close_if_dead(old);
  return fresh;
}

Place Spool::State::tail(TrackId track) {
  const std::scoped_lock lock(mutex);
  const auto found = tails.find(track);
  if (found == tails.end()) return {};
  if (found->second.segment == current && found->second.offset >= flushed) flush();
  return found->second;
}

const Segment& Spool::State::file(std::uint32_t segment) {
  const std::scoped_lock lock(mutex);
  return segments.at(segment).file;
}

template <class Use>
void Spool::State::walk_back(TrackId track, Use use) {
  std::uint32_t open = kNowhere;
  const Segment* segment = nullptr;
  for (Place place = tail(track); place.segment != kNowhere;) {
    if (place.segment != open) segment = &file(open = place.segment);
    const Record record = read_record(*segment, place.offset, track);
    use(place, *segment, record);
    place = {.offset = record.previous_offset, .segment = record.previous_segment};
  }
}

void Spool::State::drop(const std::unordered_map<std::uint32_t, std::uint64_t>& chunks) {
  for (const auto& [number, count] : chunks) {
    const auto segment = segments.find(number);
    segment->second.live -= count;
    if (number != current) close_if_dead(segment);
  }
}

void Spool::State::close_if_dead(std::unordered_map<std::uint32_t, OpenSegment>::iterator segment) {
  if (segment->second.live != 0) return;
  on_disk -= segment->second.bytes;
  segments.erase(segment);
}

Spool::Spool(const std::filesystem::path& folder, std::uint64_t segment_bytes)
    : state_(std::make_unique<State>(folder, segment_bytes)) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::runtime_error("spool: cannot make " + folder.string() + ": " + error.message());
  state_->buffer.reserve(kBufferBytes);
}

Spool::~Spool() = default;

void Spool::append(TrackId track, const rtp::Chunk& chunk) {
  const Bytes bytes = chunk.bytes();
  if (chunk.empty()) return;
  State& state = *state_;
  const std::scoped_lock lock(state.mutex);
  OpenSegment& segment = state.make_room(sizeof(Record) + bytes.size());
  Place& tail = state.tails[track];
  const Record record{.track = track,
                      .previous_offset = tail.offset,
                      .previous_segment = tail.segment,
                      .length = static_cast<std::uint32_t>(bytes.size()),
                      .packets = chunk.packets(),
                      .magic = kMagic};
  tail = {.offset = segment.bytes, .segment = state.current};
  const std::size_t at = state.buffer.size();
  state.buffer.resize(at + sizeof record);
  store(std::span(state.buffer).subspan(at), record);
  state.buffer.insert(state.buffer.end(), bytes.begin(), bytes.end());
  segment.bytes += sizeof record + bytes.size();
  ++segment.live;
}

struct Spool::Reader::State {
  struct Piece {
    const Segment* segment;
    std::uint64_t offset;
    std::uint32_t length;
  };
  std::vector<Piece> pieces;  ///< last first
  std::vector<std::uint8_t> buffer;
};

Spool::Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Spool::Reader::Reader(Reader&&) noexcept = default;
Spool::Reader& Spool::Reader::operator=(Reader&&) noexcept = default;
Spool::Reader::~Reader() = default;

Bytes Spool::Reader::next() {
  if (state_->pieces.empty()) return {};
  const State::Piece piece = state_->pieces.back();
  state_->pieces.pop_back();
  state_->buffer.resize(piece.length);
  piece.segment->read_at(piece.offset, state_->buffer);
  return state_->buffer;
}

Spool::Reader Spool::read(TrackId track) const {
  auto reader = std::make_unique<Reader::State>();
  state_->walk_back(track, [&](const Place& place, const Segment& segment, const Record& record) {
    reader->pieces.push_back({&segment, place.offset + sizeof record, record.length});
  });
  return Reader(std::move(reader));
}

void Spool::release(TrackId track) {
  std::unordered_map<std::uint32_t, std::uint64_t> chunks;
  state_->walk_back(track, [&](const Place& place, const Segment&, const Record&) { ++chunks[place.segment]; });
  const std::scoped_lock lock(state_->mutex);
  state_->tails.erase(track);
  state_->drop(chunks);
}

std::uint64_t Spool::bytes_on_disk() const noexcept { return state_->on_disk.load(); }

}  // namespace tapestry::spool
