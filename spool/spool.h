#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/counter.h"
#include "core/secret.h"
#include "core/time.h"
#include "rtp/chunk.h"
#include "spool/media_store.h"

namespace tapestry::spool {

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
/// call: where its chunks are is itself kept in the log. Threads and errors as MediaStore's.
class Spool final : public MediaStore {
 public:
  /// Makes an unnamed file in `folder` (created when absent): nothing is left there when the process ends, however it
  /// ends. `key`: of random_sector_key(), for that file; an empty one stands for a new one.
  explicit Spool(const std::filesystem::path& folder, const Limits& limits = {}, const Secret& key = {});
  ~Spool() override;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  void append(TrackId track, const rtp::Chunk& chunk) override;
  /// Packet time is `now`. Without it nothing grows old, and nothing goes to disk. A clock that steps neither ends the
  /// delay nor makes it longer (DelayClock).
  void advance(Time now) override;
  /// Overwrites with zeros what the track's packets that arrived in [from, to) carry, headers too, in memory or on
  /// disk. For a track that is still appended to.
  void erase(TrackId track, Time from, Time to) override;

  [[nodiscard]] std::unique_ptr<MediaReader> read(TrackId track) const override;
  /// A block all of whose chunks are released gives its space back.
  void release(TrackId track) override;

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
