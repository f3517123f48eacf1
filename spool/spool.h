#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "rtp/chunk.h"

namespace tapestry::spool {

/// The spool's name for one stream of one conversation; the caller makes them and never uses one twice.
using TrackId = std::uint64_t;

/// Media on disk that is not yet mixed: chunks appended to large unlinked segment files, found again by walking each
/// track's chain. Memory is a few words per open track, whatever the length of the call. append() from one thread;
/// read() and release() of tracks that are no longer appended to, from any thread. Throws std::runtime_error when the
/// disk fails.
class Spool {
 public:
  /// Makes unnamed files in `folder` (created when absent): nothing is left there when the process ends, however it
  /// ends.
  explicit Spool(const std::filesystem::path& folder, std::uint64_t segment_bytes = 64U << 20U);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  void append(TrackId track, const rtp::Chunk& chunk);

  /// Reads one track's chunks in the order in which they were appended.
  class Reader {
   public:
    /// The next chunk's stored form (see rtp::Chunk::for_each), valid until the next call; empty at the end.
    Bytes next();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

   private:
    friend class Spool;
    struct State;
    explicit Reader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
  };
  /// A track that has no chunks gives an empty reader. A reader must not outlive the spool or the track's release.
  [[nodiscard]] Reader read(TrackId track) const;

  /// The track's chunks are no longer needed; a segment all of whose chunks are released gives its space back.
  void release(TrackId track);

  [[nodiscard]] std::uint64_t bytes_on_disk() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::spool
