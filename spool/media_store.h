#pragma once
#include <cstdint>
#include <memory>

#include "core/bytes.h"
#include "core/time.h"
#include "rtp/chunk.h"

namespace tapestry::spool {

/// The name of one stream of one conversation; the caller makes them and never uses one twice.
using TrackId = std::uint64_t;

/// Reads one track's chunks in the order in which they were appended. One thread.
class MediaReader {
 public:
  virtual ~MediaReader() = default;
  /// The next chunk's stored form (see rtp::Chunk::for_each), valid until the next call; empty at the end. Throws
  /// std::runtime_error when the disk fails.
  virtual Bytes next() = 0;
};

/// Media that is not yet mixed, by track. append(), erase() and advance() from one thread; read() and release() of
/// tracks that are no longer appended to, from any thread. Throws std::runtime_error when the disk fails.
class MediaStore {
 public:
  virtual ~MediaStore() = default;

  virtual void append(TrackId track, const rtp::Chunk& chunk) = 0;
  /// Packet time is `now`.
  virtual void advance(Time now) = 0;
  /// Nothing that the track's packets which arrived in [from, to) carry, headers too, is read from now on. For a track
  /// that is still appended to.
  virtual void erase(TrackId track, Time from, Time to) = 0;
  /// A track that has no chunks gives an empty reader. A reader must not outlive the store or the track's release.
  [[nodiscard]] virtual std::unique_ptr<MediaReader> read(TrackId track) const = 0;
  /// The track's chunks are no longer needed.
  virtual void release(TrackId track) = 0;
};

}  // namespace tapestry::spool
