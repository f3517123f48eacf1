#include "journal/logged_media.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

#include "journal/records.h"
#include "spool/record_reader.h"

namespace tapestry::journal {
namespace {

/// A record that is masked on the disk meanwhile is unreadable for two syncs.
constexpr std::chrono::milliseconds kWait{50};
constexpr int kTries = 40;

}  // namespace

class LoggedMedia::Reader final : public spool::MediaReader {
 public:
  Reader(spool::Disk& disk, spool::KeyTable& keys, Track track) : records_(disk, keys), track_(std::move(track)) {}

  Bytes next() override {
    while (next_ < track_.places.size()) {
      const std::size_t index = next_++;
      const spool::LogPlace& place = track_.places[index];
      auto record = patient_read(place);
      if (!record && record.error() == spool::Missing::Wiped) continue;
      if (!record) {
        throw std::runtime_error(
            fmt::format("spool: the record at {} of segment {} is not there any more", place.offset, place.segment));
      }
      record_ = std::move(*record);
      for (const Erased& erased : track_.erased) {
        if (index < erased.places) (void)mask(record_, erased.from, erased.to);
      }
      if (const Bytes chunk = chunk_of(record_); !chunk.empty()) return chunk;
    }
    return {};
  }

 private:
  std::expected<spool::Record, spool::Missing> patient_read(const spool::LogPlace& place) {
    auto record = records_.read(place);
    for (int n = 1; !record && n < kTries; ++n) {
      std::this_thread::sleep_for(kWait);
      record = records_.read(place);
    }
    return record;
  }

  spool::RecordReader records_;
  Track track_;
  std::size_t next_ = 0;
  spool::Record record_{};
};

void LoggedMedia::append(spool::TrackId track, const rtp::Chunk& chunk) {
  if (chunk.empty()) return;
  const std::scoped_lock lock(mutex_);
  tracks_[track].places.push_back(*place_);
}

void LoggedMedia::erase(spool::TrackId track, Time from, Time to) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = tracks_.find(track); found != tracks_.end() && from < to) {
    found->second.erased.push_back({from, to, found->second.places.size()});
  }
}

std::unique_ptr<spool::MediaReader> LoggedMedia::read(spool::TrackId track) const {
  const std::scoped_lock lock(mutex_);
  const auto found = tracks_.find(track);
  return std::make_unique<Reader>(disk_, keys_, found == tracks_.end() ? Track{} : found->second);
}

void LoggedMedia::release(spool::TrackId track) {
  const std::scoped_lock lock(mutex_);
  tracks_.erase(track);
}

std::size_t LoggedMedia::tracks() const {
  const std::scoped_lock lock(mutex_);
  return tracks_.size();
}

}  // namespace tapestry::journal
