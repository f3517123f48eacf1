#pragma once
#include <map>
#include <optional>
#include <vector>

#include "capture/datagram.h"
#include "capture/tcp_segment.h"
#include "core/counter.h"

namespace tapestry::capture {

/// What became of followed TCP segments and streams.
struct TcpTally {
  std::uint64_t retransmitted = 0;  ///< segments that brought nothing new
  std::uint64_t out_of_order = 0;   ///< segments that had to wait
  std::uint64_t bytes = 0;          ///< handed on
  std::uint64_t holes = 0;          ///< holes given up, for any reason
  std::uint64_t holes_bound = 0;    ///< ... because too much waited behind them
  std::uint64_t holes_aged = 0;     ///< ... because they did not fill in time
  std::uint64_t cut = 0;            ///< segments whose payload the capture cut
  std::uint64_t streams = 0;
  std::uint64_t streams_evicted = 0;
};

/// As the decoder's counters.
void append(Counters& out, const TcpTally& tally);

/// One direction of a TCP connection, put in order. Where segments overlap, the first wins.
class TcpStream {
 public:
  /// Begins with the first segment that was seen, a SYN or any other. `text` is StreamBytes::text.
  TcpStream(std::uint64_t id, const TcpSegment& first, bool text = false);

  /// Hands on what is in order now; the rest waits. `now` is the segment's time. False when it had a payload that
  /// brought nothing new.
  bool add(Time now, const TcpSegment& segment, Receiver& receiver, TcpTally& tally);
  /// Gives up the first hole: what waits behind it is handed on with the times at which it came, marked lost_before.
  /// Call only while waiting().
  void skip_hole(Time now, Receiver& receiver, TcpTally& tally);
  /// Hands on everything that waits and ends the stream.
  void close(Time now, Receiver& receiver, TcpTally& tally);

  /// Whether bytes, or the end, wait behind a hole.
  [[nodiscard]] bool waiting() const noexcept;
  /// Since when, while waiting().
  [[nodiscard]] Time waiting_since() const noexcept;
  /// Memory that waiting bytes take.
  [[nodiscard]] std::size_t waiting_cost() const noexcept { return waiting_cost_; }
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  /// Whether the segment is so far off that its ports must have been used again.
  [[nodiscard]] bool is_foreign(const TcpSegment& segment) const noexcept;

 private:
  struct Piece {
    std::vector<std::uint8_t> bytes;
    std::size_t cut = 0;
    Time time;
  };

  bool hold(Time now, std::uint64_t begin, const TcpSegment& segment);
  /// With `given_up` what waited behind a hole comes with its own times: only the mirror lost what was before it.
  void drain(Time now, bool given_up, Receiver& receiver, TcpTally& tally);
  void pass(Time now, std::uint64_t begin, Bytes bytes, std::size_t cut, Receiver& receiver, TcpTally& tally);
  void close_at_end(Time now, Receiver& receiver);
  void hand_on(Time now, Bytes bytes, bool closed, Receiver& receiver);
  [[nodiscard]] std::int64_t distance(std::uint32_t sequence) const noexcept;

  std::uint64_t id_;
  Endpoint source_;
  Endpoint destination_;
  bool text_;
  std::uint32_t first_;
  // Sequence numbers without wrap-around: the lower half is the wire's.
  std::uint64_t expected_;
  std::map<std::uint64_t, Piece> pieces_;  ///< by where they begin; never overlap
  std::size_t waiting_cost_ = 0;
  std::optional<std::uint64_t> end_;
  Time end_time_;
  bool lost_;
  bool closed_ = false;
};

}  // namespace tapestry::capture
