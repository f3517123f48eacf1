#include "app/run.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>

#include "app/finisher_child.h"
#include "app/key_log.h"
#include "app/signals.h"
#include "app/text.h"
#include "calls/capture_drops.h"
#include "service/journal.h"

namespace tapestry::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kFramesPerTurn = 8192;
constexpr std::chrono::milliseconds kLook{500};        // between looks at the disk and at the finisher
constexpr std::chrono::milliseconds kLastFrames{200};  // what was on its way when the signal came
constexpr std::chrono::seconds kLongestStop{10};       // until all is read that was captured before it

void pin(const std::vector<int>& cpus) {
  if (cpus.empty()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot run on the configured cpu");
  }
}

class Run {
 public:
  Run(const RunSettings& settings, const RunHooks& hooks, tls::KeyLog* keys, std::ostream& err)
      : hooks_(hooks),
        journal_(err, settings.journal_stream),
        captures_(settings.config.capture, settings.out, hooks.store),
        work_(settings.config, settings.out, keys),
        view_{work_, captures_} {
    if (!settings.config_file.empty()) finisher_.emplace(finisher_of(settings));
    pin(settings.config.capture.cpus);
  }

  int until_stopped() {
    look(true);
    tell_of_start();
    call(hooks_.ready);
    while (!over()) turn();
    tell("stopping");
    call(hooks_.stopping);
    look(true);  // what was dropped last
    const std::string fault = work_.end();
    if (fault.empty()) captures_.release(Time::max());
    if (!fault.empty()) tell("alarm: not all of the last seconds could be written: " + fault);
    const bool finished = !finisher_ || finisher_->finish();
    if (!finished) tell("what is not finished waits in the spool");
    tell(fmt::format("stopped: {} packets, {} dropped, {} conversations", frames_, dropped_, closed()));
    return fault.empty() && finished ? 0 : 1;
  }

 private:
  void turn() {
    captures_.begin_turn();
    const bool busy = take_frames();
    all_read_ = !busy;
    look(false);
    if (!busy) work_.pipeline.advance(captures_.quiet_time());
    call(hooks_.turn);
    if (Clock::now() - looked_ >= kLook) look_after();
    if (busy) return;
    std::vector<int> others = hooks_.wake;
    others.push_back(signals_.descriptor());
    captures_.wait(RunHooks::kTurn, others);
  }

  bool take_frames() {
    capture::Frame frame;
    for (std::size_t n = 0; n < kFramesPerTurn; ++n) {
      if (!captures_.next(frame)) return n > 0;
      work_.pipeline.add(frame);
      ++frames_;
    }
    return true;
  }

  bool over() {
    while (const int signal = signals_.take()) {
      if (signal == SIGHUP) {
        call(hooks_.reload);
        if (finisher_) finisher_->reload();
      } else if (!stop_at_) {
        stop_at_ = Clock::now() + captures_.hold() + kLastFrames;
        signalled_ = captures_.now();
      }
    }
    if (!stop_at_ || Clock::now() < *stop_at_) return false;
    return all_read_ || captures_.newest() > signalled_ || Clock::now() >= *stop_at_ + kLongestStop;
  }

  void look(bool at_once) {
    std::vector<capture::Drops> drops;
    std::vector<std::string> news;
    captures_.look(drops, news, at_once);
    for (const std::string& one : news) tell(one);
    std::uint64_t lost = 0;
    for (const capture::Drops& one : drops) {
      work_.pipeline.correlator().on_drop({one.from, one.to, one.packets});
      lost += one.packets;
    }
    dropped_ += lost;
    if (lost > 0) tell(fmt::format("warning: {} packets were dropped before they could be read", grouped(lost)));
  }

  void look_after() {
    looked_ = Clock::now();
    std::vector<std::string> news;
    work_.look(news);
    captures_.release(work_.safe_time());
    if (finisher_) news.push_back(finisher_->look(looked_));
    for (const std::string& one : news) {
      if (!one.empty()) tell(one);
    }
  }

  static FinisherChild::Settings finisher_of(const RunSettings& settings) {
    return {.config = settings.config_file, .out = settings.out, .finishers = settings.finishers};
  }

  [[nodiscard]] std::uint64_t closed() const {
    const Counters counters = work_.pipeline.correlator().counters();
    return std::ranges::find(counters, "calls.closed", &Counter::name)->value;
  }

  void tell_of_start() {
    const std::size_t open = work_.pipeline.correlator().open_calls();
    if (open > 0) tell(fmt::format("going on; calls that the spool tells of: {}", open));
    if (!captures_.go_on()) work_.note_interruption(captures_.quiet_time());
    tell("capturing");
  }

  void call(const std::function<void(RunView&)>& hook) {
    if (hook) hook(view_);
  }

  void tell(const std::string& line) { journal_.add({service::level_of(line), printable(line)}); }

  Signals signals_;  // before the threads of `work_`
  const RunHooks& hooks_;
  service::Journal journal_;
  std::optional<FinisherChild> finisher_;
  LiveCaptures captures_;
  LiveWork work_;
  RunView view_;
  std::uint64_t frames_ = 0;
  std::uint64_t dropped_ = 0;
  Clock::time_point looked_{};
  std::optional<Clock::time_point> stop_at_;  ///< at the earliest
  Time signalled_;                            ///< the wall clock when that was decided
  bool all_read_ = false;                     ///< the last turn found nothing
};

}  // namespace

int run(const RunSettings& settings, const RunHooks& hooks, std::ostream& err) {
  if (settings.config.capture.empty()) throw ConfigError("the configuration has no [[capture]]");
  std::optional<tls::KeyLog> key_log;
  open_key_log(settings.config, key_log);
  std::filesystem::create_directories(settings.out);
  return Run(settings, hooks, key_log ? &*key_log : nullptr, err).until_stopped();
}

}  // namespace tapestry::app
