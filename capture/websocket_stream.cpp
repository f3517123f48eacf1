#include "capture/websocket_stream.h"

#include <algorithm>

namespace tapestry::capture {
namespace {

/// A keep-alive (RFC 7118 §6, RFC 5626 §3.5.1): line ends only.
bool is_blank(Bytes message) noexcept {
  return std::ranges::all_of(message, [](std::uint8_t octet) { return octet == '\r' || octet == '\n'; });
}

}  // namespace

Bytes WebSocketStream::add(Bytes bytes, bool lost_before, WebSocketTally& tally, const Use& use) {
  if (state_ == State::Plain) {
    choose(bytes);
    if (state_ == State::Plain) return bytes;
  } else if (lost_before) {
    tally.skipped_bytes += waiting_.size();
    waiting_.clear();
    lose(tally);
  }
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  while (step(tally, use)) {
  }
  if (state_ == State::Plain) {  // no WebSocket's handshake: HTTP, in which no SIP is
    const Bytes rest = bytes.last(std::min(bytes.size(), waiting().size()));
    waiting_.clear();
    begin_ = 0;
    return rest;
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  return {};
}

void WebSocketStream::choose(Bytes bytes) noexcept {
  if (bytes.empty()) return;
  if (!begun_ && begins_handshake(as_text(bytes))) {
    state_ = State::Handshake;
  } else if (begins_websocket_sip(bytes) == Likeness::Yes) {
    state_ = State::Frames;
  }
  begun_ = true;
}

/// Does what can be done with the bytes that wait; false when more are needed.
bool WebSocketStream::step(WebSocketTally& tally, const Use& use) {
  switch (state_) {
    case State::Handshake:
      return read_handshake();
    case State::Frames:
      return read_frame(tally, use);
    case State::Searching:
      return search(tally);
    default:
      return false;
  }
}

bool WebSocketStream::read_handshake() noexcept {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::string_view text = as_text(waiting()).substr(0, kMaxHandshake);
  const std::size_t end = text.find(kEnd, searched_);
  if (end == std::string_view::npos) {
    searched_ = text.size() - std::min(text.size(), kEnd.size() - 1);
    if (text.size() < kMaxHandshake) return false;
    begin_ = waiting_.size();
    state_ = State::Plain;
    return false;
  }
  state_ = upgrades_to_websocket(text.substr(0, end)) ? State::Frames : State::Plain;
  begin_ += end + kEnd.size();
  return true;
}

bool WebSocketStream::read_frame(WebSocketTally& tally, const Use& use) {
  const auto frame = parse_websocket_frame(waiting());
  if (!frame) {
    if (frame.error() == NoFrame::Incomplete) return false;
    lose(tally);
    return true;
  }
  const std::size_t room = frame->is_control() ? kMaxMessage : kMaxMessage - message_.size();
  if (frame->length > room) {
    begin_ += frame->header;
    lose(tally);
    return true;
  }
  const auto length = static_cast<std::size_t>(frame->length);
  if (waiting().size() - frame->header < length) return false;
  take_payload(*frame, waiting().subspan(frame->header, length), tally, use);
  begin_ += frame->header + length;
  return true;
}

bool WebSocketStream::search(WebSocketTally& tally) {
  while (begin_ < waiting_.size()) {
    const Likeness likeness = begins_websocket_sip(waiting());
    if (likeness == Likeness::Perhaps) return false;
    if (likeness == Likeness::Yes) {
      state_ = State::Frames;
      return true;
    }
    ++begin_;
    ++tally.skipped_bytes;
  }
  return false;
}

void WebSocketStream::take_payload(const WebSocketFrame& frame, Bytes payload, WebSocketTally& tally, const Use& use) {
  if (frame.is_control()) return;
  if (frame.is_continuation() != in_message_) message_.clear();
  const bool orphan = frame.is_continuation() && !in_message_;
  for (std::size_t at = 0; at < payload.size(); ++at) message_.push_back(unmask(frame, payload[at], at));
  in_message_ = !frame.final && !orphan;
  if (in_message_) return;
  if (!orphan && !is_blank(message_)) {
    ++tally.messages;
    use(message_);
  }
  message_.clear();
}

/// What waits may be anything: the next frame is to be found.
void WebSocketStream::lose(WebSocketTally& tally) {
  ++tally.lost;
  message_.clear();
  in_message_ = false;
  state_ = State::Searching;
}

}  // namespace tapestry::capture
