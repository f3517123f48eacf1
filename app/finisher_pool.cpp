#include "app/finisher_pool.h"

#include <algorithm>
#include <utility>

namespace tapestry::app {

FinisherPool::FinisherPool(unsigned threads, const FinisherContext& context) : context_(context) {
  const unsigned count = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
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
  for_owner_.wait(lock, [this] { return waiting_.size() < kQueue; });
  waiting_.push_back(std::move(job));
  lock.unlock();
  for_work_.notify_one();
}

std::vector<std::vector<Finished>> FinisherPool::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(finished_, {});
}

std::vector<std::vector<Finished>> FinisherPool::drain() {
  std::unique_lock lock(mutex_);
  for_owner_.wait(lock, [this] { return waiting_.empty() && busy_ == 0; });
  return std::exchange(finished_, {});
}

void FinisherPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    for_work_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_) return;
    const FinishJob job = std::move(waiting_.front());
    waiting_.pop_front();
    ++busy_;
    lock.unlock();
    for_owner_.notify_one();
    std::vector<Finished> finished = finish_and_release(job, context_);
    lock.lock();
    --busy_;
    finished_.push_back(std::move(finished));
    for_owner_.notify_one();
  }
}

}  // namespace tapestry::app
