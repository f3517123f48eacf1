#include "capture/interface_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <system_error>

#include "capture/fanout.h"
#include "capture/link_type.h"
#include "capture/ring_name.h"

namespace tapestry::capture {

InterfaceSource::InterfaceSource(InterfaceOptions options, std::vector<NamedDescriptor>* stored)
    : options_(std::move(options)),
      filter_(compile_filter(options_.filter, link::kEthernet, options_.snaplen)),
      lanes_(std::max<std::size_t>(1, options_.rings)) {
  options_.ring.bytes /= lanes_.size();
  for (std::size_t n = 0; n < lanes_.size(); ++n) names_.push_back(ring_name(options_, filter_, n));
  const auto found = interface_state(name());
  if (!found)
    throw std::runtime_error(
        fmt::format("cannot look at {}: {}", name(), std::generic_category().message(found.error())));
  const auto& state = *found;
  if (state && !(stored != nullptr && take_over(*stored))) open_first(*state);
  last_state_ = state;
}

/// What a port that is down refuses it may take when it is up: older kernels divide packets on running ones only.
void InterfaceSource::open_first(const InterfaceState& state) {
  try {
    open(state.index);
  } catch (const NotPermitted&) {
    throw;
  } catch (const std::runtime_error& error) {
    if (state.up) throw;
    last_fault_ = error.what();
  }
}

std::vector<LiveLane*> InterfaceSource::lanes() {
  std::vector<LiveLane*> all;
  for (Lane& lane : lanes_) all.push_back(&lane);
  return all;
}

std::vector<int> InterfaceSource::descriptors() const {
  std::vector<int> all;
  for (const Lane& lane : lanes_) {
    if (lane.ring) all.push_back(lane.ring->socket().descriptor());
  }
  return all;
}

void InterfaceSource::open(int index) {
  std::optional<std::uint16_t> group;  // the kernel gives a number, which may be 0
  try {
    const BpfProgram division = fanout_program();
    for (Lane& lane : lanes_) {
      lane.ring = std::make_unique<PacketRing>(options_.ring);
      if (lanes_.size() > 1) group = lane.ring->socket().join_fanout(group, division);
    }
    const std::uint32_t link = lanes_.front().ring->socket().link_type();
    const BpfProgram other =
        link == link::kEthernet ? BpfProgram() : compile_filter(options_.filter, link, options_.snaplen);
    for (Lane& lane : lanes_) lane.ring->socket().start(link == link::kEthernet ? filter_ : other);
  } catch (const std::runtime_error&) {
    close();
    throw;
  }
  index_ = index;
  for (std::size_t n = 0; n < lanes_.size(); ++n) {
    to_store_.push_back({names_[n], lanes_[n].ring->socket().descriptor()});
  }
}

bool InterfaceSource::take_over(std::vector<NamedDescriptor>& stored) {
  const auto is_stored = [&](const std::string& name) {
    return std::ranges::count(stored, name, &NamedDescriptor::name) == 1;
  };
  if (!std::ranges::all_of(names_, is_stored)) return false;
  try {
    for (std::size_t n = 0; n < lanes_.size(); ++n) {
      const auto found = std::ranges::find(stored, names_[n], &NamedDescriptor::name);
      lanes_[n].ring = std::make_unique<PacketRing>(options_.ring, std::move(found->descriptor));
    }
  } catch (const std::runtime_error& error) {
    news_.emplace_back(error.what());
    for (Lane& lane : lanes_) lane.ring.reset();
    return false;
  }
  std::erase_if(stored, [&](const auto& one) { return std::ranges::find(names_, one.name) != names_.end(); });
  goes_on_ = true;
  index_ = lanes_.front().ring->socket().interface_index();
  for (const Lane& lane : lanes_) {
    const auto waiting = lane.ring->taken_over();
    if (!waiting) continue;
    taken_over_ += waiting->frames;
    looked_ = std::min(looked_.value_or(waiting->since), waiting->since);
  }
  news_.push_back(
      fmt::format("{} goes on with the ring that a process before left, with {} packets", name(), taken_over_));
  return true;
}

void InterfaceSource::close() {
  to_store_.clear();
  for (std::size_t n = 0; n < lanes_.size(); ++n) {
    Lane& lane = lanes_[n];
    if (lane.ring) add_up(*lane.ring);
    lane.ring.reset();
    if (index_ != 0) to_store_.push_back({names_[n], -1});
  }
  index_ = 0;
}

void InterfaceSource::add_up(const PacketRing& ring) {
  hardware_stamped_ += ring.hardware_stamped();
  released_early_ += ring.released_early();
}

void InterfaceSource::release(Time safe) {
  for (Lane& lane : lanes_) {
    if (lane.ring) lane.ring->release(safe);
  }
}

void InterfaceSource::take_descriptors_to_store(std::vector<DescriptorToStore>& all) {
  std::ranges::move(to_store_, std::back_inserter(all));
  to_store_.clear();
}

void InterfaceSource::look(Time now, std::vector<Drops>& drops, std::vector<std::string>& news) {
  std::ranges::move(news_, std::back_inserter(news));
  news_.clear();
  const auto found = interface_state(name());
  const auto state = found.value_or(last_state_);
  if (!found && state_error_ != found.error()) {
    news.push_back(fmt::format("cannot look at {}: {}", name(), std::generic_category().message(found.error())));
  }
  state_error_ = found ? 0 : found.error();
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
    const RingTally tally = lane.ring->socket().take_tally();
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
  std::uint64_t early = released_early_;
  for (const Lane& lane : lanes_) {
    frames += lane.frames;
    if (!lane.ring) continue;
    stamped += lane.ring->hardware_stamped();
    early += lane.ring->released_early();
  }
  return {{"live.frames", frames},
          {"live.kernel_packets", tally_.packets},
          {"live.ring_drops", tally_.drops},
          {"live.ring_freezes", tally_.freezes},
          {"live.released_early", early},
          {"live.taken_over", taken_over_},
          {"live.nic_missed", nic_missed_},
          {"live.nic_dropped", nic_dropped_},
          {"live.hardware_stamped", stamped},
          {"live.interface_down", went_down_}};
}

}  // namespace tapestry::capture
