#pragma once
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "spool/disk.h"
#include "spool/key_table.h"
#include "spool/media_store.h"
#include "spool/segment.h"

namespace tapestry::journal {

/// Media that is in a log already: where each chunk's record is, and what was erased since; both in memory, some 12
/// octets for each second of a stream. Threads as MediaStore's.
class LoggedMedia final : public spool::MediaStore {
 public:
  /// Both outlive it.
  LoggedMedia(spool::Disk& disk, spool::KeyTable& keys) : disk_(disk), keys_(keys) {}

  /// Where the record is that is being played (Follower::place()): each appended chunk is in it. It outlives the last
  /// append().
  void follow(const spool::LogPlace& place) noexcept { place_ = &place; }

  void append(spool::TrackId track, const rtp::Chunk& chunk) override;
  void advance(Time) override {}
  void erase(spool::TrackId track, Time from, Time to) override;
  /// Its next() throws std::runtime_error, too, when a record is not there any more. One that was wiped is passed over:
  /// a loss of power left it so, with all that it carried inside a pause or beside one.
  [[nodiscard]] std::unique_ptr<spool::MediaReader> read(spool::TrackId track) const override;
  void release(spool::TrackId track) override;

  /// Tracks that are not released. Any thread.
  [[nodiscard]] std::size_t tracks() const;

 private:
  struct Erased {
    Time from;
    Time to;
    std::size_t places = 0;  ///< of which it is: those that were there
  };
  struct Track {
    std::vector<spool::LogPlace> places;
    std::vector<Erased> erased;
  };
  class Reader;

  spool::Disk& disk_;
  spool::KeyTable& keys_;
  const spool::LogPlace* place_ = nullptr;
  mutable std::mutex mutex_;  ///< guards what follows
  std::unordered_map<spool::TrackId, Track> tracks_;
};

}  // namespace tapestry::journal
