#include "calls/socket_listener.h"

#include <algorithm>

#include "core/card_numbers.h"

namespace tapestry::calls {

using pause::Action;
using pause::Dialect;

SocketListener::SocketListener(const Rules& rules, CallTable& calls, ConversationTable& conversations, PauseDesk& desk,
                               const PauseOrigin& origin)
    : rules_(rules), desk_(desk), origin_(origin), targets_(calls, conversations, origin) {}

bool SocketListener::is_text_port(std::uint16_t port) const noexcept {
  const auto& ports = rules_.pauses.text_ports;
  return std::ranges::find(ports, port) != ports.end();
}

std::array<bool, 2> SocketListener::servers_of(const Key& key) const noexcept {
  return {is_text_port(key.first.port), is_text_port(key.second.port)};
}

SocketListener::Connection& SocketListener::connection_of(const TextBytes& bytes) {
  const Key key = std::minmax(bytes.source, bytes.destination);
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    connections_.splice(connections_.end(), connections_, found->second);
    return *found->second;
  }
  if (connections_.size() == kMaxConnections) {
    ++forgotten_connections_;
    forget(connections_.begin());
  }
  connections_.push_back({.key = key, .servers = servers_of(key)});
  by_key_.emplace(key, std::prev(connections_.end()));
  return connections_.back();
}

/// A direction that is about to be forgotten.
void SocketListener::count(const Direction& direction) noexcept {
  dropped_blocks_ += direction.blocks.dropped();
  cut_blocks_ += direction.blocks.cut();
  forgotten_requests_ += direction.requests.forgotten();
}

void SocketListener::forget(Connections::iterator connection) {
  for (const Direction& direction : connection->directions) count(direction);
  by_key_.erase(connection->key);
  connections_.erase(connection);
}

void SocketListener::on_text(const TextBytes& bytes) {
  Connection& connection = connection_of(bytes);
  const std::size_t side = bytes.source == connection.key.first ? 0 : 1;
  Direction& direction = connection.directions.at(side);
  const bool first = direction.stream != bytes.stream;
  if (first) {
    // Another connection of the same ports.
    if (direction.stream != 0) connection.servers = servers_of(connection.key);
    count(direction);
    direction = {};
  }
  direction.stream = bytes.stream;
  // HTTP is known by a request that it begins with: what came before asked for nothing.
  const bool http = !connection.servers[0] && !connection.servers[1];
  if (bytes.lost_before && !(first && http)) {
    ++lost_;
    for (Direction& each : connection.directions) each.requests.lose(bytes.time);
  }
  direction.blocks.push(bytes.bytes, bytes.lost_before,
                        [&](const pause::TextBlock& block) { take(block, connection, side, bytes); });
  if (!bytes.closed) return;
  direction.closed = true;
  const bool over = std::ranges::all_of(connection.directions, [](const Direction& each) { return each.closed; });
  if (over) forget(by_key_.at(connection.key));
}

void SocketListener::take(const pause::TextBlock& block, Connection& connection, std::size_t side,
                          const TextBytes& bytes) {
  const bool by_server = connection.servers.at(side);
  const bool to_server = connection.servers.at(1 - side);
  if (to_server || !by_server) {
    auto request = pause::parse_control_request(block, desk_.markers());
    const bool counts = request && (to_server || request->dialect == Dialect::Http);
    if (counts) on_request(std::move(*request), connection.directions.at(side), bytes);
  }
  if (to_server && !by_server) return;
  if (by_server) {
    if (const auto told = pause::parse_control_target(block)) targets_.learn(*told);
  }
  const auto reply = pause::parse_control_reply(block);
  if (!reply || !(by_server || reply->dialect == Dialect::Http)) return;
  const auto request = connection.directions.at(1 - side).requests.answered(*reply, bytes.time);
  if (request) on_reply(*request, reply->accepted, bytes);
}

