#include "capture/tls_table.h"

#include <algorithm>

#include "tls/record.h"

namespace tapestry::capture {
namespace {

/// SIP, HTTP and WebSocket frames that carry SIP begin with other octets.
bool begins_record(Bytes bytes) noexcept {
  return !bytes.empty() && bytes.front() >= tls::kChangeCipherSpec && bytes.front() <= tls::kApplicationData;
}

}  // namespace

void TlsTable::on_stream(const StreamBytes& bytes) {
  auto found = places_.find(bytes.stream);
  if (found == places_.end()) found = places_.emplace(bytes.stream, begin(bytes)).first;
  const Place place = found->second;
  if (bytes.closed) places_.erase(found);
  place.entry == 0 ? receiver_.on_stream(bytes) : feed(bytes, place);
}

TlsTable::Place TlsTable::begin(const StreamBytes& bytes) {
  if (!begins_record(bytes.bytes)) return {};
  const auto half = half_.find({bytes.source, bytes.destination});
  Place place{bytes.stream, 0};
  if (half != half_.end()) {
    place = {half->second, 1};
    half_.erase(half);
  } else {
    entries_.try_emplace(bytes.stream);
    ++waiting_;
    half_.insert_or_assign({bytes.destination, bytes.source}, bytes.stream);
  }
  entries_.at(place.entry).sides.at(place.side) = {bytes.stream, bytes.source, bytes.destination, bytes.text};
  return place;
}

/// Does something that may let the connection wait, or wait no more.
template <class Do>
void TlsTable::change(Entry& entry, const Do& work) {
  const std::size_t before = entry.connection.held_bytes();
  waiting_ -= entry.connection.waiting() ? 1U : 0U;
  work(entry.connection);
  waiting_ += entry.connection.waiting() ? 1U : 0U;
  const std::size_t after = entry.connection.held_bytes();
  const std::uint64_t id = entry.sides.front().stream;
  if (before != 0) holders_.erase({before, id});
  if (after != 0) holders_.emplace(after, id);
  held_ += after - before;
}

void TlsTable::feed(const StreamBytes& bytes, const Place& place) {
  const auto at = entries_.find(place.entry);
  Entry& entry = at->second;
  change(entry, [&](tls::Connection& connection) {
    connection.add(place.side, bytes.time, bytes.bytes, bytes.lost_before, keys_, tally_,
                   [&](const tls::Connection::Data& data) { pass(entry, data); });
  });
  while (held_ > max_held_) give_up_largest();
  entry.sides.at(place.side).closed = bytes.closed;
  const bool over = std::ranges::all_of(entry.sides, [](const Side& side) { return side.stream == 0 || side.closed; });
  if (over) end(at, bytes.time);
  set_deadline(bytes.time);
}

/// The most is held of what is least like SIP.
void TlsTable::give_up_largest() {
  change(entries_.at(holders_.rbegin()->second), [&](tls::Connection& connection) { connection.give_up(tally_); });
}

void TlsTable::retry(Entry& entry, Time now) {
  change(entry, [&](tls::Connection& connection) {
    connection.retry(now, keys_, tally_, [&](const tls::Connection::Data& data) { pass(entry, data); });
  });
}

void TlsTable::retry(Time now) {
  for (auto& [stream, entry] : entries_) retry(entry, now);
  set_deadline(now);
}

void TlsTable::finish() {
  if (keys_ != nullptr) keys_->refresh();
}

void TlsTable::end(Entries::iterator at, Time now) {
  Entry& entry = at->second;
  retry(entry, now);
  change(entry, [&](tls::Connection& connection) { connection.give_up(tally_); });
  for (const Side& side : entry.sides) {
    if (side.stream == 0) continue;
    const auto half = half_.find({side.destination, side.source});
    if (half != half_.end() && half->second == at->first) half_.erase(half);
    receiver_.on_stream({.time = now,
                         .source = side.source,
                         .destination = side.destination,
                         .stream = side.stream,
                         .bytes = {},
                         .closed = true,
                         .tls = true,
                         .text = side.text});
  }
  entries_.erase(at);
}

void TlsTable::pass(const Entry& entry, const tls::Connection::Data& data) {
  const Side& side = entry.sides.at(data.side);
  receiver_.on_stream({.time = data.time,
                       .source = side.source,
                       .destination = side.destination,
                       .stream = side.stream,
                       .bytes = data.bytes,
                       .lost_before = data.lost_before,
                       .tls = true,
                       .text = side.text});
}

void TlsTable::set_deadline(Time now) {
  deadline_ = waiting_ == 0 || keys_ == nullptr ? Time::max() : now + tls::KeyLog::kPollInterval;
}

/// nullptr: no TLS, or over.
const tls::Connection* TlsTable::connection_of(std::uint64_t stream) const {
  const auto place = places_.find(stream);
  return place == places_.end() || place->second.entry == 0 ? nullptr : &entries_.at(place->second.entry).connection;
}

bool TlsTable::is_useless(std::uint64_t stream) const {
  const tls::Connection* connection = connection_of(stream);
  return connection != nullptr && connection->useless();
}

bool TlsTable::is_opened(std::uint64_t stream) const {
  const tls::Connection* connection = connection_of(stream);
  return connection != nullptr && !connection->waiting() && !connection->useless();
}

Counters TlsTable::counters() const {
  Counters all;
  append(all, tally_);
  if (keys_ != nullptr) {
    const Counters log = keys_->counters();
    all.insert(all.end(), log.begin(), log.end());
  }
  return all;
}

}  // namespace tapestry::capture
