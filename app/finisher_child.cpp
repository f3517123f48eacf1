#include "app/finisher_child.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace tapestry::app {
namespace {

constexpr const char* kProgram = "/proc/self/exe";
constexpr int kNotExecuted = 127;
/// What the service manager means for its own child alone.
constexpr std::array kServices = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
                                  "LISTEN_FDS",    "LISTEN_PID",    "LISTEN_FDNAMES"};

std::string what_became(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {}", WTERMSIG(status));
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

}  // namespace

FinisherChild::FinisherChild(Settings settings) : settings_(std::move(settings)) { start(false); }

FinisherChild::~FinisherChild() { stop(); }

void FinisherChild::start(bool until_end) {
  const pid_t parent = ::getpid();
  std::vector<std::string> words = {"tapestry",    "finish",
                                    "--config",    settings_.config.string(),
                                    "--out",       settings_.out.string(),
                                    "--finishers", std::to_string(settings_.finishers),
                                    "--child-of",  std::to_string(parent)};
  if (until_end) words.emplace_back("--until-end");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  cpu_set_t anywhere;
  std::memset(&anywhere, 0xff, sizeof anywhere);
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "cannot start the finisher");
  if (child == 0) {
    sigset_t none;
    sigemptyset(&none);
    (void)::sigprocmask(SIG_SETMASK, &none, nullptr);
    // A signal to the terminal's or the parent's group is the parent's alone, who says when the finisher ends. Out of
    // the foreground it still may write to the terminal.
    (void)::setpgid(0, 0);
    (void)::signal(SIGTTOU, SIG_IGN);
    (void)::prctl(PR_SET_PDEATHSIG, SIGTERM);
    // The processor that captures is the parent's.
    (void)::sched_setaffinity(0, sizeof anywhere, &anywhere);
    for (const char* name : kServices) (void)::unsetenv(name);
    if (::getppid() == parent) ::execv(kProgram, arguments.data());
    ::_exit(kNotExecuted);
  }
  process_ = child;
  started_ = Clock::now();
}

std::string FinisherChild::look(Clock::time_point now) {
  if (process_ == 0) {
    if (!again_ || now < *again_) return {};
    again_.reset();
    try {
      start(false);
    } catch (const std::system_error& error) {
      again_ = now + wait_;
      wait_ = std::min(wait_ * 2, kLongestWait);
      return error.what();
    }
    return "the finisher was started again";
  }
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) != process_) return {};
  process_ = 0;
  if (now - started_ > kLongestWait) wait_ = kFirstWait;
  again_ = now + wait_;
  std::string news = fmt::format("the finisher {}; it is started again in {} s", what_became(status), wait_.count());
  wait_ = std::min(wait_ * 2, kLongestWait);
  return news;
}

void FinisherChild::reload() const noexcept {
  if (process_ != 0) (void)::kill(process_, SIGHUP);
}

void FinisherChild::stop() noexcept {
  if (process_ == 0) return;
  (void)::kill(process_, SIGTERM);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  process_ = 0;
}

bool FinisherChild::finish() {
  stop();
  try {
    start(true);
  } catch (const std::system_error&) {
    return false;
  }
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = 0;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace tapestry::app
