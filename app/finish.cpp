#include "app/finish.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <system_error>
#include <vector>

#include "app/conversation_entry.h"
#include "app/finish_state.h"
#include "app/finish_work.h"
#include "app/signals.h"
#include "app/text.h"
#include "service/journal.h"
#include "service/notice.h"
#include "service/priority.h"
#include "vconout/file.h"

namespace tapestry::app {
namespace {

using Clock = std::chrono::steady_clock;
using service::Level;

constexpr std::chrono::milliseconds kSettle{500};  // between commits to the catalog
constexpr std::chrono::milliseconds kPause{250};   // when there is nothing new
constexpr std::chrono::seconds kTell{2};           // between looks at what finish.json says
constexpr std::chrono::seconds kNoEnd{10};         // the capture ended, and its end is not in the log
constexpr const char* kProgram = "/proc/self/exe";

enum class Over : std::uint8_t { No, Stopped, Finished, Left, Again };

class Finish {
 public:
  Finish(const FinishSettings& settings, std::ostream& err)
      : settings_(settings),
        journal_(err, settings.journal_stream),
        err_(err),
        config_(settings.load()),
        work_(
            config_, settings.out, settings.finishers, [this](const ConversationReport& report) { tell_of(report); },
            err) {}

  Over until_over() {
    notice_.ready();
    while (true) {
      const Over over = look_at_signals();
      if (over != Over::No) return over;
      const bool busy = work_.follow();
      const Clock::time_point now = Clock::now();
      if (busy) last_new_ = now;
      if (now - settled_ >= kSettle || (settings_.until_end && !busy)) settle(now);
      notice_.progress(now);
      if (settings_.until_end && !busy) {
        if (const Over end = look_at_end(now); end != Over::No) return end;
      }
      if (!busy) wait();
    }
  }

  void stopping() { notice_.stopping(); }

 private:
  Over look_at_signals() {
    while (const int signal = signals_.take()) {
      if (signal != SIGHUP) return Over::Stopped;
      if (is_right()) return Over::Again;
    }
    return Over::No;
  }

  /// Whether a new process would start.
  bool is_right() {
    notice_.reloading();
    try {
      const Config config = settings_.load();
      (void)open_signer(config, settings_.out, err_);
      (void)open_master_key(config.spool, settings_.out);
      return true;
    } catch (const std::runtime_error& error) {
      tell(Level::Error, fmt::format("the configuration is wrong, and the old one goes on: {}", error.what()));
    }
    notice_.ready();
    return false;
  }

  void settle(Clock::time_point now) {
    settled_ = now;
    std::string fault = work_.settle();
    if (fault != fault_ && !fault.empty()) tell(Level::Error, fault);
    fault_ = std::move(fault);
    if (now - told_ < kTell) return;
    told_ = now;
    write_state();
  }

  void write_state() {
    const FinishState state = work_.state();
    if (state == state_) return;
    try {
      write_finish_state(settings_.out, state);
      state_ = state;
    } catch (const std::runtime_error&) {
      // It is tried again with the next change: whoever reads it sees that it is old.
      return;
    }
    notice_.status(fmt::format("{} conversations wait", state.waiting.conversations));
  }

  Over look_at_end(Clock::time_point now) {
    const bool ended = work_.follower.ended();
    if (!ended && now - last_new_ < kNoEnd) return Over::No;
    if (work_.pool.backlog().conversations != 0) return Over::No;
    settle(now);
    const std::size_t left = work_.recorder.backlog().conversations;
    const bool tried = left == work_.recorder.failed() || !work_.recorder.catalog_fault().empty();
    if (left != 0 && !tried) return Over::No;
    write_state();
    if (ended && left == 0) return Over::Finished;
    tell(Level::Warning,
         ended ? fmt::format("{} conversations cannot be finished yet; they wait in the spool", left)
               : "the log has no end: the capture goes on, or was killed; what is open waits in the spool");
    return Over::Left;
  }

  void wait() {
    pollfd ready{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0};
    (void)::poll(&ready, 1, static_cast<int>((settings_.until_end ? kPause / 10 : kPause).count()));
  }

  void tell_of(const ConversationReport& report) { journal_.add(entry_of(report)); }
  void tell(Level level, const std::string& line) { journal_.add({level, printable(line)}); }

  Signals signals_;  // before the threads of `work_`
  const FinishSettings& settings_;
  service::Journal journal_;
  service::Notice notice_;
  std::ostream& err_;
  Config config_;
  FinishWork work_;
  Clock::time_point settled_{};
  Clock::time_point told_{};
  Clock::time_point last_new_ = Clock::now();
  std::string fault_;
  std::optional<FinishState> state_;
};

/// The same program with the same words.
[[noreturn]] void execute_again() {
  const std::string line = vconout::read_text("/proc/self/cmdline");
  std::vector<std::string> words;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find('\0', at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  (void)::execv(kProgram, arguments.data());
  throw std::system_error(errno, std::generic_category(), "cannot start again");
}

}  // namespace

int finish(const FinishSettings& settings, std::ostream& err) {
  // Executing a program that has capabilities of its own takes back what the parent asked for (prctl(2)).
  if (settings.parent != 0) (void)::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (settings.parent != 0 && ::getppid() != settings.parent) return 1;
  // Not before: until it has executed this program the child has its parent's locks.
  service::leave_processors_to_others();
  std::filesystem::create_directories(settings.out);
  Over over = Over::No;
  {
    Finish work(settings, err);
    over = work.until_over();
    if (over != Over::Again) work.stopping();
  }
  if (over == Over::Again) execute_again();
  const bool left = over == Over::Left || (over == Over::Stopped && settings.until_end);
  return left ? 1 : 0;
}

}  // namespace tapestry::app
