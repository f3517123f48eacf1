#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "capture/datagram.h"
#include "core/counter.h"
#include "tls/connection.h"

namespace tapestry::capture {

/// Stands between the TCP streams and what reads them: what TLS carries goes on as if it had come in the clear, marked
/// StreamBytes::tls; what cannot be opened goes nowhere; all other bytes go on as they are. As many streams as TcpTable
/// has.
class TlsTable final : public Receiver {
 public:
  static constexpr std::size_t kMaxHeld = 32U << 20U;  ///< bytes of all connections that wait for keys

  /// Both outlive it; without `keys` every connection is counted and dropped. When more than `max_held` bytes wait, the
  /// connection that holds the most gives up.
  TlsTable(Receiver& receiver, tls::KeyLog* keys, std::size_t max_held = kMaxHeld)
      : receiver_(receiver), keys_(keys), max_held_(max_held) {}

  FrameEnd on_datagram(const Datagram& datagram) override { return receiver_.on_datagram(datagram); }
  void on_stream(const StreamBytes& bytes) override;

  /// Whether `retry` has work to do: connections wait, and the key log may have grown.
  [[nodiscard]] bool due(Time now) const noexcept { return now > deadline_; }
  /// Looks for the keys of all connections that wait.
  void retry(Time now);
  /// The capture is over, and every stream is about to be closed: reads the key log for the last time.
  void finish();
  /// Nothing will come of this stream any more.
  [[nodiscard]] bool is_useless(std::uint64_t stream) const;
  /// The stream is TLS whose keys are known.
  [[nodiscard]] bool is_opened(std::uint64_t stream) const;
  [[nodiscard]] Counters counters() const;

 private:
  struct Side {
    std::uint64_t stream = 0;  ///< 0: not seen yet
    Endpoint source;
    Endpoint destination;
    bool text = false;  ///< StreamBytes::text
    bool closed = false;
  };
  struct Entry {
    tls::Connection connection;
    std::array<Side, 2> sides;
  };
  struct Place {
    std::uint64_t entry = 0;  ///< 0: the stream is not TLS
    std::size_t side = 0;
  };
  using Entries = std::map<std::uint64_t, Entry>;  ///< by their first stream
  using Way = std::pair<Endpoint, Endpoint>;

  Place begin(const StreamBytes& bytes);
  void feed(const StreamBytes& bytes, const Place& place);
  template <class Do>
  void change(Entry& entry, const Do& work);
  void retry(Entry& entry, Time now);
  void end(Entries::iterator at, Time now);
  void pass(const Entry& entry, const tls::Connection::Data& data);
  void give_up_largest();
  void set_deadline(Time now);
  [[nodiscard]] const tls::Connection* connection_of(std::uint64_t stream) const;

  Receiver& receiver_;
  tls::KeyLog* keys_;
  std::size_t max_held_;
  tls::Tally tally_;
  std::unordered_map<std::uint64_t, Place> places_;  ///< by stream
  Entries entries_;
  std::map<Way, std::uint64_t> half_;  ///< entries of which one direction was seen, by the way of the other
  std::set<std::pair<std::size_t, std::uint64_t>> holders_;  ///< bytes that wait, and whose: an entry
  std::size_t held_ = 0;                                     ///< sum of holders_
  std::size_t waiting_ = 0;                                  ///< entries that wait
  Time deadline_ = Time::max();
};

}  // namespace tapestry::capture
