#include "tests/support/scenes/script.h"

#include <fmt/core.h>

#include <cmath>

#include "tests/support/scenes/microphone.h"

namespace tapestry::scenes {
namespace {

constexpr int kPacketSamples = 160;
constexpr unsigned kFirstPort = 25'000;

constexpr const char* kConfiguration = R"([[party]]
role = "agent"
uri = "^sip:1[0-9]{3}@"
ip = "10.1.0.0/16"

[[party]]
role = "supervisor"
uri = "^sip:2[0-9]{3}@"

[[party]]
role = "bot"
uri = "^sip:(ivr|moh|park|queue|voicemail)[0-9]*@"

[keys]
algorithm = "es256"

[recording]
format = "wav"
)";

/// Eight hexadecimal digits, by the text alone.
std::uint32_t digest(const std::string& text) {
  std::uint32_t hash = 0x811c9dc5;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x01000193;
  hash ^= hash >> 15U;
  return hash * 0x2c1b3c6d;
}

std::string named(const Peer& peer) {
  return (peer.display.empty() ? "" : "\"" + peer.display + "\" ") + "<" + uri(peer) + ">";
}

std::string address_lines(const Leg& leg, const Transaction& transaction, bool callee_tag) {
  const std::string caller = leg.caller.identity + ";tag=" + leg.caller.tag;
  const std::string callee = leg.callee.identity + (callee_tag ? ";tag=" + leg.callee.tag : "");
  const bool from_caller = transaction.from == Side::Caller;
  return fmt::format("From: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} {}\r\n", from_caller ? caller : callee,
                     from_caller ? callee : caller, leg.call_id, transaction.cseq, transaction.method);
}

std::string tail(const Extra& extra) {
  std::string text = extra.headers;
  if (!extra.body.empty()) text += "Content-Type: " + extra.type + "\r\n";
  return text + fmt::format("Content-Length: {}\r\n\r\n{}", extra.body.size(), extra.body);
}

std::string sdp_text(const End& end, unsigned version, const std::string& direction) {
  const std::string ip = end.media.ip.to_string();
  return fmt::format(
      "v=0\r\no=- {} {} IN IP4 {}\r\ns=-\r\nc=IN IP4 {}\r\nt=0 0\r\nm=audio {} RTP/AVP 0 101\r\n"
      "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na={}\r\n",
      digest(end.tag) % 90'000 + 10'000, version, ip, ip, end.media.port, direction);
}

}  // namespace

std::string uri(const Peer& peer) { return "sip:" + peer.aor; }

Side other(Side side) { return side == Side::Caller ? Side::Callee : Side::Caller; }

Script::Script(std::string name, std::string about) {
  scene_.name = std::move(name);
  scene_.configuration = kConfiguration;
  scene_.truth.name = scene_.name;
  scene_.truth.about = std::move(about);
}

Time Script::when(double at) const { return Time{} + from_seconds(scene_.truth.start) + from_seconds(at); }

Leg Script::leg(const Peer& caller, const Peer& callee) {
  const auto end = [&](const Peer& peer, unsigned cseq) {
    unsigned& port = ports_.try_emplace(peer.ip, kFirstPort).first->second;
    port += 2;
    const std::string user = peer.aor.substr(0, peer.aor.find('@'));
    return End{.peer = peer,
               .identity = named(peer),
               .contact = fmt::format("<sip:{}@{}:5060>", user, peer.ip),
               .sip = testing::endpoint(peer.ip + ":5060"),
               .media = testing::endpoint(fmt::format("{}:{}", peer.ip, port)),
               .tag = fmt::format("{:08x}", digest(fmt::format("{} {} {}", scene_.name, peer.aor, next()))),
               .cseq = cseq};
  };
  Leg leg;
  leg.caller = end(caller, 100);
  leg.callee = end(callee, 500);
  leg.call_id = fmt::format("{:08x}{:04x}@{}", digest(fmt::format("{} {}", scene_.name, next())), count_, caller.ip);
  leg.request_uri = uri(callee);
  return leg;
}

