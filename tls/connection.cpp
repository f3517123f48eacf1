#include "tls/connection.h"

#include <cassert>
#include <utility>

namespace tapestry::tls {
namespace {

/// What holding a piece costs beside its bytes, so that tiny segments cannot fill the memory either.
constexpr std::size_t kPieceOverhead = 64;

}  // namespace

void append(Counters& out, const Tally& tally) {
  out.insert(out.end(), {{"tls.connections", tally.connections},
                         {"tls.opened", tally.opened},
                         {"tls.no_hello", tally.no_hello},
                         {"tls.no_key", tally.no_key},
                         {"tls.suite_cbc", tally.suite_cbc},
                         {"tls.suite_other", tally.suite_other},
                         {"tls.old_version", tally.old_version},
                         {"tls.held_dropped_bytes", tally.held_dropped},
                         {"tls.records", tally.records.records},
                         {"tls.bytes", tally.records.bytes},
                         {"tls.resumed", tally.records.resumed},
                         {"tls.skipped_bytes", tally.records.skipped_bytes},
                         {"tls.work", tally.records.work},
                         {"tls.given_up", tally.records.given_up}});
}

void Connection::add(std::size_t side, Time time, Bytes bytes, bool lost_before, KeyLog* keys, Tally& tally,
                     const Use& use) {
  assert(side < 2);
  if (state_ == State::Closed) return;
  if (!first_) {
    first_ = time;
    ++tally.connections;
  }
  if (state_ == State::Open) return read({side, time, bytes, lost_before}, tally, use);
  hold(side, time, bytes, lost_before, tally);
  if (state_ == State::Waiting) retry(time, keys, tally, use);
}

void Connection::retry(Time now, KeyLog* keys, Tally& tally, const Use& use) {
  if (state_ != State::Waiting) return;
  advance(keys, tally, use);
  if (state_ == State::Waiting && hello_seen_) {
    keys->poll(now);
    advance(keys, tally, use);
  }
  if (state_ == State::Waiting && first_ && now - *first_ > kMaxWait) give_up(tally);
}

void Connection::give_up(Tally& tally) {
  if (state_ != State::Waiting || !first_) return;
  close(hello_seen_ ? tally.no_key : tally.no_hello, tally);
}

void Connection::hold(std::size_t side, Time time, Bytes bytes, bool lost_before, Tally& tally) {
  HelloReader& hello = hellos_.at(side);
  // A direction whose first segment was no SYN is marked as lost before its first byte, which may be its hello's all
  // the same.
  const bool lost = std::exchange(begun_.at(side), true) && lost_before;
  if (lost) hello.lose();
  (void)hello.add(bytes);
  held_.push_back({side, time, {bytes.begin(), bytes.end()}, lost});
  held_bytes_ += bytes.size() + kPieceOverhead;
  if (held_bytes_ > kMaxHeld) give_up(tally);
}

void Connection::advance(KeyLog* keys, Tally& tally, const Use& use) {
  const HelloReader::Result* first = &hellos_[0].result();
  const HelloReader::Result* second = &hellos_[1].result();
  if (std::holds_alternative<ServerHello>(*first) || std::holds_alternative<Random>(*second)) std::swap(first, second);
  const auto* client = std::get_if<Random>(first);
  const auto* server = std::get_if<ServerHello>(second);
  const bool possible = (client != nullptr || std::holds_alternative<HelloReader::Incomplete>(*first)) &&
                        (server != nullptr || std::holds_alternative<HelloReader::Incomplete>(*second));
  if (!possible) return close(tally.no_hello, tally);
  if (client == nullptr || server == nullptr) return;
  hello_seen_ = true;
  const Suite suite = suite_of(server->suite);
  if (server->version < kTls12) return close(tally.old_version, tally);
  if (suite.kind == SuiteKind::Cbc) return close(tally.suite_cbc, tally);
  if (suite.kind != SuiteKind::Aead) return close(tally.suite_other, tally);
  if (keys == nullptr) return close(tally.no_key, tally);
  if (asked_ == keys->generation()) return;
  asked_ = keys->generation();
  if (!find_keys(*keys, *client, *server, suite)) return;
  if (first == &hellos_[1].result()) std::swap(readers_[0], readers_[1]);
  ++tally.opened;
  state_ = State::Open;
  held_bytes_ = 0;
  for (const Held& held : std::exchange(held_, {}))
    read({held.side, held.time, held.bytes, held.lost_before}, tally, use);
}

/// Makes the client's reader the first, the server's the second; false when a secret is missing.
bool Connection::find_keys(const KeyLog& keys, const Random& client, const ServerHello& server, const Suite& suite) {
  if (server.version == kTls13) {
    const Secret* up = keys.find(KeyLabel::ClientTraffic0, client);
    const Secret* down = keys.find(KeyLabel::ServerTraffic0, client);
    // A line that was not written to its end yet may look like a shorter secret.
    const std::size_t size = size_of(suite.digest);
    if (up == nullptr || down == nullptr || up->bytes().size() != size || down->bytes().size() != size) return false;
    readers_[0].emplace(RecordKeys(suite, *up));
    readers_[1].emplace(RecordKeys(suite, *down));
    return true;
  }
  const Secret* master = keys.find(KeyLabel::MasterSecret, client);
  if (master == nullptr) return false;
  auto [up, down] = RecordKeys::of_master_secret(suite, *master, client, server.random);
  readers_[0].emplace(std::move(up));
  readers_[1].emplace(std::move(down));
  return true;
}

void Connection::read(const Data& sealed, Tally& tally, const Use& use) {
  readers_.at(sealed.side)->add(sealed.bytes, sealed.lost_before, tally.records, [&](Bytes content, bool lost_before) {
    use({sealed.side, sealed.time, content, lost_before});
  });
  if (readers_[0]->given_up() && readers_[1]->given_up()) state_ = State::Closed;
}

void Connection::close(std::uint64_t& reason, Tally& tally) {
  ++reason;
  tally.held_dropped += held_bytes_;
  held_bytes_ = 0;
  held_.clear();
  state_ = State::Closed;
}

}  // namespace tapestry::tls
