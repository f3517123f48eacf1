#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "calls/correlator.h"
#include "journal/writer.h"
#include "spool/log_reader.h"

namespace tapestry::journal {

/// Plays a log into a correlator of its own, which finds the conversations in it and closes them; and removes from the
/// log what was committed. Whoever kills it: another one begins at the log's beginning, finds the same conversations
/// again, and its owner's catalog knows which of them are done. One thread.
class Follower final : public calls::Journal {
 public:
  /// All outlive it. The correlator is new, and belongs to the follower from now on.
  Follower(spool::Disk& disk, spool::KeyTable& keys, calls::Correlator& correlator);
  ~Follower() override;
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  /// Plays what is there, at most so many records; false when there was nothing more.
  bool follow(std::size_t records);
  /// Nothing more will come: closes every conversation.
  void finish();
  /// All was played, and the last of it was that the capture ended.
  [[nodiscard]] bool ended() const noexcept { return ended_ && all_played_; }
  /// Packet time of the last record; the least there is before the first.
  [[nodiscard]] Time played() const noexcept { return played_; }
  /// Where the record is that is being played: Output::keep's chunk is in it.
  [[nodiscard]] const spool::LogPlace& place() const noexcept { return place_; }

  /// The conversation of that number is in the catalog: the keys of its calls are destroyed, and segments that hold
  /// nothing else are removed. What that takes depends on the conversation alone.
  void committed(std::uint64_t number);
  /// Conversations that are closed and not committed.
  [[nodiscard]] std::size_t uncommitted() const noexcept { return closed_.size(); }
  /// Destroys the keys that are in no segment any more, of those that nobody creates any more. For the beginning, when
  /// all was followed.
  void destroy_unused();

  void closed(const std::vector<calls::CallName>& calls, std::uint64_t number) override;
  /// The errno that the log could not be read with, just now; 0: it can.
  [[nodiscard]] int error() const noexcept { return reader_.error(); }
  /// `spool.*` of its reader.
  [[nodiscard]] Counters counters() const;

 private:
  void note(const spool::Record& record);
  void note_place(std::string_view call, spool::KeyId key);
  void note_message(std::uint16_t kind);
  void begin_segment();
  void destroy(const std::vector<spool::KeyId>& ids);
  void destroy_orphans();
  void remove_dead();
  void retire_shared(std::uint32_t segment);
  void destroy_retired();

  spool::Disk& disk_;
  spool::KeyTable& keys_;
  calls::Correlator& correlator_;
  spool::LogReader reader_;
  spool::LogPlace place_{};
  std::map<std::string, std::set<spool::KeyId>, std::less<>> of_call_;
  std::map<std::uint64_t, std::vector<spool::KeyId>> closed_;           ///< by number, until committed
  std::unordered_map<spool::KeyId, std::vector<std::uint32_t>> where_;  ///< segments that have live keys of calls
  std::unordered_map<std::uint32_t, std::size_t> live_;                 ///< how many of them are in each segment
  std::set<std::uint32_t> dead_;                                        ///< segments without any
  std::map<std::uint32_t, std::set<spool::KeyId>> shared_;              ///< keys of what is of no call, by segment
  std::set<spool::KeyId> retired_;                                      ///< of them, those whose segments are removed
  spool::KeyId newest_shared_ = 0;                                      ///< that a record was sealed with
  std::optional<std::uint32_t> newest_message_;                         ///< its segment
  std::uint32_t segment_ = 0;                                           ///< of the last record
  std::uint64_t removed_ = 0;
  Time played_ = Time::min();
  bool ended_ = false;
  bool all_played_ = false;
};

/// How far a log went.
struct Recovered {
  spool::LogPosition end{};     ///< where a LogWriter goes on
  Time messages = Time::min();  ///< time of the last message, whether its call is committed or not
  Time now = Time::min();       ///< packet time that was reached
};

/// Brings a correlator that will go on with a live capture to where the log ends: calls that are open, their media and
/// their pauses; and cuts a torn end. The writer, which is to go on, learns the calls' keys.
/// The writer is one that has not gone on yet. Throws std::runtime_error when the disk fails.
Recovered recover(spool::Disk& disk, spool::KeyTable& keys, calls::Correlator& correlator, Writer& writer);

}  // namespace tapestry::journal
