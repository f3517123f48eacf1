#include "capture/interface_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "capture/fanout.h"
#include "capture/link_type.h"

namespace tapestry::capture {

InterfaceSource::InterfaceSource(InterfaceOptions options)
    : options_(std::move(options)),
      filter_(compile_filter(options_.filter, link::kEthernet, options_.snaplen)),
      lanes_(std::max<std::size_t>(1, options_.rings)) {
  options_.ring.bytes /= lanes_.size();
  const auto state = interface_state(name());
  if (state) open(state->index);
  last_state_ = state;
}

std::vector<LiveLane*> InterfaceSource::lanes() {
  std::vector<LiveLane*> all;
  for (Lane& lane : lanes_) all.push_back(&lane);
  return all;
}

std::vector<int> InterfaceSource::descriptors() const {
  std::vector<int> all;
  for (const Lane& lane : lanes_) {
    if (lane.ring) all.push_back(lane.ring->descriptor());
  }
  return all;
}

void InterfaceSource::open(int index) {
  std::uint16_t group = 0;
  try {
    const BpfProgram division = fanout_program();
    for (Lane& lane : lanes_) {
      lane.ring = std::make_unique<PacketRing>(options_.ring);
      if (lanes_.size() > 1) group = lane.ring->join_fanout(group, division);
    }
    for (Lane& lane : lanes_) lane.ring->start(filter_);
  } catch (const std::runtime_error&) {
    close();
    throw;
  }
  index_ = index;
}

void InterfaceSource::close() {
  for (Lane& lane : lanes_) {
    if (lane.ring) hardware_stamped_ += lane.ring->hardware_stamped();
    lane.ring.reset();
  }
  index_ = 0;
}

void InterfaceSource::look(Time now, std::vector<Drops>& drops, std::vector<std::string>& news) {
  const auto state = interface_state(name());
  std::uint64_t lost = count_drops();
  if (state) lost += count_missed(*state);
  if (lost > 0) drops.push_back({looked_.value_or(now), now, lost});
  looked_ = now;
  follow(state, news);
  last_state_ = state;
}

void InterfaceSource::follow(const std::optional<InterfaceState>& state, std::vector<std::string>& news) {
  const bool in_use = std::ranges::any_of(lanes_, [](const Lane& lane) { return lane.out; });
  if (index_ != 0 && (!state || state->index != index_) && !in_use) close();
  if (state && index_ == 0) {
    try {
      open(state->index);
      last_fault_.clear();
    } catch (const std::runtime_error& error) {
      denied_ = dynamic_cast<const NotPermitted*>(&error) != nullptr;
      if (last_fault_ != error.what()) news.emplace_back(error.what());
      last_fault_ = error.what();
    }
  }
  const Link link = !state ? Link::Missing : state->up && index_ != 0 ? Link::Up : Link::Down;
  if (link == link_) return;
  went_down_ += link_ == Link::Up ? 1U : 0U;
  link_ = link;
  constexpr std::array kWords = {"", "is up", "is down; waiting for it", "is not there; waiting for it"};
  news.push_back(fmt::format("{} {}", name(), kWords.at(static_cast<std::size_t>(link))));
}

std::uint64_t InterfaceSource::count_drops() {
  std::uint64_t lost = 0;
  for (Lane& lane : lanes_) {
    if (!lane.ring) continue;
    const RingTally tally = lane.ring->take_tally();
    tally_.packets += tally.packets;
    tally_.drops += tally.drops;
    tally_.freezes += tally.freezes;
    lost += tally.drops;
  }
  return lost;
}

std::uint64_t InterfaceSource::count_missed(const InterfaceState& state) {
  if (!last_state_ || last_state_->index != state.index) return 0;
  const std::uint32_t missed = state.missed - last_state_->missed;
  nic_missed_ += missed;
  nic_dropped_ += state.dropped - last_state_->dropped;
  return missed;
}

Counters InterfaceSource::counters() const {
  std::uint64_t frames = 0;
  std::uint64_t stamped = hardware_stamped_;
  for (const Lane& lane : lanes_) {
    frames += lane.frames;
    if (lane.ring) stamped += lane.ring->hardware_stamped();
  }
  return {{"live.frames", frames},
          {"live.kernel_packets", tally_.packets},
          {"live.ring_drops", tally_.drops},
          {"live.ring_freezes", tally_.freezes},
          {"live.nic_missed", nic_missed_},
          {"live.nic_dropped", nic_dropped_},
          {"live.hardware_stamped", stamped},
          {"live.interface_down", went_down_}};
}

}  // namespace tapestry::capture
