#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/counter.h"
#include "core/time.h"
#include "rtp/chunk.h"

namespace tapestry::spool {

/// The spool's name for one stream of one conversation; the caller makes them and never uses one twice.
using TrackId = std::uint64_t;

struct Limits {
  std::uint64_t memory_bytes = 32U << 20U;  ///< what is above goes to disk, oldest first
  std::uint64_t block_bytes = 2U << 20U;    ///< unit of memory and of writes: the size of a large page
  /// Packet time that media stays in memory, however much that takes, before any of it may go to disk: what a pause
  /// that is told of late still covers.
  Duration delay = std::chrono::seconds(3);
};

/// Media that is not yet mixed: a log of all tracks' chunks, in blocks, of which the newest are in memory and the
/// others on disk. Memory is a delay line as well: it grows above its bound rather than that anything is written to
/// disk before Limits::delay has passed. Per open track a few hundred bytes are in memory, whatever the length of the
/// call: where its chunks are is itself kept in the log. append(), erase() and advance() from one thread; read() and
/// release() of tracks that are no longer appended to, from any thread. Throws std::runtime_error when the disk fails.
class Spool {
 public:
  /// Makes an unnamed file in `folder` (created when absent): nothing is left there when the process ends, however it
  /// ends.
  explicit Spool(const std::filesystem::path& folder, const Limits& limits = {});
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  void append(TrackId track, const rtp::Chunk& chunk);
  /// Packet time is `now`. Without it nothing grows old, and nothing goes to disk. A clock that steps neither ends the
  /// delay nor makes it longer (DelayClock).
  void advance(Time now);
  /// Overwrites with zeros what the track's packets that arrived in [from, to) carry, headers too, in memory or on
  /// disk. For a track that is still appended to.
  void erase(TrackId track, Time from, Time to);

  /// Reads one track's chunks in the order in which they were appended.
  class Reader {
   public:
    /// The next chunk's stored form (see rtp::Chunk::for_each), valid until the next call; empty at the end.
    Bytes next();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) = delete;
    ~Reader();

   private:
    friend class Spool;
    struct State;
    explicit Reader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };
  /// A track that has no chunks gives an empty reader. A reader must not outlive the spool or the track's release.
  [[nodiscard]] Reader read(TrackId track) const;

  /// The track's chunks are no longer needed; a block all of whose chunks are released gives its space back.
  void release(TrackId track);

  /// Any thread.
  [[nodiscard]] std::uint64_t bytes_in_memory() const noexcept;
  [[nodiscard]] std::uint64_t bytes_on_disk() const noexcept;
  /// Records that erase() had to overwrite on disk, where the medium may keep what stood there: pauses that reached
  /// back further than Limits::delay.
  [[nodiscard]] std::uint64_t erased_on_disk() const noexcept;
  /// `spool.*`.
  [[nodiscard]] Counters counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::spool
