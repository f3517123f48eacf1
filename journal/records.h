#pragma once
#include <string>

#include "calls/capture_drops.h"
#include "calls/correlator.h"
#include "calls/journal.h"
#include "spool/record.h"

namespace tapestry::journal {

/// Kinds of records. Numbers are on disks: none is used again for another one.
enum class Kind : std::uint16_t {
  Tick = 1,
  Message = 2,
  Media = 3,
  SharedMedia = 4,
  SrtpKey = 5,
  Pause = 6,
  End = 7,
  Drop = 8
};

/// A call's name in records: its Call-ID, or what stands for one. Empty: of no call.
using Name = std::string_view;

/// Records without their key. `text`: logged_form().
[[nodiscard]] spool::Record tick_record(Time now);
[[nodiscard]] spool::Record message_record(Name call, const calls::MessageInfo& info, std::string_view text);
[[nodiscard]] spool::Record media_record(Name call, const calls::TakenMedia& media);
[[nodiscard]] spool::Record shared_media_record(Name call, Name other, Time time);
[[nodiscard]] spool::Record srtp_key_record(const Endpoint& source, const Endpoint& destination,
                                            const calls::SrtpKey& key);
/// Nothing more is captured: what is open is closed. What comes behind it is another capture.
[[nodiscard]] spool::Record end_record(Time now);
[[nodiscard]] spool::Record drop_record(const calls::CaptureDrop& drop);
/// `at`: packet time from which on it counts.
[[nodiscard]] spool::Record pause_record(Name call, const calls::PauseDecision& decision, Time at);

/// Overwrites what of a message's or of media's record came in [from, to): its packets, the parts of a message that a
/// pause covers. False when nothing of it is left; other kinds stay as they are.
bool mask(spool::Record& record, Time from, Time to);

/// The name of the call that the record is about; empty for none.
[[nodiscard]] std::string name_of(const spool::Record& record);

/// The chunk in a media record, in its stored form: a view into the record. Empty when there is none.
[[nodiscard]] Bytes chunk_of(const spool::Record& record);

/// Tells the correlator what the record says. What cannot be read is passed over.
void play(const spool::Record& record, calls::Correlator& correlator);

}  // namespace tapestry::journal
