#pragma once
#include <cstdint>
#include <map>
#include <memory_resource>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "calls/correlator.h"
#include "calls/interaction.h"
#include "capture/source.h"
#include "core/counter.h"
#include "mux/render.h"

// What a replay tells about itself, as plain data; report_json and report_table write it.
namespace tapestry::app {

struct CaptureReport {
  capture::CaptureInfo info;
  std::uint64_t snapped = 0;  ///< frames that the capture cut
};

/// A part of a recording that is cut at its pauses.
struct MemberReport {
  Time start;
  Duration duration{};
  std::string media;  ///< below the output folder; empty for a pause
};

struct DialogReport {
  std::string type;        ///< `recording`, `recording-set`, `transfer` or `incomplete`
  std::string agent;       ///< uri, or name when there is none; empty for a transfer
  std::string transferor;  ///< the same for the three of a transfer; empty otherwise
  std::string transferee;
  std::string transfer_target;
  Time start;
  Duration duration{};
  std::string media;                     ///< below the output folder; empty when there is none, and for a set
  std::vector<MemberReport> recordings;  ///< of a set, in order of time
  std::string mediatype;
  std::vector<std::string> codecs;
  std::vector<calls::Gap> gaps;
  std::optional<mux::PacketCounts> packets;
  std::string disposition;  ///< incomplete dialogs only
};

struct ConversationReport {
  std::uint64_t number = 0;  ///< Interaction::number
  std::string uuid;
  std::string vcon;  ///< below the output folder
  std::string interaction_id;
  Time start;
  Duration duration{};
  std::string from;  ///< who called and who was called, for people
  std::string to;
  std::vector<calls::Party> parties;
  std::vector<std::string> call_ids;
  std::vector<DialogReport> dialogs;
  std::string disposition;
  bool pci_suspected = false;  ///< card data may be in what was kept
  bool quarantined = false;    ///< so its media waits for a release
  bool already = false;        ///< was in the output folder before: nothing was written
  bool deleted = false;        ///< and was deleted since: `vcon` is its tombstone
  std::string fault;           ///< why it could not be written; empty when it was
};

/// RTP streams by (ssrc, source, destination). One entry for all of a stream's parts: counts add up, and a part that is
/// heard in a recording decides the use.
class StreamTable {
 public:
  void add(const calls::StreamReport& report);
  /// In order of their first packet.
  [[nodiscard]] std::vector<calls::StreamReport> sorted() const;

 private:
  // In slabs of their own: among buffers that come and go, each of these that stay would spoil room for one.
  std::pmr::monotonic_buffer_resource memory_{64U << 10U};
  std::pmr::map<rtp::FlowKey, calls::StreamReport> streams_{&memory_};
};

/// A replay as a whole, without its conversations (ConversationLog).
struct Report {
  std::string out;  ///< the output folder as the user named it
  std::vector<CaptureReport> captures;
  std::vector<calls::StreamReport> streams;
  std::vector<std::string> recording_sessions;
  Counters counters;
  std::vector<std::string> faults;
  double cpu_seconds = 0;
  double wall_seconds = 0;
};

/// The part of a conversation's report that is known before its media is: all but what a recording's
/// media tells.
ConversationReport describe(const calls::Interaction& interaction);

/// Gives a described conversation its uuid, which is its interaction_id as well unless the [[map]] table found one.
void set_uuid(ConversationReport& report, const std::string& uuid);

/// The report's name of a party: its uri, else its name, else `anonymous`.
std::string party_label(const calls::Party& party);

}  // namespace tapestry::app
