#include "spool/delay_line.h"

#include <utility>

namespace tapestry::spool {

void DelayLine::push(Record&& record, Time newest) {
  waiting_.push_back({std::move(record), clock_.reading_at(newest) + delay_});
}

void DelayLine::advance(Time now, const std::function<void(Record&&)>& out) {
  clock_.advance(now);
  while (!waiting_.empty() && waiting_.front().due <= clock_.reading()) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    out(std::move(next.record));
  }
}

void DelayLine::flush(const std::function<void(Record&&)>& out) {
  for (; !waiting_.empty(); waiting_.pop_front()) out(std::move(waiting_.front().record));
}

void DelayLine::change(KeyId key, const std::function<bool(Record&)>& change) {
  std::erase_if(waiting_, [&](Waiting& waiting) { return waiting.record.key == key && !change(waiting.record); });
}

}  // namespace tapestry::spool
