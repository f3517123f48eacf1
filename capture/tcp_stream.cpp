#include "capture/tcp_stream.h"

#include <algorithm>
#include <cassert>

namespace tapestry::capture {
namespace {

constexpr std::uint64_t kFirstTurn = std::uint64_t{1} << 32U;
constexpr std::int64_t kPlausibleDistance = 1 << 20;
/// What a waiting piece costs besides its bytes, so that tiny segments cannot fill the memory either.
constexpr std::size_t kPieceOverhead = 96;

}  // namespace

void append(Counters& out, const TcpTally& tally) {
  out.insert(out.end(), {{"capture.tcp_streams", tally.streams},
                         {"capture.tcp_streams_evicted", tally.streams_evicted},
                         {"capture.tcp_bytes", tally.bytes},
                         {"capture.tcp_retransmitted", tally.retransmitted},
                         {"capture.tcp_out_of_order", tally.out_of_order},
                         {"capture.tcp_snapped", tally.cut},
                         {"capture.tcp_holes", tally.holes},
                         {"capture.tcp_holes_bound", tally.holes_bound},
                         {"capture.tcp_holes_aged", tally.holes_aged}});
}

TcpStream::TcpStream(std::uint64_t id, const TcpSegment& first, bool text)
    : id_(id),
      source_(first.source),
      destination_(first.destination),
      text_(text),
      first_(first.sequence),
      expected_(kFirstTurn | first.sequence),
      lost_(!first.syn) {}

bool TcpStream::add(Time now, const TcpSegment& segment, Receiver& receiver, TcpTally& tally) {
  if (segment.cut > 0) ++tally.cut;
  const std::uint64_t begin = expected_ + static_cast<std::uint64_t>(distance(segment.sequence));
  const std::uint64_t end = begin + segment.payload.size() + segment.cut;
  bool news = true;
  if (closed_ || (end != begin && end <= expected_)) {
    news = end == begin;
  } else if (end != begin && begin <= expected_ && pieces_.empty()) {
    pass(now, begin, segment.payload, segment.cut, receiver, tally);
  } else if (end != begin) {
    if (begin > expected_) ++tally.out_of_order;
    news = segment.payload.empty() || hold(now, begin, segment);
    drain(now, false, receiver, tally);
  }
  if (!news) ++tally.retransmitted;
  if (closed_) return news;
  if (segment.fin && !end_) {
    end_ = end;
    end_time_ = now;
  }
  close_at_end(now, receiver);
  return news;
}

void TcpStream::skip_hole(Time now, Receiver& receiver, TcpTally& tally) {
  assert(waiting());
  ++tally.holes;
  lost_ = true;
  expected_ = pieces_.empty() ? *end_ : pieces_.begin()->first;
  drain(now, true, receiver, tally);
  close_at_end(now, receiver);
}

void TcpStream::close(Time now, Receiver& receiver, TcpTally& tally) {
  while (waiting()) skip_hole(now, receiver, tally);
  if (closed_) return;
  closed_ = true;
  hand_on(now, {}, true, receiver);
}

bool TcpStream::waiting() const noexcept { return !closed_ && (!pieces_.empty() || end_); }

Time TcpStream::waiting_since() const noexcept { return pieces_.empty() ? end_time_ : pieces_.begin()->second.time; }

bool TcpStream::is_foreign(const TcpSegment& segment) const noexcept {
  if (segment.syn) return segment.sequence != first_;
  if (segment.payload.empty()) return false;
  const std::int64_t off = distance(segment.sequence);
  return off < -kPlausibleDistance || (closed_ && off > kPlausibleDistance);
}

// Fills only the gaps between what waits already: the first wins. False when there are none.
bool TcpStream::hold(Time now, std::uint64_t begin, const TcpSegment& segment) {
  Bytes bytes = segment.payload;
  const std::size_t held = pieces_.size();
  if (begin < expected_) {
    const auto old = static_cast<std::size_t>(std::min<std::uint64_t>(expected_ - begin, bytes.size()));
    bytes = bytes.subspan(old);
    begin += old;
  }
  while (!bytes.empty()) {
    const auto after = pieces_.upper_bound(begin);
    if (after != pieces_.begin()) {
      const auto& [before_begin, before] = *std::prev(after);
      const std::uint64_t before_end = before_begin + before.bytes.size();
      if (before_end > begin) {
        const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(before_end - begin, bytes.size()));
        bytes = bytes.subspan(known);
        begin += known;
        continue;
      }
    }
    const std::size_t room =
        after == pieces_.end() ? bytes.size()
                               : static_cast<std::size_t>(std::min<std::uint64_t>(after->first - begin, bytes.size()));
    const Bytes part = bytes.first(room);
    bytes = bytes.subspan(room);
    pieces_.emplace_hint(after, begin, Piece{{part.begin(), part.end()}, bytes.empty() ? segment.cut : 0, now});
    waiting_cost_ += room + kPieceOverhead;
    begin += room;
  }
  return pieces_.size() != held;
}

void TcpStream::drain(Time now, bool given_up, Receiver& receiver, TcpTally& tally) {
  while (!pieces_.empty() && pieces_.begin()->first <= expected_) {
    const auto piece = pieces_.extract(pieces_.begin());
    waiting_cost_ -= piece.mapped().bytes.size() + kPieceOverhead;
    pass(given_up ? piece.mapped().time : now, piece.key(), piece.mapped().bytes, piece.mapped().cut, receiver, tally);
  }
}

void TcpStream::pass(Time now, std::uint64_t begin, Bytes bytes, std::size_t cut, Receiver& receiver, TcpTally& tally) {
  const std::uint64_t end = begin + bytes.size() + cut;
  if (end <= expected_) return;
  const Bytes fresh = bytes.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(expected_ - begin, bytes.size())));
  tally.bytes += fresh.size();
  if (!fresh.empty()) hand_on(now, fresh, false, receiver);
  if (cut > 0) lost_ = true;
  expected_ = end;
}

void TcpStream::close_at_end(Time now, Receiver& receiver) {
  if (!end_ || expected_ < *end_ || closed_) return;
  closed_ = true;
  pieces_.clear();
  waiting_cost_ = 0;
  hand_on(now, {}, true, receiver);
}

void TcpStream::hand_on(Time now, Bytes bytes, bool closed, Receiver& receiver) {
  receiver.on_stream({.time = now,
                      .source = source_,
                      .destination = destination_,
                      .stream = id_,
                      .bytes = bytes,
                      .lost_before = lost_,
                      .closed = closed,
                      .text = text_});
  lost_ = false;
}

std::int64_t TcpStream::distance(std::uint32_t sequence) const noexcept {
  return static_cast<std::int32_t>(sequence - static_cast<std::uint32_t>(expected_));
}

}  // namespace tapestry::capture
