#pragma once
#include <string>
#include <vector>

#include "capture/source.h"
#include "core/counter.h"

namespace tapestry::capture {

/// Frames that come as they happen, in the order in which they were captured. One thread.
class LiveLane {
 public:
  virtual ~LiveLane() = default;
  /// The next frame, valid until the next call; false when there is none now.
  virtual bool next(Frame& frame) = 0;
};

/// What was lost before anybody could read it.
struct Drops {
  Time from;  ///< it happened between these
  Time to;
  std::uint64_t packets = 0;
};

/// A descriptor that is to outlive the process, so that the next one captures on; or that is not to any more.
struct DescriptorToStore {
  std::string name;     ///< NamedDescriptor's
  int descriptor = -1;  ///< the source's; -1: what was stored under that name is to be forgotten
};

/// A place that frames come from as they happen: an interface, a socket, a folder. One thread.
class LiveSource {
 public:
  virtual ~LiveSource() = default;
  /// As the operator named it: `eth1`, `0.0.0.0:9060`, `/captures`.
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  /// They live as long as the source.
  [[nodiscard]] virtual std::vector<LiveLane*> lanes() = 0;
  /// Descriptors that poll(2) reports readable when there may be frames. May change with look().
  [[nodiscard]] virtual std::vector<int> descriptors() const = 0;
  /// poll(2) reports them readable although nothing is new, so that only errors are worth waiting for.
  [[nodiscard]] virtual bool is_always_readable() const noexcept { return false; }
  /// What came at or before `safe` needs not be captured again by a process that goes on after this one was killed.
  virtual void release(Time /*safe*/) {}
  /// Appends what is new since the last call, in order: to be done before look() is called again.
  virtual void take_descriptors_to_store(std::vector<DescriptorToStore>& /*all*/) {}
  /// Its first frames are all that came since a process before this one was killed.
  [[nodiscard]] virtual bool goes_on() const noexcept { return false; }
  /// About once a second, between two calls of next(): looks after what went away and came back, and reads counters.
  /// What was dropped since the last call is appended to `drops`, what the operator is to know to `news`, a sentence
  /// each. Frames that lanes gave out stay valid.
  virtual void look(Time now, std::vector<Drops>& drops, std::vector<std::string>& news) = 0;
  [[nodiscard]] virtual Counters counters() const = 0;
  /// It is still to be opened, which takes privileges.
  [[nodiscard]] virtual bool needs_privileges() const noexcept { return false; }
  /// It could be opened by now, but for the privileges.
  [[nodiscard]] virtual bool is_denied() const noexcept { return false; }
};

}  // namespace tapestry::capture
