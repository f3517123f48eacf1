#include "journal/writer.h"

#include <algorithm>
#include <utility>

#include "calls/correlator.h"
#include "calls/logged_message.h"
#include "journal/records.h"

namespace tapestry::journal {
namespace {

/// What is decided for a time further ahead counts so long from now: the capture's clock may have stepped.
constexpr Duration kAhead = std::chrono::seconds(1);

/// Packet time of what was decided.
Time time_of(const calls::PauseDecision& decision) {
  if (const auto* holder = std::get_if<pause::Holder>(&decision)) return holder->mark.at;
  if (const auto* pause = std::get_if<pause::Pause>(&decision)) return pause->opened.at;
  return std::get<calls::PauseRelease>(decision).at;
}

}  // namespace

Writer::Writer(spool::KeyTable& keys, Duration delay) : keys_(keys), delay_(delay) {}

Writer::Known& Writer::known(const calls::CallName& call) {
  if (const auto found = calls_.find(call.call_id); found != calls_.end()) return found->second;
  std::string name(call.call_id);
  if (name.empty()) name = unsignalled_[call.serial];
  if (const auto found = calls_.find(name); found != calls_.end()) return found->second;
  const spool::KeyId key = keys_.create();
  if (name.empty()) name = unsignalled_[call.serial] = calls::kUnsignalled + std::to_string(key);
  without_media_ += metadata_only_ ? 1U : 0U;
  given_out_.emplace(key, Time::min());
  return calls_.emplace(std::move(name), Known{.key = key, .without_media = metadata_only_}).first->second;
}

/// Of one that is known.
std::string_view Writer::name_of(const calls::CallName& call) const {
  return call.call_id.empty() ? unsignalled_.at(call.serial) : call.call_id;
}

void Writer::go_on(Sink& sink) {
  sink_ = &sink;
  for (const spool::Erasure& erasure : std::exchange(again_, {})) sink.erase(erasure.key, erasure.from, erasure.to);
}

void Writer::learn(const std::string& call, const spool::Record& record) {
  if (call.empty()) return;
  calls_[call].key = record.key;
  given_out_.try_emplace(record.key, Time::min());
  note_given_out(record);
}

void Writer::note_given_out(const spool::Record& record) {
  const auto newest = given_out_.find(record.key);
  if (newest != given_out_.end()) newest->second = std::max(newest->second, record.first + record.span);
}

void Writer::push(spool::Record&& record, spool::KeyId key, Time newest) {
  record.key = key;
  delay_.push(std::move(record), newest);
}

void Writer::give_out(spool::Record&& record) {
  if (record.key != 0) note_given_out(record);
  sink_->append(std::move(record));
}

void Writer::advanced(Time now) {
  now_ = now;
  if (sink_ == nullptr) return;
  push(tick_record(now), 0, now);
  delay_.advance(now, [this](spool::Record&& record) { give_out(std::move(record)); });
}

void Writer::flush() {
  delay_.flush([this](spool::Record&& record) { give_out(std::move(record)); });
}

void Writer::message(const calls::TakenMessage& taken) {
  if (sink_ == nullptr) return;
  masked_messages_ += taken.paused ? 1U : 0U;
  const std::string text = calls::logged_form(taken.message, taken.paused);
  const bool of_call = taken.call.serial != 0;
  push(message_record(of_call ? taken.call.call_id : Name{}, taken.info, text), of_call ? known(taken.call).key : 0,
       taken.info.time);
}

void Writer::media(const calls::TakenMedia& taken) {
  if (sink_ == nullptr) return;
  const Known& call = known(taken.call);
  const Name name = name_of(taken.call);
  calls::TakenMedia kept = taken;
  if (call.without_media) kept.kept = nullptr;
  push(media_record(name, kept), call.key, kept.kept == nullptr ? taken.last : taken.kept->newest());
}

void Writer::shared_media(const calls::CallName& one, const calls::CallName& other, Time time) {
  if (sink_ != nullptr) push(shared_media_record(one.call_id, other.call_id, time), known(one).key, time);
}

void Writer::srtp_key(const Endpoint& source, const Endpoint& destination, const calls::SrtpKey& key) {
  if (sink_ != nullptr) push(srtp_key_record(source, destination, key), 0, key.since);
}

void Writer::drop(const calls::CaptureDrop& drop) {
  if (sink_ != nullptr) push(drop_record(drop), 0, drop.to);
}

void Writer::end() {
  flush();
  if (sink_ != nullptr) sink_->append(end_record(now_));
}

void Writer::pause(const calls::CallName& call, const calls::PauseDecision& decision) {
  if (sink_ == nullptr) return;
  const Time ahead = now_ == Time::min() ? time_of(decision) : now_ + kAhead;
  const spool::KeyId key = known(call).key;
  spool::Record record = pause_record(name_of(call), decision, std::clamp(time_of(decision), now_, ahead));
  record.key = key;
  sink_->append(std::move(record));
}

void Writer::erase(const calls::CallName& call, Time from, Time to) {
  spool::KeyId key = 0;
  if (sink_ != nullptr) {
    key = known(call).key;
    delay_.change(key, [from, to](spool::Record& record) { return mask(record, from, to); });
  } else if (const auto found = calls_.find(call.call_id); found != calls_.end()) {
    key = found->second.key;
  }
  const auto newest = given_out_.find(key);
  if (newest == given_out_.end() || newest->second < from) return;
  // Those that will be given out are masked by then.
  const spool::Erasure erasure{key, from, std::min(to, newest->second + Duration(1))};
  // One that was under way when the power was lost is done again: that changes nothing where it was done.
  if (sink_ == nullptr) {
    again_.push_back(erasure);
    return;
  }
  ++late_erasures_;
  sink_->erase(erasure.key, erasure.from, erasure.to);
}

void Writer::closed(const std::vector<calls::CallName>& calls, std::uint64_t) {
  for (const calls::CallName& call : calls) {
    std::string name(call.call_id);
    if (const auto unsignalled = unsignalled_.find(call.serial); unsignalled != unsignalled_.end()) {
      name = std::move(unsignalled->second);
      unsignalled_.erase(unsignalled);
    }
    const auto found = calls_.find(name);
    if (found == calls_.end()) continue;
    given_out_.erase(found->second.key);
    calls_.erase(found);
  }
}

Counters Writer::counters() const {
  return {{"journal.calls_without_media", without_media_},
          {"journal.masked_messages", masked_messages_},
          {"journal.late_erasures", late_erasures_}};
}

}  // namespace tapestry::journal
