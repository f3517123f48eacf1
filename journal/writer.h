#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "calls/journal.h"
#include "core/counter.h"
#include "core/hash.h"
#include "spool/delay_line.h"
#include "spool/erasure.h"
#include "spool/key_table.h"

namespace tapestry::journal {

/// Where a Writer's records go.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void append(spool::Record&& record) = 0;
  /// Of the key's records that were appended, nothing of what came in [from, to) may be there any more.
  virtual void erase(spool::KeyId key, Time from, Time to) = 0;
};

/// Makes records of what a correlator is told and decides, with a key for each call, and gives them out when the delay
/// has passed; pauses at once, so that a recorder that dies right behind one is still paused when it comes back.
/// Correlator's thread only.
class Writer final : public calls::Journal {
 public:
  /// `keys` outlives it. Until go_on() what comes from the correlator is taken for what was read from the log, and is
  /// not written again.
  Writer(spool::KeyTable& keys, Duration delay);

  /// All that comes from now on is new. `sink` is used until the writer dies.
  void go_on(Sink& sink);
  /// A record of the call was read: it goes on with the record's key.
  void learn(const std::string& call, const spool::Record& record);
  /// Packet time is `now`.
  void advanced(Time now);
  /// Gives everything out, whatever its age.
  void flush();
  /// Nothing more is captured: gives everything out, and the end behind it.
  void end();

  void message(const calls::TakenMessage& taken) override;
  void media(const calls::TakenMedia& taken) override;
  void shared_media(const calls::CallName& one, const calls::CallName& other, Time time) override;
  void srtp_key(const Endpoint& source, const Endpoint& destination, const calls::SrtpKey& key) override;
  void drop(const calls::CaptureDrop& drop) override;
  void pause(const calls::CallName& call, const calls::PauseDecision& decision) override;
  void erase(const calls::CallName& call, Time from, Time to) override;
  void closed(const std::vector<calls::CallName>& calls, std::uint64_t number) override;

  /// New calls are written without media, as long as it is set: the disk is nearly full.
  void set_metadata_only(bool only) noexcept { metadata_only_ = only; }
  /// `journal.*`.
  [[nodiscard]] Counters counters() const;

 private:
  struct Known {
    spool::KeyId key = 0;
    bool without_media = false;
  };
  using Calls = std::unordered_map<std::string, Known, TextHash, std::equal_to<>>;

  Known& known(const calls::CallName& call);
  [[nodiscard]] std::string_view name_of(const calls::CallName& call) const;
  void push(spool::Record&& record, spool::KeyId key, Time newest);
  void give_out(spool::Record&& record);
  void note_given_out(const spool::Record& record);

  spool::KeyTable& keys_;
  Sink* sink_ = nullptr;  ///< none before go_on()
  spool::DelayLine delay_;
  Calls calls_;                                                 ///< by name
  std::unordered_map<std::uint64_t, std::string> unsignalled_;  ///< names by serial
  std::unordered_map<spool::KeyId, Time> given_out_;            ///< newest of what left the delay, of open calls
  Time now_ = Time::min();
  std::vector<spool::Erasure> again_;  ///< of calls that were read from the log
  bool metadata_only_ = false;
  std::uint64_t without_media_ = 0;
  std::uint64_t late_erasures_ = 0;
  std::uint64_t masked_messages_ = 0;
};

}  // namespace tapestry::journal
