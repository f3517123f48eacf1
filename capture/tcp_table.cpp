#include "capture/tcp_table.h"

#include <algorithm>

#include "core/hash.h"
#include "tls/record.h"

namespace tapestry::capture {

std::size_t TcpTable::KeyHash::operator()(const Key& key) const noexcept {
  const AddressHash hash;
  return hash_mix(hash(key.low), hash(key.high));
}

FrameEnd TcpTable::add(Time now, const TcpSegment& segment) {
  const auto connection = find_or_begin(now, segment);
  if (connection == list(Kind::Sip).end()) return FrameEnd::TcpOther;
  const std::size_t side = segment.source == connection->key.low ? 0 : 1;
  Direction& direction = connection->directions.at(side);
  if (direction.stream && direction.stream->is_foreign(segment)) {
    if (segment.syn && !segment.ack) forget(now, connection->directions.at(1 - side));
    forget(now, direction);
  }
  if (!direction.stream) {
    if (segment.rst) reset(now, *connection);
    if (segment.rst || (segment.payload.empty() && segment.cut == 0 && !segment.syn)) return FrameEnd::Tcp;
    const bool text = connection->kind == Kind::Text || connection->kind == Kind::Http;
    direction.stream.emplace(next_id_++, segment, text);
    ++tally_.streams;
  }
  const bool news = direction.stream->add(now, segment, receiver_, tally_);
  keep_bound(now, direction);
  set_timer(direction);
  if (segment.rst) reset(now, *connection);
  settle(now, connection);
  return news ? FrameEnd::Tcp : FrameEnd::TcpCopy;
}

/// Puts a connection that was just used to its place.
void TcpTable::settle(Time now, Connections::iterator connection) {
  if (connection->kind == Kind::Guess && is_opened(*connection)) return confirm(now, connection);
  Connections& connections = list(connection->kind);
  // What is over stays for a while, so that late repetitions do not begin it anew, but goes first.
  connections.splice(is_done(*connection) ? connections.begin() : connections.end(), connections, connection);
}

void TcpTable::confirm(Time now, Connections::iterator guess) {
  Connections& connections = list(Kind::Sip);
  make_room(now, connections);
  guess->kind = Kind::Sip;
  connections.splice(connections.end(), list(Kind::Guess), guess);
}

/// Over, or TLS that will never be opened.
bool TcpTable::is_done(const Connection& connection) const {
  const auto& directions = connection.directions;
  const auto useless = [this](const Direction& each) {
    return each.stream && tls_ != nullptr && tls_->is_useless(each.stream->id());
  };
  return std::ranges::all_of(directions, [](const Direction& each) { return each.stream && each.stream->closed(); }) ||
         std::ranges::any_of(directions, useless);
}

bool TcpTable::is_opened(const Connection& connection) const {
  return tls_ != nullptr && std::ranges::any_of(connection.directions, [this](const Direction& each) {
           return each.stream && tls_->is_opened(each.stream->id());
         });
}

void TcpTable::expire(Time now) {
  while (!timers_.empty() && now - timers_.begin()->first.first > kHoleAge) {
    Direction& direction = *timers_.begin()->second;
    ++tally_.holes_aged;
    direction.stream->skip_hole(now, receiver_, tally_);
    set_timer(direction);
  }
}

void TcpTable::finish(Time now) {
  for (Connections& connections : lists_) {
    for (Connection& connection : connections) reset(now, connection);
  }
  by_key_.clear();
  for (Connections& connections : lists_) connections.clear();
}

TcpTable::Connections::iterator TcpTable::find_or_begin(Time now, const TcpSegment& segment) {
  const auto [low, high] = std::minmax(segment.source, segment.destination);
  const Key key{low, high};
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    const Kind kind = found->second->kind;
    const bool mistaken = (kind == Kind::Text || kind == Kind::Http) && begins_sip(segment);
    if (!mistaken) return found->second;
    evict(now, found->second);
  }
  const bool begins = !segment.rst && (segment.syn || !segment.payload.empty());
  const auto kind = begins ? kind_of(segment) : std::nullopt;
  return kind ? begin(now, key, *kind) : list(Kind::Sip).end();
}

/// Nothing: not followed.
std::optional<TcpTable::Kind> TcpTable::kind_of(const TcpSegment& segment) const {
  if (carries_sip(segment)) return Kind::Sip;
  if (is_text_port(segment.source.port) || is_text_port(segment.destination.port)) return Kind::Text;
  if (tls_ != nullptr && tls::begins_like_tls(segment.payload)) return Kind::Guess;
  if (limits_.http && begins_http(segment)) return Kind::Http;
  return std::nullopt;
}

bool TcpTable::is_text_port(std::uint16_t port) const noexcept {
  return std::ranges::find(limits_.text_ports, port) != limits_.text_ports.end();
}

TcpTable::Connections::iterator TcpTable::begin(Time now, const Key& key, Kind kind) {
  Connections& connections = list(kind);
  make_room(now, connections);
  const auto connection = connections.insert(connections.end(), Connection{});
  connection->key = key;
  connection->kind = kind;
  by_key_.emplace(key, connection);
  return connection;
}

/// For one more.
void TcpTable::make_room(Time now, Connections& connections) {
  const std::size_t most = std::max<std::size_t>(1, limits_.streams / 2);
  while (connections.size() >= most) {
    const auto oldest = connections.begin();
    // Its keys came after its last segment.
    oldest->kind == Kind::Guess&& is_opened(*oldest) ? confirm(now, oldest) : evict(now, oldest);
  }
}

void TcpTable::reset(Time now, Connection& connection) {
  for (Direction& direction : connection.directions) close(now, direction);
}

void TcpTable::close(Time now, Direction& direction) {
  if (!direction.stream) return;
  direction.stream->close(now, receiver_, tally_);
  set_timer(direction);
}

void TcpTable::forget(Time now, Direction& direction) {
  close(now, direction);
  direction.stream.reset();
}

void TcpTable::evict(Time now, Connections::iterator connection) {
  for (const Direction& direction : connection->directions) {
    if (direction.stream && !direction.stream->closed()) ++tally_.streams_evicted;
  }
  reset(now, *connection);
  by_key_.erase(connection->key);
  list(connection->kind).erase(connection);
}

void TcpTable::keep_bound(Time now, Direction& direction) {
  while (direction.stream->waiting_cost() > limits_.stream_bytes) {
    ++tally_.holes_bound;
    direction.stream->skip_hole(now, receiver_, tally_);
  }
}

void TcpTable::set_timer(Direction& direction) {
  std::optional<std::pair<Time, std::uint64_t>> timer;
  if (direction.stream->waiting()) timer.emplace(direction.stream->waiting_since(), direction.stream->id());
  if (timer == direction.timer) return;
  if (direction.timer) timers_.erase(*direction.timer);
  if (timer) timers_.emplace(*timer, &direction);
  direction.timer = timer;
  deadline_ = timers_.empty() ? Time::max() : timers_.begin()->first.first + kHoleAge;
}

}  // namespace tapestry::capture
