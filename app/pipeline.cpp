#include "app/pipeline.h"

#include <algorithm>
#include <stdexcept>

#include "app/config.h"
#include "sipparse/message.h"

namespace tapestry::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
constexpr Duration kClockStepBack = std::chrono::seconds(1);
constexpr std::size_t kMaxStreams = 8192;  // above the decoder's own bound

calls::Correlator make_correlator(const calls::Rules& rules, calls::Output& output) {
  try {
    return {rules, output};
  } catch (const std::runtime_error& error) {
    throw ConfigError(error.what());
  }
}

/// What of text over TCP is read is what some rule wants to know.
capture::DecoderLimits limits_of(const std::vector<pause::MarkerRule>& markers, const calls::PauseRules& pauses) {
  const auto wants_commands = [](const pause::MarkerRule& rule) { return rule.kind == pause::Kind::ControlChannel; };
  const auto wants_http = [](const pause::MarkerRule& rule) {
    return !rule.http_pause.empty() || !rule.http_resume.empty();
  };
  capture::DecoderLimits limits;
  limits.text_ports.clear();
  if (std::ranges::any_of(markers, wants_commands)) limits.text_ports = pauses.text_ports;
  limits.http = std::ranges::any_of(markers, wants_http);
  return limits;
}

/// Whether the first octet can be RTP's or RTCP's (RFC 7983 §7).
bool may_be_rtp(Bytes payload) noexcept { return payload.front() >= 128 && payload.front() <= 191; }

}  // namespace

Pipeline::Pipeline(const calls::Rules& rules, calls::Output& output, tls::KeyLog* keys)
    : correlator_(make_correlator(rules, output)),
      flows_(correlator_, flow_limits_),
      dtls_(keys, [this](const tls::SrtpKeying& keying) { take_keying(keying); }),
      decoder_(*this, limits_of(rules.pauses.markers, rules.pauses), keys) {}

void Pipeline::replace_rules(const calls::Rules& rules) {
  correlator_.replace_rules(rules);
  capture::DecoderLimits limits = limits_of(correlator_.markers(), rules.pauses);
  decoder_.follow(std::move(limits.text_ports), limits.http);
}

void Pipeline::add(const capture::Frame& frame) {
  // Behind a clock that stepped back the next tick would be far away.
  if (frame.time >= next_tick_ || frame.time + kTick + kClockStepBack < next_tick_) tick(frame.time);
  last_ = frame.time;
  ++frames_;
  frame_bytes_ += frame.data.size();
  decoder_.decode(frame);
}

calls::PauseAnswer Pipeline::command(const calls::PauseCommand& command) {
  if (last_ != Time::min()) tick(last_);
  return correlator_.command(command);
}

void Pipeline::go_on(const Told& told) {
  told_ = told;
  correlator_.resume_flows(flows_);
}

/// Whether `time` is one that was told of by then. A clock that stepped back is something else.
bool Pipeline::was_told(Time& told, Time time) noexcept {
  const bool again = time <= told && told - time <= rtp::FlowTable::kReadAgain;
  if (!again) told = Time::min();
  return again;
}

void Pipeline::tick(Time time) {
  next_tick_ = time + kTick;
  flows_.flush(time - flow_limits_.chunk_span);
  dtls_.retry(time);
  if (told_.now != Time::min() && was_told(told_.now, time)) return;
  correlator_.advance(time);
}

void Pipeline::finish() {
  decoder_.finish();
  flows_.finish();
  dtls_.finish();
  correlator_.finish();
}

capture::FrameEnd Pipeline::on_datagram(const capture::Datagram& datagram) {
  using capture::FrameEnd;
  if (datagram.payload.empty()) return FrameEnd::Empty;
  if (may_be_rtp(datagram.payload)) {
    if (const auto end = flows_.add(datagram)) return *end;
  }
  if (tls::may_be_dtls(datagram.payload) &&
      dtls_.add(datagram.time, datagram.source, datagram.destination, datagram.payload))
    return FrameEnd::Dtls;
  if (!sip::looks_like_sip(datagram.payload)) {
    ++other_datagrams_;
    return FrameEnd::OtherDatagram;
  }
  const bool used = take_message(datagram.payload, {datagram.time, datagram.source, datagram.destination, "UDP"});
  return used ? FrameEnd::Sip : FrameEnd::UnusableSip;
}

