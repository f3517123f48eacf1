#include "app/finish_work.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace tapestry::app {

FinishWork::FinishWork(const Config& config, const std::filesystem::path& out, unsigned finishers, Recorder::Tell tell,
                       std::ostream& err)
    : folder(spool_folder(config.spool, out)),
      lock(folder, "finish.lock", "finisher"),
      disk(folder),
      keys(disk, open_master_key(config.spool, out), spool::KeyTable::Role::Destroys),
      signer(open_signer(config, out, err)),
      catalog(out / "catalog.sqlite"),
      audit(out / "audit"),
      media(disk, keys),
      context{.out = out,
              .recording = config.recording,
              .vcon = config.vcon,
              .signer = signer,
              .media = media,
              .cut = config.cut_pauses,
              .quarantine = config.quarantine,
              .keep_failed = true},
      pool({finishers, FinisherPool::kLiveQueue, true}, context),
      recorder(media, catalog, pool, audit, std::move(tell),
               {.host = config.vcon.host,
                .out = out,
                .per_agent = config.vcon_per_agent,
                .keep_streams = false,
                .commit_at_once = false,
                .committed = [this](std::uint64_t number) { committed(number); }}),
      correlator(config.rules, recorder),
      follower(disk, keys, correlator) {
  media.follow(follower.place());
}

void FinishWork::committed(std::uint64_t number) {
  ++finished_;
  follower.committed(number);
}

bool FinishWork::follow() {
  if (recorder.backlog().conversations >= kMostWaiting) return false;
  if (follower.follow(kRecords)) return true;
  if (follower.error() != 0) return false;  // what it could not read may be of any key
  if (!followed_all_) follower.destroy_unused();
  followed_all_ = true;
  return false;
}

std::string FinishWork::settle() {
  recorder.settle();
  if (follower.error() != 0) {
    return "the spool cannot be read: " + std::generic_category().message(follower.error());
  }
  if (!recorder.catalog_fault().empty()) return recorder.catalog_fault();
  if (const auto synced = keys.sync(); !synced) {
    return fmt::format("the spool's keys cannot be destroyed: {}", std::generic_category().message(synced.error()));
  }
  return {};
}

FinishState FinishWork::state() {
  return {.following = follower.played(),
          .waiting = recorder.backlog(),
          .finished = finished_,
          .failed = recorder.failed_tries(),
          .log = spool::usage_of(disk)};
}

}  // namespace tapestry::app
