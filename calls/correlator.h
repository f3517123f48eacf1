#pragma once
#include <memory>
#include <optional>
#include <string>

#include "calls/interaction.h"
#include "calls/journal.h"
#include "calls/live.h"
#include "calls/marker_report.h"
#include "calls/rules.h"
#include "core/counter.h"
#include "rtp/flow_table.h"
#include "sipparse/message.h"

namespace tapestry::calls {

struct CaptureDrop;
struct PauseCommand;
struct PauseAnswer;

/// Where and when a message was seen.
struct MessageInfo {
  Time time;
  Endpoint source;
  Endpoint destination;
  std::string_view transport;  ///< `UDP`, `TCP`, `TLS`, `WS` or `WSS`; a literal
};

/// Bytes of one direction of a TCP connection that carries text beside SIP, in order, each once. A view, valid inside
/// the call only.
struct TextBytes {
  Time time;
  Endpoint source;
  Endpoint destination;
  std::uint64_t stream = 0;  ///< one direction of one connection; never used again for another
  Bytes bytes;
  bool lost_before = false;  ///< bytes are missing before these
  bool closed = false;       ///< nothing more comes on this stream
};

/// What became of one RTP stream, for reports.
struct StreamReport {
  rtp::FlowKey key;
  std::string codec;  ///< encodings seen, joined with `, `; empty when nobody named them
  rtp::FlowStats stats;
  Use use = Use::Unassigned;
};

/// Who takes what the correlator decides. Calls come from the correlator's thread.
class Output {
 public:
  virtual ~Output() = default;
  /// The chunk belongs to that track: keep it. May be called several times with one chunk when calls share a stream.
  virtual void keep(TrackId track, const rtp::Chunk& chunk) = 0;
  /// The track is in no Interaction that will come: its chunks can go.
  virtual void discard(TrackId track) = 0;
  /// A pause covers what the track's packets in [from, to) carry: nothing of them may be kept. They were given to
  /// keep() before; later ones of that time are not given.
  virtual void erase(TrackId track, Time from, Time to) = 0;
  /// Each once, in order of time of handling.
  virtual void marker(const MarkerReport& report) = 0;
  /// Packet time is `now`, and all that was due by then was handed out: about every 100 ms, at the end of
  /// Correlator::advance. The capture's clock may step, also back.
  virtual void advanced(Time now) = 0;
  /// A conversation is over; nothing more will be kept for its tracks.
  virtual void closed(Interaction&& interaction) = 0;
  /// Once per flow, after all conversations that it touched are closed.
  virtual void stream_ended(const StreamReport& report) = 0;
};

/// The heart: follows dialogs, decides which flow is whose, and closes conversations by packet time. One thread.
class Correlator final : public rtp::ChunkSink {
 public:
  /// Throws std::runtime_error when a rule's regular expression is wrong (the message names it).
  Correlator(const Rules& rules, Output& output);
  ~Correlator() override;
  Correlator(const Correlator&) = delete;
  Correlator& operator=(const Correlator&) = delete;

  /// From now on these rules count, for calls that are open, too: who is who is asked anew each time, times run by the
  /// new ones, and a leg that is where a new marker wants nothing kept pauses at once. What is under way stays: fields
  /// that a call has; a pause, until its resume, its timeout or the end of its leg or call, also when its marker is
  /// there no more (then that counts where it holds a pause, and nowhere else); how an open conversation began.
  /// PauseRules::delay stays what it was. Throws std::runtime_error, and changes nothing, when an expression is wrong
  /// or too many markers that hold a pause would go (PauseDesk::kMaxRetired).
  void replace_rules(const Rules& rules);
  /// The markers that are looked for: the rules', and those that are there no more but hold a pause.
  [[nodiscard]] const std::vector<pause::MarkerRule>& markers() const noexcept;

  /// One message as seen on one hop; views are not kept.
  void on_message(const sip::Message& message, const MessageInfo& info);
  /// A handshake beside SDP (DTLS-SRTP) gave the key that `source` protects media to `destination` with. It is for
  /// calls that are open or still to come, whenever their media was.
  void on_srtp_key(const Endpoint& source, const Endpoint& destination, SrtpKey key);
  /// Control connections of PBXes on Rules::pauses.text_ports, and HTTP: commands that pause.
  void on_text(const TextBytes& bytes);
  void on_flow(rtp::FlowId id, const rtp::FlowKey& key, Time first) override;
  void on_chunk(rtp::Chunk& chunk, const rtp::FlowStats& stats) override;
  void on_flow_end(rtp::FlowId id, const rtp::FlowStats& stats) override;
  /// The capture lost packets: conversations that are open then say so.
  void on_drop(const CaptureDrop& drop);
  /// From now on writes down what it is told and decides; null: no longer. The journal outlives it.
  void write_to(Journal* journal);
  /// While it is set, all comes from a journal: pauses come from on_pause() only, whatever messages say, and markers
  /// are not reported again.
  void set_recovering(bool recovering);
  void on_recorded(const RecordedMedia& media);
  /// The table goes on with the streams that a journal told of, once nothing more comes from it.
  void resume_flows(rtp::FlowTable& table);
  /// Arrival of the oldest media that waits for its SDP; none: there is none.
  [[nodiscard]] std::optional<Time> oldest_unclaimed() const;
  void on_shared_media(std::string_view call_id, std::string_view other_call_id, Time time);
  /// Counts when packet time is `at`. For a call that is not known it waits until that begins: the first kMaxEarly.
  void on_pause(std::string call_id, PauseDecision decision, Time at);
  static constexpr std::size_t kMaxEarly = 4096;

  /// Packet time went on; runs timers. Jumps of the capture's clock do not count as waiting (see DESIGN.md).
  void advance(Time now);
  /// Pauses or resumes at once, as of packet time so far.
  PauseAnswer command(const PauseCommand& command);
  /// Conversations that go on, and how many.
  [[nodiscard]] LivePage live(const LiveQuery& query) const;
  [[nodiscard]] LiveCounts live_counts() const;
  /// The capture ended (flush the flow table first): closes every conversation. Another capture may follow.
  void finish();

  /// Call-IDs of recording sessions (SIPREC) that were seen and not recorded.
  [[nodiscard]] const std::vector<std::string>& recording_sessions() const noexcept;
  /// Calls open now, for progress.
  [[nodiscard]] std::size_t open_calls() const noexcept;
  [[nodiscard]] std::uint64_t calls_seen() const noexcept;
  [[nodiscard]] Counters counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::calls
