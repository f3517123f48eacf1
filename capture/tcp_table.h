#pragma once
#include <array>
#include <list>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "capture/decoder.h"
#include "capture/tcp_stream.h"
#include "capture/tls_table.h"

namespace tapestry::capture {

/// The TCP connections that carry SIP, or text that is asked for: which they are, how many there may be, and how long
/// holes are waited for. TLS on ports that are not SIP's is only a guess until it is opened. Guesses, connections of
/// text ports and HTTP have bounds of their own, as large: none of them pushes out another kind.
class TcpTable {
 public:
  /// How long (packet time) bytes wait behind a hole: less than the spool's delay line, for they may ask for a pause.
  static constexpr Duration kHoleAge = std::chrono::milliseconds(2500);

  /// With `tls`, connections that begin like TLS are followed on whatever port, and those that it has no use for are
  /// the first to go. All outlive this.
  TcpTable(Receiver& receiver, const DecoderLimits& limits, const TlsTable* tls = nullptr)
      : receiver_(receiver), limits_(limits), tls_(tls) {}

  /// From now on these ports' connections and HTTP are followed (DecoderLimits); those that are followed go on.
  void follow(std::vector<std::uint16_t> text_ports, bool http) noexcept {
    limits_.text_ports = std::move(text_ports);
    limits_.http = http;
  }
  /// Tcp, TcpCopy, or TcpOther when the segment belongs to no connection that is followed.
  FrameEnd add(Time now, const TcpSegment& segment);
  /// Whether `expire` has work to do.
  [[nodiscard]] bool due(Time now) const noexcept { return now > deadline_; }
  /// Gives up the holes that are too old.
  void expire(Time now);
  /// Hands on everything and closes every stream.
  void finish(Time now);
  [[nodiscard]] const TcpTally& tally() const noexcept { return tally_; }

 private:
  enum class Kind : std::uint8_t { Sip, Guess, Text, Http };
  struct Key {
    Endpoint low;
    Endpoint high;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Direction {
    std::optional<TcpStream> stream;
    std::optional<std::pair<Time, std::uint64_t>> timer;  ///< its key in timers_
  };
  struct Connection {
    Key key;
    std::array<Direction, 2> directions;
    Kind kind = Kind::Sip;
  };
  using Connections = std::list<Connection>;

  Connections::iterator find_or_begin(Time now, const TcpSegment& segment);
  Connections::iterator begin(Time now, const Key& key, Kind kind);
  [[nodiscard]] std::optional<Kind> kind_of(const TcpSegment& segment) const;
  [[nodiscard]] bool is_text_port(std::uint16_t port) const noexcept;
  [[nodiscard]] Connections& list(Kind kind) noexcept { return lists_.at(static_cast<std::size_t>(kind)); }
  [[nodiscard]] bool is_done(const Connection& connection) const;
  [[nodiscard]] bool is_opened(const Connection& connection) const;
  void settle(Time now, Connections::iterator connection);
  void confirm(Time now, Connections::iterator guess);
  void make_room(Time now, Connections& connections);
  void reset(Time now, Connection& connection);
  void close(Time now, Direction& direction);
  void forget(Time now, Direction& direction);
  void evict(Time now, Connections::iterator connection);
  void keep_bound(Time now, Direction& direction);
  void set_timer(Direction& direction);

  Receiver& receiver_;
  DecoderLimits limits_;
  const TlsTable* tls_;
  TcpTally tally_;
  std::array<Connections, 4> lists_;  ///< by kind; least recently used first
  std::unordered_map<Key, Connections::iterator, KeyHash> by_key_;
  std::map<std::pair<Time, std::uint64_t>, Direction*> timers_;  ///< by when waiting began, and stream
  Time deadline_ = Time::max();
  std::uint64_t next_id_ = 1;
};

}  // namespace tapestry::capture
