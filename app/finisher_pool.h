#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "app/finisher.h"

namespace tapestry::app {

/// Threads that finish conversations. One thread gives work and takes results; that thread owns the pool.
class FinisherPool {
 public:
  /// More conversations than this wait for a finisher: submit() blocks.
  static constexpr std::size_t kQueue = 64;

  /// `threads` 0: as many as the machine runs at once. `context` must outlive the pool.
  FinisherPool(unsigned threads, const FinisherContext& context);
  /// Ends the threads after what they are at; what still waits is dropped (only when an exception unwinds).
  ~FinisherPool();
  FinisherPool(const FinisherPool&) = delete;
  FinisherPool& operator=(const FinisherPool&) = delete;

  void submit(FinishJob&& job);
  /// What was finished since the last call, conversation by conversation, in no order; none is empty.
  std::vector<std::vector<Finished>> take();
  /// Waits until all that was submitted is finished, and gives what take() would.
  std::vector<std::vector<Finished>> drain();

 private:
  void work();

  const FinisherContext& context_;
  std::mutex mutex_;
  std::condition_variable for_work_;
  std::condition_variable for_owner_;
  std::deque<FinishJob> waiting_;
  std::vector<std::vector<Finished>> finished_;
  std::size_t busy_ = 0;
  bool closing_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace tapestry::app
