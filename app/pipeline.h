#pragma once
#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "calls/correlator.h"
#include "calls/pause_command.h"
#include "capture/decoder.h"
#include "core/counter.h"
#include "rtp/flow_table.h"
#include "sipparse/stream_framer.h"
#include "tls/dtls_table.h"

namespace tapestry::app {

/// Frames in, decisions out: decoder, SIP parser, flow table and correlator of one timeline, on one thread.
class Pipeline final : public capture::Receiver {
 public:
  /// Throws ConfigError when a party rule cannot be used. `output` and `keys` outlive it; without `keys` nothing that
  /// TLS carries is read.
  Pipeline(const calls::Rules& rules, calls::Output& output, tls::KeyLog* keys = nullptr);

  /// As Correlator::replace_rules, for all stages: connections that no rule wants any more are followed to their end,
  /// those that one wants are from their next segment on. Throws std::runtime_error, and changes nothing, when an
  /// expression is wrong.
  void replace_rules(const calls::Rules& rules);

  void add(const capture::Frame& frame);
  /// What a log told the correlator before the first frame.
  struct Told {
    Time messages = Time::min();  ///< of the last message
    Time now = Time::min();       ///< packet time that was reached
  };
  /// Goes on behind a log from which the correlator was recovered: frames may come a second time that were told of
  /// there, and are recognised.
  void go_on(const Told& told);
  /// Packet time is `time` although no frame came: what waits for time to pass goes on.
  void advance(Time time) {
    last_ = std::max(last_, time);
    if (time >= next_tick_) tick(time);
  }
  /// Pauses or resumes at once: as of the last frame, for all that came since and comes.
  calls::PauseAnswer command(const calls::PauseCommand& command);
  /// The last frame was added: hands out all that waits and closes every conversation.
  void finish();

  capture::FrameEnd on_datagram(const capture::Datagram& datagram) override;
  void on_stream(const capture::StreamBytes& bytes) override;

  [[nodiscard]] const calls::Correlator& correlator() const noexcept { return correlator_; }
  /// For a journal: whoever gives it frames by hand breaks its order.
  [[nodiscard]] calls::Correlator& correlator() noexcept { return correlator_; }
  /// RTP streams that go on.
  [[nodiscard]] std::size_t flows() const noexcept { return flows_.size(); }
  [[nodiscard]] std::uint64_t sip_messages() const noexcept { return messages_; }
  /// Frames that were added, and octets of them that were captured.
  [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
  [[nodiscard]] std::uint64_t frame_bytes() const noexcept { return frame_bytes_; }
  /// Packet time, as far as it is known; Time::min() before the first frame.
  [[nodiscard]] Time now() const noexcept { return last_; }
  /// Of all stages, by name.
  [[nodiscard]] Counters counters() const;

 private:
  void tick(Time time);
  static bool was_told(Time& told, Time time) noexcept;
  void take_keying(const tls::SrtpKeying& keying);
  void take_text(const capture::StreamBytes& bytes);
  void take_websocket(const capture::StreamBytes& bytes);
  bool take_message(Bytes bytes, const calls::MessageInfo& info);

  calls::Correlator correlator_;
  rtp::FlowLimits flow_limits_;
  rtp::FlowTable flows_;
  tls::DtlsTable dtls_;
  capture::Decoder decoder_;
  std::unordered_map<std::uint64_t, sip::StreamFramer> framers_;
  Told told_{};
  Time next_tick_ = Time::min();
  Time last_ = Time::min();  ///< packet time
  std::uint64_t frames_ = 0;
  std::uint64_t frame_bytes_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t stream_messages_ = 0;
  std::uint64_t tls_messages_ = 0;
  std::uint64_t websocket_messages_ = 0;
  std::uint64_t other_websocket_ = 0;
  std::uint64_t read_again_ = 0;
  std::uint64_t unusable_ = 0;
  std::uint64_t cut_ = 0;
  std::uint64_t overflowed_ = 0;
  std::uint64_t other_datagrams_ = 0;
  std::uint64_t skipped_stream_bytes_ = 0;
  std::uint64_t refused_streams_ = 0;
};

}  // namespace tapestry::app
