#include "app/run.h"

#include <fmt/format.h>
#include <sched.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>

#include "app/key_log.h"
#include "app/signals.h"
#include "app/text.h"
#include "calls/capture_drops.h"
#include "service/journal.h"

namespace tapestry::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostFields = 32;  // of one entry in the journal
constexpr std::size_t kFramesPerTurn = 8192;
constexpr std::chrono::milliseconds kSettle{500};      // between commits to the catalog
constexpr std::chrono::milliseconds kLastFrames{200};  // what was on its way when the signal came

/// Whose recording: the first agent's.
std::string agent_of(const ConversationReport& report) {
  for (const DialogReport& dialog : report.dialogs) {
    if (!dialog.agent.empty()) return dialog.agent;
  }
  return "no agent";
}

std::string line_of(const ConversationReport& report) {
  if (!report.fault.empty()) return fmt::format("conversation {} could not be written: {}", report.uuid, report.fault);
  const char* kept = report.already ? "was recorded before" : "recorded";
  return fmt::format("conversation {} {}: {}, {}, {}", report.uuid, kept, clock_text(report.duration), agent_of(report),
                     report.disposition);
}

service::Entry entry_of(const ConversationReport& report) {
  service::Entry entry{report.fault.empty() ? service::Level::Info : service::Level::Error, printable(line_of(report))};
  entry.fields.push_back({"CONVERSATION", report.uuid});
  entry.fields.push_back({"DISPOSITION", report.disposition});
  for (const std::string& call_id : report.call_ids) {
    if (entry.fields.size() >= kMostFields) break;
    entry.fields.push_back({"CALL_ID", printable(call_id)});
  }
  return entry;
}

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
        work_(
            {settings.config, settings.out, settings.finishers, true}, keys,
            [this](const ConversationReport& report) { tell_of(report); }, err),
        captures_(settings.config.capture, settings.out),
        view_{work_, captures_} {
    pin(settings.config.capture.cpus);
  }

  void until_stopped() {
    look(true);
    tell("capturing");
    call(hooks_.ready);
    while (!over()) turn();
    tell("stopping");
    call(hooks_.stopping);
    look(true);  // what was dropped last
    work_.pipeline.finish();
    work_.recorder.finish();
    tell(fmt::format("stopped: {} packets, {} dropped, {} conversations", frames_, dropped_, conversations_));
  }

 private:
  void turn() {
    captures_.begin_turn();
    const bool busy = take_frames();
    look(false);
    if (!busy) work_.pipeline.advance(captures_.quiet_time());
    call(hooks_.turn);
    if (Clock::now() - settled_ >= kSettle) settle();
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
      } else if (!stop_at_) {
        stop_at_ = Clock::now() + kLastFrames;
      }
    }
    return stop_at_ && Clock::now() >= *stop_at_;
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
    if (lost > 0) tell(fmt::format("{} packets were dropped before they could be read", grouped(lost)));
  }

  void settle() {
    work_.recorder.settle();
    settled_ = Clock::now();
  }

  void call(const std::function<void(RunView&)>& hook) {
    if (hook) hook(view_);
  }

  void tell_of(const ConversationReport& report) {
    ++conversations_;
    journal_.add(entry_of(report));
  }

  void tell(const std::string& line) { journal_.add({service::Level::Notice, printable(line)}); }

  Signals signals_;  // before the threads of `work_`
  const RunHooks& hooks_;
  service::Journal journal_;
  Assembly work_;
  LiveCaptures captures_;
  RunView view_;
  std::uint64_t frames_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t conversations_ = 0;
  Clock::time_point settled_{};
  std::optional<Clock::time_point> stop_at_;
};

}  // namespace

int run(const RunSettings& settings, const RunHooks& hooks, std::ostream& err) {
  if (settings.config.capture.empty()) throw ConfigError("the configuration has no [[capture]]");
  std::optional<tls::KeyLog> key_log;
  open_key_log(settings.config, key_log);
  std::filesystem::create_directories(settings.out);
  Run(settings, hooks, key_log ? &*key_log : nullptr, err).until_stopped();
  return 0;
}

}  // namespace tapestry::app
