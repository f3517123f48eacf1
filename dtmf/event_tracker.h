#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bytes.h"
#include "core/time.h"
#include "dtmf/press.h"

namespace tapestry::dtmf {

/// Makes presses of the telephone-events of one RTP stream (RFC 4733 §2.5). An event is known by its RTP timestamp and
/// code, so what is sent again (start and end packets), copied by a mirror or late counts once; segments of a long
/// event (§2.5.1.3) are one press. State is bounded, whatever the bytes. Any thread, one at a time.
class EventTracker {
 public:
  /// An event without its end is over when nothing of it came for so long.
  static constexpr Duration kSilence = std::chrono::milliseconds(500);
  /// How long after its last packet the event of a press that was given out is remembered.
  static constexpr Duration kMemory = std::chrono::seconds(3);
  /// The longest press that is told; longer ones end there.
  static constexpr Duration kLongest = std::chrono::hours(1);

  EventTracker() = default;
  EventTracker(const EventTracker&) = default;
  EventTracker& operator=(const EventTracker&) = default;
  ~EventTracker();

  /// One telephone-event packet: its RTP timestamp and payload, of which the first four octets are read. `clock_hz` is
  /// the payload type's rate (0: 8,000). Gives a press, once, when its end is known: by the E bit, or by the beginning
  /// of another event (then the press of the event before). `start` is the arrival of its first packet, `end` the
  /// duration behind that, or its last packet's arrival if that is later. Shorter payloads and events that are no DTMF
  /// (above 15) are ignored.
  std::optional<Press> add(Time arrival, std::uint32_t timestamp, Bytes payload, std::uint32_t clock_hz);
  /// The press that is open and was silent for kSilence before `now`, or whose end was known already but not given out
  /// (an event before it was); to be called again later when there is none. Time::max() ends whatever is open.
  std::optional<Press> flush(Time now);

 private:
  struct Packet {
    Time arrival;
    std::uint32_t timestamp = 0;
    char key = 0;
    bool last = false;
    std::uint32_t duration = 0;
    std::uint32_t clock_hz = 0;
  };
  /// Timestamps that one press had.
  struct Span {
    std::uint32_t first = 0;    ///< of the event
    std::uint32_t segment = 0;  ///< of its newest segment
    [[nodiscard]] bool holds(std::uint32_t timestamp) const noexcept { return timestamp - first <= segment - first; }
  };
  struct Event {
    char key = 0;  ///< 0: none
    bool ended = false;
    Span span;
    std::uint32_t duration = 0;  ///< of the newest segment, in ticks
    std::uint64_t before = 0;    ///< ticks of the segments before it
    std::uint32_t clock_hz = 0;
    Time start;
    Time last;  ///< arrival of its newest packet
  };
  static constexpr std::size_t kHandled = 8;
  struct Handled {
    Span span;
    std::optional<Time> last;
  };

  [[nodiscard]] bool goes_on(const Packet& packet) const noexcept;
  bool was_handled(const Packet& packet) noexcept;
  void begin(const Packet& packet) noexcept;
  void go_on(const Packet& packet) noexcept;
  Press finish() noexcept;

  Event open_;
  std::array<Handled, kHandled> handled_{};
  std::array<std::uint8_t, kHandled> handled_keys_{};
  std::size_t next_ = 0;  ///< of handled_
};

}  // namespace tapestry::dtmf
