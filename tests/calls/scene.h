#pragma once
#include <map>
#include <string>
#include <vector>

#include "calls/correlator.h"
#include "rtp/flow_table.h"

namespace tapestry::testing {

/// A SIP message to be written: what is empty is left out.
struct Sip {
  std::string start{};  ///< `INVITE sip:1001@pbx.example.com` or `180 Ringing`
  std::string cseq{};   ///< `1 INVITE`
  std::string from_tag = "caller";
  std::string to_tag{};
  std::string call_id = "call-1";
  std::string branch = "z9hG4bK1";
  std::string from = "<sip:+12025550101@trunk.example.net>";
  std::string to = "<sip:1001@pbx.example.com>";
  std::string headers{};  ///< more lines, each with CR LF
  std::string sdp{};
  std::string body{};  ///< when there is no sdp; `headers` name its type
};

/// An audio m-line at `endpoint`; `more` are further attribute lines with CR LF.
std::string sdp(const std::string& endpoint, const std::string& direction = "sendrecv",
                const std::string& formats = "0 101", const std::string& more = "");

/// Plays messages and RTP into a correlator by packet time and collects what comes out. Seconds count from kSceneStart.
class Scene final : public calls::Output {
 public:
  explicit Scene(const calls::Rules& rules = {});

  void message(double at, const std::string& from, const std::string& to, const Sip& sip);
  /// 50 packets a second of payload type `type` from `begin` to `end` seconds.
  struct Stream {
    std::string from{};
    std::string to{};
    std::uint32_t ssrc = 1;
    double begin = 0;
    double end = 0;
    std::uint8_t type = 0;
    bool snapped = false;
  };
  void rtp(const Stream& stream);
  /// Plays all messages and packets in order of time, then ends the capture.
  void play(double end = 0);
  /// Plays those before `end`; what is added later comes later.
  void play_until(double end);

  void keep(calls::TrackId track, const rtp::Chunk& chunk) override { kept[track] += chunk.packets(); }
  void discard(calls::TrackId track) override { discarded.push_back(track); }
  void closed(calls::Interaction&& interaction) override;
  void erase(calls::TrackId track, Time from, Time to) override { erased.push_back({track, from, to}); }
  void marker(const calls::MarkerReport& report) override { markers.push_back(report); }
  void advanced(Time) override {}
  void stream_ended(const calls::StreamReport& report) override { streams.push_back(report); }

  [[nodiscard]] const calls::StreamReport& stream(const std::string& from, const std::string& to) const;
  [[nodiscard]] std::uint64_t counter(std::string_view name) const;

  /// What was erased.
  struct Erased {
    calls::TrackId track = 0;
    Time from;
    Time to;
  };

  calls::Correlator correlator;
  std::vector<Erased> erased;
  std::vector<calls::MarkerReport> markers;
  std::map<calls::TrackId, std::uint64_t> kept;
  std::vector<calls::TrackId> discarded;
  std::vector<calls::Interaction> interactions;
  std::vector<double> closed_at;  ///< when each interaction was closed
  std::vector<calls::StreamReport> streams;

 private:
  void wait(double until);
  struct Item {
    double at;
    std::string from;
    std::string to;
    std::vector<std::uint8_t> bytes;
    bool media;
    bool snapped = false;
    std::size_t order = 0;
  };
  rtp::FlowTable flows_;
  std::vector<Item> items_;
  std::size_t next_ = 0;  ///< of items_, which are in order before it
  double now_ = 0;
};

/// Time of a scene's second.
Time scene_time(double seconds);
/// The second of a scene's time.
double scene_seconds(Time time);

/// A whole call: INVITE at 1, 180 at 2, 200 at 4, ACK; both streams from 4 to `end`, BYE by the caller at `end`.
void simple_call(Scene& scene, double end);

}  // namespace tapestry::testing