Transaction Script::request(double at, Leg& leg, Side from, const std::string& method, const Extra& extra) {
  const bool repeats = method == "ACK" || method == "CANCEL";
  End& sender = leg.end(from);
  const End& receiver = leg.end(other(from));
  Transaction transaction{.from = from,
                          .method = method,
                          .cseq = repeats ? leg.invite.cseq : ++sender.cseq,
                          .branch = method == "CANCEL"
                                        ? leg.invite.branch
                                        : fmt::format("z9hG4bK{:08x}{:04x}", digest(leg.call_id), next())};
  const bool in_dialog = leg.tagged && method != "CANCEL";
  const std::string target = receiver.contact.substr(1, receiver.contact.find_first_of(";>") - 1);
  datagram(at, sender.sip, receiver.sip,
           fmt::format("{} {} SIP/2.0\r\nVia: SIP/2.0/UDP {};branch={};rport\r\n{}Max-Forwards: 70\r\n", method,
                       in_dialog ? target : leg.request_uri, sender.sip.to_string(), transaction.branch, leg.via) +
               address_lines(leg, transaction, in_dialog) + "Contact: " + sender.contact + "\r\n" + tail(extra));
  if (method == "INVITE") leg.invite = transaction;
  return transaction;
}

void Script::respond(double at, Leg& leg, const Transaction& to, const std::string& status, const Extra& extra) {
  const bool tagged = leg.tagged || !status.starts_with("100");
  leg.tagged = tagged;
  const End& sender = leg.end(other(to.from));
  const End& receiver = leg.end(to.from);
  const bool own_contact = extra.headers.find("Contact:") == std::string::npos;
  datagram(at, sender.sip, receiver.sip,
           fmt::format("SIP/2.0 {}\r\nVia: SIP/2.0/UDP {};branch={};rport={}\r\n{}", status, receiver.sip.to_string(),
                       to.branch, receiver.sip.port, leg.via) +
               address_lines(leg, to, tagged) + (own_contact ? "Contact: " + sender.contact + "\r\n" : "") +
               tail(extra));
}

void Script::ack(double at, Leg& leg, const Transaction& invite, bool success, const Extra& extra) {
  const End& sender = leg.end(invite.from);
  const End& receiver = leg.end(other(invite.from));
  const std::string branch = success ? fmt::format("z9hG4bK{:08x}{:04x}", digest(leg.call_id), next()) : invite.branch;
  const std::string target =
      success ? receiver.contact.substr(1, receiver.contact.find_first_of(";>") - 1) : leg.request_uri;
  const Transaction transaction{.from = invite.from, .method = "ACK", .cseq = invite.cseq, .branch = branch};
  datagram(at, sender.sip, receiver.sip,
           fmt::format("ACK {} SIP/2.0\r\nVia: SIP/2.0/UDP {};branch={};rport\r\n{}Max-Forwards: 70\r\n", target,
                       sender.sip.to_string(), branch, leg.via) +
               address_lines(leg, transaction, true) + "Contact: " + sender.contact + "\r\n" + tail(extra));
}

Extra Script::sdp(End& end, const std::string& direction, const std::string& headers) {
  ++end.sdp_version;
  return same_sdp(end, direction, headers);
}

Extra Script::same_sdp(const End& end, const std::string& direction, const std::string& headers) {
  return {.headers = headers, .type = "application/sdp", .body = sdp_text(end, end.sdp_version, direction)};
}

std::uint32_t Script::ssrc_of(const Stream& stream) const {
  return stream.ssrc.value_or(digest(scene_.name + stream.from.to_string() + stream.to.to_string()));
}

