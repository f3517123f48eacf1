#include "app/finisher_pool.h"

#include <algorithm>
#include <utility>

#include "service/priority.h"
#include "service/privileges.h"

namespace tapestry::app {

FinisherPool::FinisherPool(const Settings& settings, const FinisherContext& context)
    : settings_(settings), context_(context) {
  const unsigned count = settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
  threads_.reserve(count);
  for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
}

FinisherPool::~FinisherPool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    waiting_.clear();
  }
  for_work_.notify_all();
  threads_.clear();
}

void FinisherPool::submit(FinishJob&& job) {
  std::unique_lock lock(mutex_);
  waits_ += waiting_.size() >= settings_.queue ? 1U : 0U;
  for_owner_.wait(lock, [this] { return waiting_.size() < settings_.queue; });
  waiting_.push_back({std::move(job), Clock::now()});
  lock.unlock();
  for_work_.notify_one();
}

std::vector<FinishedJob> FinisherPool::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(finished_, {});
}

std::vector<FinishedJob> FinisherPool::drain() {
  std::unique_lock lock(mutex_);
  for_owner_.wait(lock, [this] { return waiting_.empty() && busy_.empty(); });
  return std::exchange(finished_, {});
}

Backlog FinisherPool::backlog() const {
  const std::lock_guard lock(mutex_);
  Backlog backlog{.conversations = waiting_.size() + busy_.size()};
  auto oldest = Clock::time_point::max();
  if (!waiting_.empty()) oldest = waiting_.front().since;
  if (!busy_.empty()) oldest = std::min(oldest, *busy_.begin());
  if (backlog.conversations != 0) backlog.oldest = Clock::now() - oldest;
  return backlog;
}

void FinisherPool::work() {
  if (settings_.background) {
    service::leave_processors_to_others();
    (void)service::drop_privileges();
  }
  std::unique_lock lock(mutex_);
  while (true) {
    for_work_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_) return;
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    const auto mine = busy_.insert(next.since);
    lock.unlock();
    for_owner_.notify_one();
    FinishedJob finished{.parts = finish_and_release(next.job, context_)};
    const bool failed =
        std::ranges::any_of(finished.parts, [](const Finished& one) { return !one.report.fault.empty(); });
    if (failed && context_.keep_failed) finished.again = std::move(next.job);
    lock.lock();
    busy_.erase(mine);
    finished_.push_back(std::move(finished));
    for_owner_.notify_one();
  }
}

}  // namespace tapestry::app
