#pragma once
#include <cstddef>
#include <deque>
#include <functional>

#include "spool/delay_clock.h"
#include "spool/record.h"

namespace tapestry::spool {

/// Records that may not go to a disk yet, in memory and in order: what is told of late can still be taken out of them.
/// One thread.
class DelayLine {
 public:
  explicit DelayLine(Duration delay) : delay_(delay) {}

  /// Behind all others. `newest`: packet time of the newest of what is in it.
  void push(Record&& record, Time newest);
  /// Packet time is `now`: gives out, in order, what has waited for the delay.
  void advance(Time now, const std::function<void(Record&&)>& out);
  /// Gives out everything.
  void flush(const std::function<void(Record&&)>& out);
  /// Lets `change` see each record of that key; what it refuses is dropped.
  void change(KeyId key, const std::function<bool(Record&)>& change);
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

 private:
  struct Waiting {
    Record record;
    Duration due;
  };
  Duration delay_;
  DelayClock clock_;
  std::deque<Waiting> waiting_;
};

}  // namespace tapestry::spool
