#include "app/control_queue.h"

#include <algorithm>
#include <utility>

namespace tapestry::app {

std::expected<ControlAnswer, ControlFault> ControlQueue::ask(ControlRequest request, std::chrono::milliseconds limit) {
  Waiting mine{.request = std::move(request)};
  const auto has_answer = [&mine] { return mine.answer.has_value(); };
  std::unique_lock lock(mutex_);
  if (closed_) return std::unexpected(ControlFault::Closed);
  if (waiting_.size() >= kMost) return std::unexpected(ControlFault::Full);
  waiting_.push_back(&mine);
  if (!answered_.wait_for(lock, limit, has_answer)) {
    if (std::erase(waiting_, &mine) != 0) return std::unexpected(ControlFault::Late);
    // It is being carried out.
    answered_.wait(lock, has_answer);
  }
  return std::move(*mine.answer);
}

void ControlQueue::serve(const std::function<ControlAnswer(const ControlRequest&)>& carry_out) {
  for (std::size_t n = 0; n < kMost; ++n) {
    std::unique_lock lock(mutex_);
    if (waiting_.empty()) return;
    Waiting* next = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    std::expected<ControlAnswer, ControlFault> answer = std::unexpected(ControlFault::Closed);
    const auto give = [&] {
      lock.lock();
      next->answer = std::move(answer);
      lock.unlock();
      answered_.notify_all();
    };
    try {
      answer = carry_out(next->request);
    } catch (const std::exception&) {
      give();
      throw;
    }
    give();
  }
}

void ControlQueue::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  for (Waiting* one : waiting_) one->answer = std::unexpected(ControlFault::Closed);
  waiting_.clear();
  answered_.notify_all();
}

}  // namespace tapestry::app
