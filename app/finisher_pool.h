#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "app/finisher.h"

namespace tapestry::app {

/// Conversations that wait for a finisher, or are with one.
struct Backlog {
  std::size_t conversations = 0;
  std::optional<std::chrono::nanoseconds> oldest{};  ///< since it was submitted; none: there is none
  friend bool operator==(const Backlog&, const Backlog&) = default;
};

/// Threads that finish conversations. One thread gives work and takes results; that thread owns the pool.
class FinisherPool {
 public:
  static constexpr std::size_t kQueue = 64;
  static constexpr std::size_t kLiveQueue = 20'000;  ///< capture cannot wait; a conversation takes some 20 KB

  struct Settings {
    unsigned threads = 0;        ///< 0: as many as the machine runs at once
    std::size_t queue = kQueue;  ///< more conversations than this wait for a finisher: submit() blocks
    bool background = false;     ///< they leave the processors to others, and have no privileges
  };

  /// `context` must outlive the pool.
  FinisherPool(const Settings& settings, const FinisherContext& context);
  /// Ends the threads after what they are at; what still waits is dropped (only when an exception unwinds).
  ~FinisherPool();
  FinisherPool(const FinisherPool&) = delete;
  FinisherPool& operator=(const FinisherPool&) = delete;

  void submit(FinishJob&& job);
  /// What was finished since the last call, conversation by conversation, in no order.
  std::vector<FinishedJob> take();
  /// Waits until all that was submitted is finished, and gives what take() would.
  std::vector<FinishedJob> drain();
  /// Any thread.
  [[nodiscard]] Backlog backlog() const;
  /// How often submit() had to wait.
  [[nodiscard]] std::uint64_t waits() const noexcept { return waits_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    FinishJob job;
    Clock::time_point since;
  };
  void work();

  Settings settings_;
  const FinisherContext& context_;
  mutable std::mutex mutex_;
  std::condition_variable for_work_;
  std::condition_variable for_owner_;
  std::deque<Waiting> waiting_;
  std::vector<FinishedJob> finished_;
  std::multiset<Clock::time_point> busy_;  ///< by finisher: since when what it is at has waited
  std::uint64_t waits_ = 0;
  bool closing_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace tapestry::app
