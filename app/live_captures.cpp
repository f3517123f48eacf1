#include "app/live_captures.h"

#include <poll.h>

#include <algorithm>

#include "capture/folder_source.h"
#include "capture/hep_socket.h"
#include "capture/interface_source.h"

namespace tapestry::app {
namespace {

/// After the time for which a block may be filled: until it is here.
constexpr Duration kSlack = std::chrono::milliseconds(20);
/// While frames wait for those of other lanes.
constexpr std::chrono::milliseconds kHoldingWait{5};

Time wall_clock() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace

LiveCaptures::LiveCaptures(const CaptureSettings& settings, const std::filesystem::path& out,
                           service::DescriptorStore* store)
    : store_(store != nullptr && store->is_there() ? store : nullptr) {
  open_interfaces(settings);
  for (const capture::HepOptions& options : settings.hep) {
    sources_.push_back(std::make_unique<capture::HepSocket>(options));
  }
  for (const capture::FolderOptions& options : settings.folders) {
    sources_.push_back(std::make_unique<capture::FolderSource>(options, out / "captures-read"));
    patience_ = kFolderPatience;
  }
  hold_ += kSlack;
  std::vector<capture::LiveLane*> lanes;
  for (const auto& source : sources_) {
    for (capture::LiveLane* lane : source->lanes()) lanes.push_back(lane);
  }
  merge_.emplace(lanes, hold_);
  begin_turn();
  last_ = now_;
  last_seen_ = turn_;
}

void LiveCaptures::open_interfaces(const CaptureSettings& settings) {
  std::vector<NamedDescriptor> stored;
  if (store_ != nullptr) stored = store_->take();
  for (capture::InterfaceOptions options : settings.interfaces) {
    hold_ = std::max<Duration>(hold_, options.ring.block_time);
    options.ring.keep = store_ != nullptr;
    sources_.push_back(std::make_unique<capture::InterfaceSource>(std::move(options), &stored));
  }
  for (const NamedDescriptor& nobodys : stored) store_->remove(nobodys.name);
  update_store();
}

void LiveCaptures::update_store() {
  std::vector<capture::DescriptorToStore> changes;
  for (const auto& source : sources_) source->take_descriptors_to_store(changes);
  if (store_ == nullptr) return;
  for (const capture::DescriptorToStore& one : changes) {
    if (one.descriptor < 0) {
      store_->remove(one.name);
    } else {
      store_->put(one.name, one.descriptor);
    }
  }
}

void LiveCaptures::release(Time safe) {
  for (const auto& source : sources_) source->release(safe);
}

void LiveCaptures::begin_turn() {
  now_ = wall_clock();
  turn_ = std::chrono::steady_clock::now();
}

bool LiveCaptures::next(capture::Frame& frame) {
  if (!merge_->next(frame, now_)) return false;
  last_ = frame.time;
  last_seen_ = turn_;
  return true;
}

Time LiveCaptures::quiet_time() const {
  return last_ + std::max(Duration{}, Duration(turn_ - last_seen_) - hold_ - patience_);
}

void LiveCaptures::wait(std::chrono::milliseconds at_most, const std::vector<int>& others) {
  std::vector<pollfd> watched;
  for (const int descriptor : others) watched.push_back({descriptor, POLLIN, 0});
  if (merge_->holding()) {
    at_most = std::min(at_most, kHoldingWait);
  } else {
    for (const auto& source : sources_) {
      const short events = source->is_always_readable() ? short{0} : short{POLLIN};
      for (const int descriptor : source->descriptors()) watched.push_back({descriptor, events, 0});
    }
  }
  (void)::poll(watched.data(), watched.size(), static_cast<int>(at_most.count()));
  // An interface went down, or away: its socket says so until somebody looks.
  if (std::ranges::any_of(watched, [](const pollfd& one) { return (one.revents & POLLERR) != 0; })) looked_ = {};
}

void LiveCaptures::look(std::vector<capture::Drops>& drops, std::vector<std::string>& news, bool at_once) {
  if (!at_once && turn_ - looked_ < kLook) return;
  looked_ = turn_;
  for (const auto& source : sources_) source->look(now_, drops, news);
  update_store();
}

bool LiveCaptures::go_on() const {
  return std::ranges::all_of(sources_, [](const auto& source) { return source->goes_on(); });
}

bool LiveCaptures::need_privileges() const {
  return std::ranges::any_of(sources_, [](const auto& source) { return source->needs_privileges(); });
}

bool LiveCaptures::are_denied() const {
  return std::ranges::any_of(sources_, [](const auto& source) { return source->is_denied(); });
}

std::vector<LiveCaptures::SourceCounters> LiveCaptures::by_source() const {
  std::vector<SourceCounters> all;
  for (const auto& source : sources_) all.push_back({source->name(), source->counters()});
  return all;
}

Counters LiveCaptures::counters() const {
  Counters all{{"live.late", merge_->late()}};
  for (const auto& source : sources_) {
    for (const Counter& one : source->counters()) {
      const auto same = std::ranges::find(all, one.name, &Counter::name);
      if (same == all.end()) {
        all.push_back(one);
      } else {
        same->value += one.value;
      }
    }
  }
  return all;
}

}  // namespace tapestry::app
