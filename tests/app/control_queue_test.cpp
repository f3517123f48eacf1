#include "app/control_queue.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace tapestry::app {
namespace {

using namespace std::chrono_literals;

calls::PauseCommand of_agent(const std::string& agent) {
  calls::PauseCommand command;
  command.agent = agent;
  return command;
}

/// Answers that it did what it was told.
ControlAnswer echo(const ControlRequest& request) {
  calls::PauseAnswer answer;
  answer.why = std::get<calls::PauseCommand>(request).agent;
  return answer;
}

}  // namespace

TEST_CASE("each asker gets the answer to what it asked") {
  ControlQueue queue;
  std::atomic<int> right = 0;
  std::vector<std::jthread> askers;
  for (int n = 0; n < 8; ++n) {
    askers.emplace_back([&queue, &right, n] {
      for (int again = 0; again < 50; ++again) {
        const std::string name = std::to_string(n) + "-" + std::to_string(again);
        const auto answer = queue.ask(of_agent(name), 60s);
        right += answer && std::get<calls::PauseAnswer>(*answer).why == name ? 1 : 0;
      }
    });
  }
  while (right < 8 * 50) queue.serve(&echo);
  CHECK(right == 400);
}

TEST_CASE("a request that nobody comes to is taken back: it is not carried out later") {
  ControlQueue queue;
  const auto answer = queue.ask(of_agent("a"), 10ms);
  REQUIRE_FALSE(answer);
  CHECK(answer.error() == ControlFault::Late);
  queue.serve([](const ControlRequest&) -> ControlAnswer {
    FAIL("it was carried out");
    return {};
  });
}

TEST_CASE("more requests than the queue holds are refused at once") {
  ControlQueue queue;
  std::atomic<int> full = 0;
  std::atomic<int> done = 0;
  std::vector<std::jthread> askers;
  for (std::size_t n = 0; n < ControlQueue::kMost + 5; ++n) {
    askers.emplace_back([&] {
      const auto answer = queue.ask(of_agent("a"), 60s);
      ++(answer ? done : full);
    });
  }
  while (full < 5) std::this_thread::yield();
  while (done < static_cast<int>(ControlQueue::kMost)) queue.serve(&echo);
  CHECK(full == 5);
}

TEST_CASE("whoever waits when the queue is closed is told so, and whoever comes later") {
  ControlQueue queue;
  std::atomic<bool> told = false;
  std::jthread asker([&] {
    const auto answer = queue.ask(of_agent("a"), 60s);
    told = !answer && answer.error() == ControlFault::Closed;
  });
  std::this_thread::sleep_for(20ms);
  queue.close();
  asker.join();
  CHECK(told);
  CHECK(queue.ask(of_agent("a"), 60s).error() == ControlFault::Closed);
}

TEST_CASE("what fails while a request is carried out comes out, and the asker is told") {
  ControlQueue queue;
  std::atomic<bool> told = false;
  std::jthread asker([&] {
    const auto answer = queue.ask(of_agent("a"), 60s);
    told = !answer && answer.error() == ControlFault::Closed;
  });
  const auto fail = [](const ControlRequest&) -> ControlAnswer { throw std::runtime_error("disk full"); };
  const auto serve = [&] {
    while (true) queue.serve(fail);
  };
  CHECK_THROWS_WITH(serve(), "disk full");
  asker.join();
  CHECK(told);
}

}  // namespace tapestry::app
