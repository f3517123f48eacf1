#pragma once
#include <cstdint>
#include <deque>

#include "core/time.h"

namespace tapestry::calls {

struct Interaction;

/// Packets that capture lost in the kernel, a ring or a NIC; whose they were nobody knows.
struct CaptureDrop {
  Time from;  ///< it happened between these
  Time to;
  std::uint64_t packets = 0;  ///< 0: nobody counted, for the recorder did not run
};

/// What capture lost, for the conversations that it may have been of. One thread.
class CaptureDrops {
 public:
  /// Stretches with less between them are one.
  static constexpr Duration kJoin = std::chrono::seconds(2);
  static constexpr std::size_t kMost = 1024;  ///< the newest are kept

  /// In about the order in which they happened.
  void add(const CaptureDrop& drop);
  /// Tells a conversation that was open meanwhile, and each of its recordings: as gaps on no channel, by which mux
  /// knows what of the media was not lost on the way.
  void mark(Interaction& interaction) const;
  /// All packets that were ever added.
  [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }

 private:
  std::deque<CaptureDrop> drops_;
  std::uint64_t packets_ = 0;
};

}  // namespace tapestry::calls