void Script::rtp(double from, double to, const Stream& stream) {
  const auto first = std::llround(from * kVoiceRate);
  const auto last = std::llround(to * kVoiceRate);
  const std::string source = stream.from.to_string();
  const std::string destination = stream.to.to_string();
  const std::uint32_t ssrc = ssrc_of(stream);
  std::uint16_t& sequence =
      sequence_.try_emplace({source, destination, ssrc}, static_cast<std::uint16_t>(ssrc)).first->second;
  std::map<std::int64_t, Sent>& packets = sent_[{source, destination, ssrc}];
  bool marker = true;
  for (std::int64_t at = first; at + kPacketSamples <= last; at += kPacketSamples) {
    testing::Buffer payload;
    const auto samples = heard(stream.voice, at - std::llround(stream.older * kVoiceRate), kPacketSamples);
    for (const std::int16_t sample : samples) payload.push_back(testing::mu_law(sample));
    const auto timestamp = static_cast<std::uint32_t>(at) + ssrc / 3;
    const testing::Buffer packet = testing::rtp_packet(0, sequence++, timestamp, ssrc, marker, payload);
    const Time seen = when(static_cast<double>(at) / kVoiceRate + stream.delay);
    packets[at] = {
        .frame = scene_.frames.size(), .sequence = static_cast<std::uint16_t>(sequence - 1), .timestamp = timestamp};
    scene_.frames.push_back({seen, testing::udp_frame(stream.from, stream.to, packet)});
    marker = false;
  }
}

void Script::say(double from, double to, const Leg& leg, Side side, const std::string& voice) {
  const End& speaker = leg.end(side);
  rtp(from, to,
      {.from = speaker.media, .to = leg.end(other(side)).media, .voice = voice.empty() ? speaker.peer.voice : voice});
}

void Script::talk(double from, double to, const Leg& leg) {
  say(from, to, leg, Side::Caller);
  say(from, to, leg, Side::Callee);
}

void Script::datagram(double at, const Endpoint& from, const Endpoint& to, const std::string& text) {
  last_ = {from, to, text};
  scene_.frames.push_back({when(at), testing::udp_frame(from, to, as_bytes(text), static_cast<std::uint16_t>(next()))});
}

void Script::retransmit(double at) {
  const Datagram again = last_;
  datagram(at, again.from, again.to, again.text);
}

void Script::tcp(double at, const Endpoint& from, const Endpoint& to, const std::string& text) {
  constexpr double kOpening = 0.001;
  const auto send = [&](double time, bool forth, std::uint8_t flags, const std::string& payload) {
    const Endpoint& source = forth ? from : to;
    const Endpoint& destination = forth ? to : from;
    std::uint32_t& sent = octets_[{source.to_string(), destination.to_string()}];
    const testing::TcpFields fields{.sequence = 1000 + sent,
                                    .acknowledgement = 1000 + octets_[{destination.to_string(), source.to_string()}],
                                    .flags = flags};
    scene_.frames.push_back({when(time), testing::tcp_frame(source, destination, fields, as_bytes(payload))});
    sent += static_cast<std::uint32_t>(payload.size()) + ((flags & testing::kSyn) != 0 ? 1U : 0U);
  };
  if (!octets_.contains({from.to_string(), to.to_string()})) {
    send(at - kOpening, true, testing::kSyn, "");
    send(at - kOpening * 2 / 3, false, testing::kSyn | testing::kAck, "");
    send(at - kOpening / 3, true, testing::kAck, "");
  }
  send(at, true, testing::kPush | testing::kAck, text);
}

void Script::mirror(double from, double to, double later, std::uint16_t vlan, bool routed) {
  std::vector<testing::TimedFrame> copies;
  for (const auto& [time, frame] : scene_.frames) {
    if (time < when(from) || time >= when(to)) continue;
    copies.push_back({time + from_seconds(later), testing::mirrored(frame, vlan, routed)});
  }
  scene_.frames.insert(scene_.frames.end(), copies.begin(), copies.end());
}

std::vector<Script::Sent> Script::sent(const Stream& stream, double from, double to) const {
  std::vector<Sent> found;
  const auto way = sent_.find({stream.from.to_string(), stream.to.to_string(), ssrc_of(stream)});
  if (way == sent_.end()) return found;
  const auto last = way->second.lower_bound(std::llround(to * kVoiceRate));
  for (auto it = way->second.lower_bound(std::llround(from * kVoiceRate)); it != last; ++it)
    found.push_back(it->second);
  return found;
}

void Script::replace(const Stream& stream, const Sent& packet, Bytes rtp) {
  scene_.frames.at(packet.frame).frame = testing::udp_frame(stream.from, stream.to, rtp);
}

Scene Script::end(std::vector<Conversation> conversations) {
  scene_.truth.conversations = std::move(conversations);
  return scene_;
}

}  // namespace tapestry::scenes
