#include "tests/calls/legs.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/calls/scene.h"
#include "tests/support/packet_builder.h"

namespace tapestry::testing {
namespace {

std::string uri(const Who& who) { return who.user.empty() ? "" : "sip:" + who.user + "@pbx.example.com"; }

calls::Standing standing_of(const Who& who) {
  calls::Standing standing;
  standing.party.role = who.role;
  standing.party.uri = uri(who);
  standing.party.type = who.role == calls::Role::Bot ? "bot" : "person";
  standing.internal = who.internal;
  return standing;
}

}  // namespace

std::size_t Legs::add(const LegPlan& plan) {
  calls::Call& call = calls_.emplace_back();
  call.serial = calls_.size();
  call.call_id = plan.id;
  call.focus = plan.focus;
  call.first_seen = scene_time(plan.begin);
  call.last_seen = scene_time(plan.end);
  call.invites = {
      {.source = endpoint(plan.caller.ip + ":5060").ip, .destination = endpoint(plan.callee.ip + ":5060").ip}};
  calls::Branch branch{.to_tag = "tag", .address = call.invites.front().destination};
  if (plan.answered > 0) {
    branch.answered = scene_time(plan.answered);
    branch.ended = scene_time(plan.end);
  }
  call.branches = {branch};
  calls::Leg leg;
  leg.call = &call;
  if (plan.answered > 0) leg.answer = calls::Answer{{*branch.answered, *branch.ended}, &call.branches.front()};
  leg.standing = {standing_of(plan.caller), standing_of(plan.callee)};
  legs_.push_back(leg);
  return legs_.size() - 1;
}

void Legs::media(std::size_t leg, calls::Side sender, double from, double to, const std::string& kind) {
  calls::Call& call = calls_.at(leg);
  const bool by_caller = sender == calls::Side::Caller;
  const auto port = static_cast<std::uint16_t>(20'000 + 10 * next_);
  const IpAddress source = by_caller ? call.invites.front().source : call.invites.front().destination;
  const IpAddress destination = by_caller ? call.invites.front().destination : call.invites.front().source;
  calls::OpenTrack open;
  open.track.id = next_;
  open.track.flow = {{source, port}, {destination, port}, static_cast<std::uint32_t>(next_)};
  open.track.sender = sender;
  open.track.media = kind;
  open.track.codecs = {kind == "audio" ? "PCMU" : "H264"};
  open.track.use = kind == "audio" ? calls::Use::OtherSource : calls::Use::NotAudio;
  open.track.stats.packets = static_cast<std::uint64_t>(std::lround((to - from) * 50));
  open.track.stats.first = scene_time(from);
  open.track.stats.last = scene_time(to) - std::chrono::milliseconds(20);
  open.source_matched = open.destination_matched = true;
  call.tracks.push_back(open);
  ++next_;
}

void Legs::hold(std::size_t leg, calls::Side holder, double from, double to) {
  calls_.at(leg).holds[calls::index_of(holder)].past.emplace_back(scene_time(from), scene_time(to));
}

void Legs::link(std::size_t one, std::size_t another, calls::LinkKind kind) {
  links_.push_back({.call_id = call(one).call_id,
                    .other_call_id = call(another).call_id,
                    .kind = kind,
                    .strength = 95,
                    .joined = true,
                    .time = call(another).first_seen,
                    .evidence = {}});
}

std::vector<calls::Track> Legs::tracks() {
  std::vector<calls::Track> all;
  for (calls::Leg& leg : legs_) {
    leg.first_track = all.size();
    for (const calls::OpenTrack& open : leg.call->tracks) all.push_back(open.track);
  }
  return all;
}

std::size_t party_of(const std::vector<calls::Party>& parties, const std::string& user) {
  for (std::size_t n = 0; n < parties.size(); ++n) {
    if (parties[n].uri == "sip:" + user + "@pbx.example.com") return n;
  }
  FAIL("no party " + user);
  return calls::kNoParty;
}

}  // namespace tapestry::testing