void Pipeline::on_stream(const capture::StreamBytes& bytes) {
  if (bytes.message) return take_websocket(bytes);
  if (bytes.text) return take_text(bytes);
  auto framer = framers_.find(bytes.stream);
  if (framer == framers_.end()) {
    if (framers_.size() >= kMaxStreams) {
      ++refused_streams_;
      return;
    }
    framer = framers_.try_emplace(bytes.stream).first;
  }
  const calls::MessageInfo info{bytes.time, bytes.source, bytes.destination, bytes.tls ? "TLS" : "TCP"};
  const auto use = [this, &info, &bytes](Bytes message) {
    ++(bytes.tls ? tls_messages_ : stream_messages_);
    take_message(message, info);
  };
  framer->second.push(bytes.bytes, bytes.lost_before, use);
  if (!bytes.closed) return;
  framer->second.finish(use);
  skipped_stream_bytes_ += framer->second.skipped_bytes();
  framers_.erase(framer);
}

void Pipeline::take_keying(const tls::SrtpKeying& keying) {
  const auto key = [&keying](const Secret& secret) {
    return calls::SrtpKey{
        .since = keying.time, .profile = std::string(keying.profile), .secret = secret, .mki = keying.mki};
  };
  correlator_.on_srtp_key(keying.client, keying.server, key(keying.client_key));
  correlator_.on_srtp_key(keying.server, keying.client, key(keying.server_key));
}

void Pipeline::take_text(const capture::StreamBytes& bytes) {
  correlator_.on_text({.time = bytes.time,
                       .source = bytes.source,
                       .destination = bytes.destination,
                       .stream = bytes.stream,
                       .bytes = bytes.bytes,
                       .lost_before = bytes.lost_before,
                       .closed = bytes.closed});
}

void Pipeline::take_websocket(const capture::StreamBytes& bytes) {
  if (!sip::looks_like_sip(bytes.bytes)) {
    ++other_websocket_;
    return;
  }
  ++websocket_messages_;
  take_message(bytes.bytes, {bytes.time, bytes.source, bytes.destination, bytes.tls ? "WSS" : "WS"});
}

/// False when it is no message that can be read.
bool Pipeline::take_message(Bytes bytes, const calls::MessageInfo& info) {
  if (told_.messages != Time::min() && was_told(told_.messages, info.time)) {
    ++read_again_;
    return true;
  }
  const sip::ParseResult parsed = sip::parse_message(bytes);
  if (!parsed.message) {
    ++unusable_;
    return false;
  }
  ++messages_;
  cut_ += parsed.message->snapped ? 1U : 0U;
  overflowed_ += parsed.message->overflowed ? 1U : 0U;
  correlator_.on_message(*parsed.message, info);
  return true;
}

Counters Pipeline::counters() const {
  Counters all = decoder_.counters();
  const auto append = [&all](const Counters& more) { all.insert(all.end(), more.begin(), more.end()); };
  append({{"sip.messages", messages_},
          {"sip.messages_over_tcp", stream_messages_},
          {"sip.messages_over_tls", tls_messages_},
          {"sip.messages_over_websocket", websocket_messages_},
          {"sip.read_again", read_again_},
          {"sip.unusable", unusable_},
          {"sip.cut", cut_},
          {"sip.overflowed", overflowed_},
          {"sip.skipped_stream_bytes", skipped_stream_bytes_},
          {"sip.refused_streams", refused_streams_},
          {"udp.other", other_datagrams_},
          {"websocket.other", other_websocket_}});
  append(flows_.counters());
  append(dtls_.counters());
  append(correlator_.counters());
  return all;
}

}  // namespace tapestry::app
