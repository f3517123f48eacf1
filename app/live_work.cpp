#include "app/live_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "app/finish_state.h"
#include "app/text.h"
#include "calls/capture_drops.h"
#include "service/privileges.h"

namespace tapestry::app {
namespace {

using journal::Room;

journal::StoreLimits limits_of(const SpoolSettings& settings) {
  return {.log = {.segment_bytes = settings.segment_bytes, .unsafe_bytes = settings.memory_bytes},
          .queue_bytes = settings.memory_bytes,
          .warn_percent = settings.warn_percent,
          .alarm_percent = settings.alarm_percent,
          .metadata_percent = settings.metadata_percent};
}

std::string text_of(int error) { return std::generic_category().message(error); }

std::string news_of(Room room, const SpoolSettings& settings) {
  switch (room) {
    case Room::Enough:
      return "the spool's disk has room again";
    case Room::Warning:
      return fmt::format("warning: the spool's disk is {} % full", settings.warn_percent);
    case Room::Alarm:
      return fmt::format("alarm: the spool's disk is {} % full; only what is finished makes room",
                         settings.alarm_percent);
    case Room::MetadataOnly:
      return fmt::format("alarm: the spool's disk is {} % full; new calls are recorded without media",
                         settings.metadata_percent);
  }
  return {};
}

std::string_view word_of(Room room) {
  constexpr std::array<std::string_view, 4> kWords = {"ok", "warning", "alarm", "metadata-only"};
  return kWords.at(static_cast<std::size_t>(room));
}

}  // namespace

void LoggedOutput::marker(const calls::MarkerReport& report) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back(report);
  if (waiting_.size() <= kMostWaiting) return;
  waiting_.pop_front();
  ++given_up_;
}

void LoggedOutput::write() {
  std::string fault;
  try {
    for (auto next = take(); next; next = take()) {
      writing_ = std::move(next);
      audit_.add(*writing_);
      writing_.reset();
    }
  } catch (const std::runtime_error& error) {
    fault = error.what();
  }
  const std::scoped_lock lock(mutex_);
  fault_ = std::move(fault);
}

/// The oldest: one that could not be written, if there is one.
std::optional<calls::MarkerReport> LoggedOutput::take() {
  if (writing_) return std::exchange(writing_, std::nullopt);
  const std::scoped_lock lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  std::optional<calls::MarkerReport> next = std::move(waiting_.front());
  waiting_.pop_front();
  return next;
}

std::string LoggedOutput::fault() const {
  const std::scoped_lock lock(mutex_);
  return fault_;
}

Counters LoggedOutput::counters() const {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t failing = fault_.empty() ? 0 : 1;
  return {{"audit.waiting", waiting_.size() + failing}, {"audit.given_up", given_up_}};
}

LiveWork::LiveWork(const Config& config, const std::filesystem::path& out_folder, tls::KeyLog* key_log)
    : out(out_folder),
      folder(spool_folder(config.spool, out)),
      lock(folder, "run.lock", "recorder"),
      disk(folder),
      keys(disk, open_master_key(config.spool, out), spool::KeyTable::Role::Creates),
      writer(keys, config.rules.pauses.delay),
      audit(out / "audit"),
      output(writer, audit),
      pipeline(config.rules, output, key_log),
      recovered(journal::recover(disk, keys, pipeline.correlator(), writer)),
      store(disk, keys, recovered.end, limits_of(config.spool)),
      settings_(config.spool),
      delay_(config.rules.pauses.delay) {
  pipeline.go_on({recovered.messages, recovered.now});
  writer.go_on(store);
  service::without_privileges([this] { store.start([this] { output.write(); }); });
}

LiveWork::~LiveWork() { store.stop(); }

void LiveWork::note_interruption(Time start) {
  if (recovered.now == Time::min() || start <= recovered.now) return;
  pipeline.correlator().on_drop({recovered.now, start, 0});
}

void LiveWork::look(std::vector<std::string>& news) {
  if (const Room room = store.room(); room != room_) {
    room_ = room;
    writer.set_metadata_only(room == Room::MetadataOnly);
    news.push_back(news_of(room, settings_));
  }
  if (const int error = store.status(); error != disk_error_) {
    disk_error_ = error;
    news.push_back(error == 0 ? "the spool's disk works again: what waited is written"
                              : fmt::format("alarm: the spool's disk fails: {}; what is captured waits in memory, up "
                                            "to {} MB",
                                            text_of(error), settings_.memory_bytes >> 20U));
  }
  if (const std::uint64_t dropped = store.dropped(); dropped != dropped_) {
    news.push_back(
        fmt::format("alarm: {} records were lost, as the spool's disk did not take them", grouped(dropped - dropped_)));
    const Time now = pipeline.now();
    pipeline.correlator().on_drop({std::max(looked_, now - journal::kUnderWay - delay_), now, dropped - dropped_});
    dropped_ = dropped;
  }
  looked_ = pipeline.now();
  std::string fault = output.fault();
  if (fault != audit_fault_ && !fault.empty()) news.push_back("alarm: the audit log waits: " + fault);
  audit_fault_ = std::move(fault);
}

std::string LiveWork::end() {
  pipeline.finish();
  writer.end();
  store.stop();
  output.write();
  if (std::string fault = output.fault(); !fault.empty()) return fault;
  return store.status() == 0 ? std::string() : text_of(store.status());
}

StorageStatus LiveWork::storage() const {
  StorageStatus status = read_finish_state(out);
  status.memory_bytes = store.waiting_bytes();
  status.state = word_of(store.room());
  if (const int error = store.status(); error != 0) status.state = "failing: " + text_of(error);
  status.counters = output.counters();
  for (const Counter& counter : writer.counters()) status.counters.push_back(counter);
  status.counters.push_back({"spool.queue_dropped", store.dropped()});
  return status;
}

}  // namespace tapestry::app
