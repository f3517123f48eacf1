#include "journal/store.h"

#include <algorithm>
#include <utility>

#include "journal/records.h"

namespace tapestry::journal {

Store::Store(spool::Disk& disk, spool::KeyTable& keys, spool::LogPosition behind, const StoreLimits& limits)
    : disk_(disk), keys_(keys), limits_(limits), writer_(disk, keys, behind, limits.log) {}

Store::~Store() { stop(); }

void Store::append(spool::Record&& record) {
  const std::scoped_lock lock(mutex_);
  if (!spool::LogLimits::has_room(waiting_bytes_, record.payload.size(), limits_.queue_bytes)) {
    ++dropped_;
    return;
  }
  waiting_bytes_ += record.payload.size();
  if (record.kind == static_cast<std::uint16_t>(Kind::Pause) && !urgent_) {
    urgent_ = true;
    wake_.notify_one();
  }
  waiting_.emplace_back(std::move(record));
}

void Store::erase(spool::KeyId key, Time from, Time to) {
  const std::scoped_lock lock(mutex_);
  waiting_.emplace_back(spool::Erasure{key, from, to});
}

void Store::write(std::deque<Item>& items) {
  const std::uint64_t most_unsafe = std::min(limits_.sync_bytes, limits_.log.unsafe_bytes / 2);
  for (; !items.empty(); items.pop_front()) {
    if (auto* record = std::get_if<spool::Record>(&items.front())) {
      const bool tick = record->kind == static_cast<std::uint16_t>(Kind::Tick);
      const Time time = record->first;
      const bool taken = writer_.append(std::move(*record));
      if (taken && tick) ticks_.push_back({writer_.last_sequence(), time});
      writer_.write(false);
      if (writer_.status() == 0 && writer_.unsafe_bytes() >= most_unsafe) writer_.sync();
    } else {
      erasures_.push_back(std::get<spool::Erasure>(items.front()));
    }
  }
  writer_.write(true);
  writer_.sync();
  note_safe();
}

void Store::note_safe() {
  for (; !ticks_.empty() && ticks_.front().sequence <= writer_.safe_sequence(); ticks_.pop_front()) {
    safe_time_ = ticks_.front().time.time_since_epoch().count();
  }
  unsafe_bytes_ = writer_.unsafe_bytes();
  writer_dropped_ = writer_.dropped();
}

/// Only what is safe: of the rest a copy is in memory, which would be written again.
void Store::carry_out_erasures() {
  while (!erasures_.empty() && writer_.status() == 0 && writer_.unsafe_bytes() == 0) {
    const auto changed = spool::erase(disk_, keys_, erasures_.front(), mask, writer_.spans(), half_);
    if (!changed) {
      status_ = changed.error();
      return;
    }
    erased_ += *changed;
    erasures_.pop_front();
  }
}

void Store::look_at_space() {
  const auto space = disk_.space();
  if (!space || space->total == 0) return;
  const std::uint64_t percent = 100 - 100 * space->free / space->total;
  room_ = percent >= limits_.metadata_percent ? Room::MetadataOnly
          : percent >= limits_.alarm_percent  ? Room::Alarm
          : percent >= limits_.warn_percent   ? Room::Warning
                                              : Room::Enough;
}

void Store::turn() {
  std::deque<Item> items;
  {
    const std::scoped_lock lock(mutex_);
    items.swap(waiting_);
    waiting_bytes_ = 0;
  }
  write(items);
  status_ = writer_.status();
  carry_out_erasures();
  look_at_space();
}

void Store::start(std::function<void()> also) {
  also_ = std::move(also);
  thread_ = std::jthread([this] { run(); });
}

void Store::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, kEvery, [this] { return stopping_ || urgent_ || done_ != asked_; });
    urgent_ = false;
    const std::uint64_t asked = asked_;
    lock.unlock();
    if (also_) also_();
    turn();
    const bool safe = status_ == 0 && unsafe_bytes_ == 0;
    lock.lock();
    if (safe) done_ = asked;
    turned_.notify_all();
    // A disk that fails is not asked more often because somebody waits for it.
    if (!safe && !stopping_) wake_.wait_for(lock, kEvery, [this] { return stopping_; });
  }
}

bool Store::make_safe(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++asked_;
  wake_.notify_one();
  return turned_.wait_for(lock, limit, [this, mine] { return done_ >= mine; });
}

std::uint64_t Store::waiting_bytes() const {
  const std::scoped_lock lock(mutex_);
  return waiting_bytes_ + unsafe_bytes_.load();
}

void Store::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  turn();  // what was appended while the thread was at its last one
}

Time safe_time(const Store& store, const calls::Correlator& correlator) {
  Time safe = store.safe_time();
  if (safe == Time::min()) return safe;
  if (const auto unclaimed = correlator.oldest_unclaimed()) safe = std::min(safe, *unclaimed);
  return safe - kUnderWay;
}

Counters Store::counters() const {
  Counters counters = writer_.counters();
  counters.push_back({"spool.queue_dropped", dropped_.load()});
  counters.push_back({"spool.erased_on_disk", erased_});
  counters.push_back({"spool.erasures_waiting", erasures_.size()});
  return counters;
}

}  // namespace tapestry::journal
