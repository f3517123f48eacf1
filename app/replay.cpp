#include "app/replay.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <optional>
#include <system_error>

#include "app/assembly.h"
#include "app/captures.h"
#include "app/conversation_log.h"
#include "app/key_log.h"
#include "app/progress.h"
#include "app/report_json.h"
#include "app/report_table.h"
#include "app/text.h"
#include "tls/key_log.h"

namespace tapestry::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPacketsPerLook = 1024;  // between looks at the clock

double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

void run(Captures& captures, Pipeline& pipeline, Progress& progress) {
  capture::Frame frame;
  std::uint64_t packets = 0;
  while (captures.next(frame)) {
    pipeline.add(frame);
    if (++packets % kPacketsPerLook == 0) {
      progress.update({packets, pipeline.correlator().calls_seen(), captures.done_bytes(), captures.total_bytes()});
    }
  }
  pipeline.finish();
}

void list_faults(const ConversationLog& conversations, Report& report) {
  for (const CaptureReport& capture : report.captures) {
    const auto& damage = capture.info.damage;
    if (damage && damage->offset == 0) {
      report.faults.push_back(fmt::format("nothing was read: {}", damage->what));
    } else if (damage) {
      report.faults.push_back(fmt::format("{}: damaged at byte {}: {}; everything before it was used",
                                          capture.info.file, damage->offset, damage->what));
    }
  }
  const std::vector<std::string> unwritten = conversations.faults();
  report.faults.insert(report.faults.end(), unwritten.begin(), unwritten.end());
}

/// Everything but the conversations, which go to the log. `keys`: null when none are configured.
Report replay(const ReplaySettings& settings, tls::KeyLog* keys, ConversationLog& conversations, std::ostream& err) {
  const auto began = std::chrono::steady_clock::now();
  Assembly work(
      {settings.config, settings.out, settings.finishers}, keys,
      [&](const ConversationReport& one) { conversations.add(one); }, err);
  Captures captures(settings.captures);
  Progress progress(err, settings.progress);

  run(captures, work.pipeline, progress);
  work.recorder.finish();
  progress.clear();

  Report report;
  report.out = settings.out.string();
  report.captures = captures.reports();
  report.streams = work.recorder.streams().sorted();
  report.recording_sessions = work.pipeline.correlator().recording_sessions();
  report.counters = work.pipeline.counters();
  for (const Counters& more : {captures.counters(), work.spool.counters(), counters_of(settings.memory)}) {
    report.counters.insert(report.counters.end(), more.begin(), more.end());
  }
  list_faults(conversations, report);
  report.cpu_seconds = cpu_seconds();
  report.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return report;
}

}  // namespace

int replay_and_print(const ReplaySettings& settings, bool json, std::ostream& out, std::ostream& err) {
  // First what the configuration may have wrong: nothing is made then.
  std::optional<tls::KeyLog> key_log;
  open_key_log(settings.config, key_log);
  fs::create_directories(settings.out);
  ConversationLog conversations(settings.out, json ? conversation_json : conversation_cells);
  const Report report = replay(settings, key_log ? &*key_log : nullptr, conversations, err);
  json ? write_json(report, conversations, out) : write_table(report, conversations, out);
  out << std::flush;
  for (const std::string& fault : report.faults) err << "tapestry: " << printable(fault) << "\n";
  if (!out) throw std::runtime_error("the report could not be written");
  return report.faults.empty() ? 0 : 1;
}

}  // namespace tapestry::app