std::vector<Asked> SocketListener::asked_of(const pause::ControlRequest& request, const TextBytes& bytes) const {
  std::vector<Asked> all;
  const auto add = [&](const pause::RuleName& rule, Action action) {
    all.push_back({.rule = rule,
                   .action = action,
                   .mark = {.rule = rule.name, .message = request.label, .at = bytes.time},
                   .requested = bytes.time,
                   .source = bytes.source,
                   .destination = bytes.destination});
  };
  const pause::MarkerRule* const rule = desk_.markers().find(pause::Kind::ControlChannel);
  if (request.action && rule != nullptr) {
    add(name_of(*rule), *request.action);
    all.back().channel = request.target + (request.direction.empty() ? "" : " ") + request.direction;
    // What unmutes both ways ends what muted one.
    for (const char* direction : {" read", " write"}) {
      if (*request.action != Action::Resume || !request.direction.empty()) break;
      all.push_back(all.front());
      all.back().channel += direction;
    }
  }
  for (const pause::Sighting& sighting : request.http) add(sighting.rule, sighting.action);
  return all;
}

std::vector<const Call*> SocketListener::targets_of(const pause::ControlRequest& request, const Asked& asked,
                                                    const IpAddress& client) {
  if (request.dialect != Dialect::Http) return targets_.of_channel(request.target);
  return targets_.of_host(client, asked.rule.side);
}

bool SocketListener::is_outside(const pause::ControlRequest& request, const TextBytes& bytes) const {
  if (request.dialect == Dialect::Http) return false;
  return origin_.is_outside(bytes.source.ip) || origin_.is_outside(bytes.destination.ip);
}

void SocketListener::pause(const std::vector<const Call*>& targets, Asked asked) {
  for (const Call* call : targets) {
    asked.mark.call_id = mask_card_numbers(call->call_id);
    desk_.pause(*call, asked);
  }
}

void SocketListener::on_request(pause::ControlRequest request, Direction& direction, const TextBytes& bytes) {
  const std::vector<Asked> all = asked_of(request, bytes);
  commands_ += all.size();
  const bool outside = is_outside(request, bytes);
  if (outside) request.action.reset();
  pause::ControlRequest waiting = request;
  std::erase_if(waiting.http, [](const pause::Sighting& one) { return one.action == Action::Pause; });
  const bool waits = direction.requests.sent(std::move(waiting), bytes.time);
  for (const Asked& asked : all) {
    if (outside) {
      desk_.refuse(asked, "from the customer's side");
      continue;
    }
    const std::vector<const Call*> targets = targets_of(request, asked, bytes.source.ip);
    const auto held = [&](const Call* call) { return desk_.may_resume(*call, asked); };
    if (&asked != &all.front() && request.action && std::ranges::none_of(targets, held)) continue;
    if (targets.empty()) {
      desk_.refuse(asked, "no such call");
    } else if (asked.action == Action::Pause) {
      pause(targets, asked);
    } else if (std::ranges::none_of(targets, held)) {
      desk_.refuse(asked, "not paused by this rule");
    } else if (waits) {
      desk_.note(asked, false, "waits for its reply");
    } else {
      desk_.refuse(asked, "its reply would not be known");
    }
  }
}

void SocketListener::on_reply(const pause::ControlRequest& request, bool accepted, const TextBytes& bytes) {
  std::vector<Asked> all = asked_of(request, bytes);
  for (Asked& asked : all) {
    if (asked.action == Action::Pause || (&asked != &all.front() && request.action && !accepted)) continue;
    asked.requested = request.sent;
    if (!accepted) {
      desk_.refuse(asked, "not accepted");
      continue;
    }
    for (const Call* call : targets_of(request, asked, bytes.destination.ip)) {
      if (!desk_.may_resume(*call, asked)) continue;
      asked.mark.call_id = mask_card_numbers(call->call_id);
      desk_.resume(*call, asked, bytes.time);
    }
  }
}

Counters SocketListener::counters() const {
  std::uint64_t dropped = dropped_blocks_;
  std::uint64_t cut = cut_blocks_;
  std::uint64_t requests = forgotten_requests_;
  for (const Connection& connection : connections_) {
    for (const Direction& direction : connection.directions) {
      dropped += direction.blocks.dropped();
      cut += direction.blocks.cut();
      requests += direction.requests.forgotten();
    }
  }
  return {{"pause.socket_commands", commands_},
          {"pause.socket_losses", lost_},
          {"pause.socket_blocks_dropped", dropped},
          {"pause.socket_blocks_cut", cut},
          {"pause.socket_requests_forgotten", requests},
          {"pause.socket_connections_forgotten", forgotten_connections_},
          {"pause.socket_channels_forgotten", targets_.forgotten()}};
}

}  // namespace tapestry::calls
