#include "tests/support/sample_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>

#include "tests/support/pcap_writer.h"

namespace tapestry::testing {
namespace {

constexpr double kPacketSeconds = 0.020;
constexpr int kPacketSamples = 160;
constexpr double kHopSeconds = 0.004;
constexpr std::uint16_t kRelayPort = 50'000;  ///< of the proxy for the customer; for the agent two more
constexpr double kLossSeconds = 0.4;
constexpr double kMaxJitterSeconds = 0.012;

/// What tells one request of the dialog from another.
struct Request {
  std::string method;
  int cseq = 1;
  bool from_customer = true;
  bool in_dialog = true;
  std::string headers;
  std::string sdp;
  std::string relayed_sdp;  ///< for the hop beyond the proxy
};

class Writer {
 public:
  explicit Writer(const SampleCall& call) : call_(call), random_(call.ssrc) {}
  std::vector<TimedFrame> run();

 private:
  void put(double at, const Endpoint& from, const Endpoint& to, Bytes payload) {
    frames_.push_back({call_.start + from_seconds(at), udp_frame(from, to, payload, ++ip_id_)});
  }
  void say(double at, const Endpoint& from, const Endpoint& to, const std::string& text) {
    put(at, from, to, as_bytes(text));
  }
  [[nodiscard]] std::string via(const Endpoint& of, const Request& request) const {
    return fmt::format("Via: SIP/2.0/UDP {};branch=z9hG4bK-{}-{}-{}\r\n", of.to_string(), of.port + of.ip.octets[15],
                       request.method == "ACK" ? "ACK" : "R", request.cseq);
  }
  [[nodiscard]] std::string ends(const Request& request, bool to_tag) const;
  [[nodiscard]] std::string contact(bool customer) const;
  [[nodiscard]] std::string sdp(bool customer, int version, const char* direction, bool relayed) const;
  void add_sdp(Request& request, int version, const char* direction) const;
  void request(double at, const Request& request);
  void response(double at, const Request& request, int status, const char* reason, int version, const char* direction);
  void from_proxy(double at, const Request& request, int status, const char* reason, const std::string& headers);
  void transaction(double at, const Request& request, int version, const char* direction);
  void set_up();
  void media(bool customer, double answered);
  void packet(bool customer, double answered, std::int64_t index, std::int64_t sent);
  [[nodiscard]] Endpoint media_of(bool customer) const {
    return customer ? Endpoint{call_.customer.ip, call_.customer_port} : Endpoint{call_.agent.ip, call_.agent_port};
  }
  /// Where the proxy stands for that end.
  [[nodiscard]] Endpoint relay_media(bool customer) const {
    return {call_.proxy.ip, static_cast<std::uint16_t>(kRelayPort + (customer ? 0 : 2))};
  }
  [[nodiscard]] bool is_held(double since_answer) const {
    return call_.hold_seconds > 0 && since_answer >= call_.talk_seconds &&
           since_answer < call_.talk_seconds + call_.hold_seconds;
  }
  [[nodiscard]] double talk_length() const {
    return call_.talk_seconds + (call_.hold_seconds > 0 ? call_.hold_seconds + call_.rest_seconds : 0);
  }
  double chance() { return static_cast<double>(random_() % 1'000'000) / 1e6; }

  const SampleCall& call_;
  std::minstd_rand random_;  // its numbers are the same everywhere
  std::uint16_t ip_id_ = 0;
  std::vector<TimedFrame> frames_;
};

std::string Writer::ends(const Request& request, bool to_tag) const {
  const std::string customer =
      fmt::format("\"Pat Example\" <sip:{}@customer.example.net>;tag=c7f1", call_.customer_user);
  const std::string agent = fmt::format("<sip:{}@agents.example.com>{}", call_.agent_user, to_tag ? ";tag=a93e" : "");
  return fmt::format("From: {}\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {} {}\r\n", request.from_customer ? customer : agent,
                     request.from_customer ? agent : customer, call_.call_id, request.cseq, request.method);
}

std::string Writer::contact(bool customer) const {
  return fmt::format("Contact: <sip:{}@{}>\r\n", customer ? call_.customer_user : call_.agent_user,
                     (customer ? call_.customer : call_.agent).to_string());
}

std::string Writer::sdp(bool customer, int version, const char* direction, bool relayed) const {
  if (version == 0) return {};
  const bool at_proxy = relayed && call_.relayed_attributes;
  const Endpoint media = at_proxy ? relay_media(customer) : media_of(customer);
  const auto& attributes = at_proxy ? call_.relayed_attributes : call_.attributes;
  const std::string host = media.ip.to_string();
  return fmt::format(
      "v=0\r\no=- {} {} IN IP4 {}\r\ns=-\r\nc=IN IP4 {}\r\nt=0 0\r\nm=audio {} RTP/AVP 0 101\r\n"
      "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na={}\r\n{}",
      customer ? 1001 : 2002, version, host, host, media.port, direction,
      attributes ? attributes(customer, version) : "");
}

void Writer::add_sdp(Request& request, int version, const char* direction) const {
  request.sdp = sdp(request.from_customer, version, direction, false);
  request.relayed_sdp = sdp(request.from_customer, version, direction, true);
}

std::string body(const std::string& sdp) {
  if (sdp.empty()) return "Content-Length: 0\r\n\r\n";
  return fmt::format("Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{}", sdp.size(), sdp);
}

/// Both hops of a request.
void Writer::request(double at, const Request& request) {
  const Endpoint& from = request.from_customer ? call_.customer : call_.agent;
  const Endpoint& to = request.from_customer ? call_.agent : call_.customer;
  const std::string uri = fmt::format("sip:{}@{}", request.from_customer ? call_.agent_user : call_.customer_user,
                                      request.in_dialog ? to.to_string() : "agents.example.com");
  const std::string line = fmt::format("{} {} SIP/2.0\r\n", request.method, uri);
  const std::string route = fmt::format("<sip:{};lr>\r\n", call_.proxy.to_string());
  const std::string common = ends(request, request.in_dialog) + contact(request.from_customer) + request.headers +
                             "User-Agent: " + (request.from_customer ? "Sample Phone 1.0" : "Sample Desk 2.0") + "\r\n";
  say(at, from, call_.proxy,
      line + via(from, request) + "Max-Forwards: 70\r\n" + (request.in_dialog ? "Route: " + route : "") + common +
          body(request.sdp));
  say(at + kHopSeconds, call_.proxy, to,
      line + via(call_.proxy, request) + via(from, request) + "Max-Forwards: 69\r\n" +
          (request.in_dialog ? "" : "Record-Route: " + route) + common + body(request.relayed_sdp));
}

/// Both hops of a response from the request's far end. Version 0: without SDP.
void Writer::response(double at, const Request& request, int status, const char* reason, int version,
                      const char* direction) {
  const Endpoint& caller = request.from_customer ? call_.customer : call_.agent;
  const Endpoint& callee = request.from_customer ? call_.agent : call_.customer;
  const std::string line = fmt::format("SIP/2.0 {} {}\r\n", status, reason);
  const std::string common = ends(request, true) + contact(!request.from_customer) +
                             fmt::format("Record-Route: <sip:{};lr>\r\n", call_.proxy.to_string());
  const bool by_customer = !request.from_customer;
  say(at, callee, call_.proxy,
      line + via(call_.proxy, request) + via(caller, request) + common +
          body(sdp(by_customer, version, direction, false)));
  say(at + kHopSeconds, call_.proxy, caller,
      line + via(caller, request) + common + body(sdp(by_customer, version, direction, true)));
}

void Writer::from_proxy(double at, const Request& request, int status, const char* reason, const std::string& headers) {
  say(at, call_.proxy, call_.customer,
      fmt::format("SIP/2.0 {} {}\r\n", status, reason) + via(call_.customer, request) + ends(request, false) + headers +
          body(""));
}

/// Request, 200, and the ACK where there is one.
void Writer::transaction(double at, const Request& invite, int version, const char* direction) {
  request(at, invite);
  response(at + 0.03, invite, 200, "OK", version, direction);
  if (invite.method != "INVITE") return;
  Request ack = invite;
  ack.method = "ACK";
  ack.sdp.clear();
  ack.relayed_sdp.clear();
  request(at + 0.05, ack);
}

void Writer::set_up() {
  Request invite{"INVITE", 1, true, false, {}, {}, {}};
  add_sdp(invite, 1, "sendrecv");
  const std::string uri = fmt::format("sip:{}@agents.example.com", call_.agent_user);
  const std::string first = "INVITE " + uri + " SIP/2.0\r\n" + via(call_.customer, invite) + "Max-Forwards: 70\r\n" +
                            ends(invite, false) + contact(true) + "User-Agent: Sample Phone 1.0\r\n" + body(invite.sdp);
  say(0, call_.customer, call_.proxy, first);
  from_proxy(0.01, invite, 407, "Proxy Authentication Required",
             "Proxy-Authenticate: Digest realm=\"example.com\", nonce=\"b71c\", algorithm=MD5\r\n");
  Request refused = invite;
  refused.method = "ACK";
  say(0.02, call_.customer, call_.proxy,
      "ACK " + uri + " SIP/2.0\r\n" + via(call_.customer, invite) + "Max-Forwards: 70\r\n" + ends(refused, false) +
          body(""));

  invite.cseq = 2;
  invite.headers = "Proxy-Authorization: Digest username=\"pat\", realm=\"example.com\", nonce=\"b71c\", uri=\"" + uri +
                   "\", response=\"00000000000000000000000000000000\"\r\n";
  request(0.1, invite);
  from_proxy(0.102, invite, 100, "Trying", "");
  response(0.3, invite, 180, "Ringing", 0, "");
  response(answer_offset(call_), invite, 200, "OK", 1, "sendrecv");
  Request ack{"ACK", 2, true, true, {}, {}, {}};
  request(answer_offset(call_) + 0.03, ack);
}

/// `index`: packet times since the answer; `sent`: packets of this stream before it.
void Writer::packet(bool customer, double answered, std::int64_t index, std::int64_t sent) {
  const double since = static_cast<double>(index) * kPacketSeconds;
  Buffer payload;
  for (int i = 0; i < kPacketSamples; ++i) {
    const double t = since + i / 8000.0;
    const bool music = !customer && is_held(since);
    payload.push_back(mu_law(music ? music_sample(t) : voice_sample(customer ? kCustomerVoice : kAgentVoice, t)));
  }
  const bool lost = customer && call_.loss_at >= 0 && since >= call_.loss_at && since < call_.loss_at + kLossSeconds;
  double late = call_.jitter ? chance() * kMaxJitterSeconds : 0;
  if (call_.jitter && chance() < 0.005) late += 2.5 * kPacketSeconds;
  const bool twice = call_.jitter && chance() < 1.0 / 300;
  if (lost) return;
  Buffer rtp = rtp_packet(0, static_cast<std::uint16_t>((customer ? 65'000 : 500) + sent),
                          static_cast<std::uint32_t>(70'000 + index * kPacketSamples),
                          call_.ssrc + (customer ? 0U : 1U), sent == 0, payload);
  const double at = answered + since + late;
  const int copies = twice ? 2 : 1;
  const auto send = [&](double first, const Endpoint& from, const Endpoint& to, const Buffer& bytes) {
    for (int n = copies; n > 0; --n) put(first + (n - 1) * 0.0003, from, to, bytes);
  };
  const Buffer near = call_.protect ? call_.protect(customer, since, rtp) : rtp;
  if (!call_.relayed_attributes) {
    send(at, media_of(customer), media_of(!customer), near);
    return;
  }
  send(at, media_of(customer), relay_media(!customer), near);
  send(at + kHopSeconds, relay_media(customer), media_of(!customer),
       call_.protect_relayed ? call_.protect_relayed(customer, since, rtp) : rtp);
}

void Writer::media(bool customer, double answered) {
  const auto count = static_cast<std::int64_t>(talk_length() / kPacketSeconds);
  std::int64_t sent = 0;
  for (std::int64_t index = 0; index < count; ++index) {
    // Whoever is held sends nothing: its direction is recvonly. Its sequence numbers pause, its timestamps do not.
    if (customer && is_held(static_cast<double>(index) * kPacketSeconds)) continue;
    packet(customer, answered, index, sent++);
  }
}

std::vector<TimedFrame> Writer::run() {
  const double answered = answer_offset(call_) + kHopSeconds;
  set_up();
  media(true, answered);
  media(false, answered);
  if (call_.hold_seconds > 0) {
    const double held = answered + call_.talk_seconds;
    Request hold{"INVITE", 1, false, true, {}, {}, {}};
    add_sdp(hold, 2, "sendonly");
    transaction(held, hold, 2, "recvonly");
    Request resume{"INVITE", 2, false, true, {}, {}, {}};
    add_sdp(resume, 3, "sendrecv");
    transaction(held + call_.hold_seconds, resume, 3, "sendrecv");
  }
  transaction(answered + talk_length(), {"BYE", 3, true, true, {}, {}, {}}, 0, "");
  return std::move(frames_);
}

/// Stable. (libstdc++ 12's std::stable_sort uses a function that clang reports as deprecated.)
void sort_by_time(std::vector<TimedFrame>& frames) {
  std::multimap<Time, TimedFrame> sorted;
  for (TimedFrame& frame : frames) sorted.emplace(frame.time, std::move(frame));
  frames.clear();
  for (auto& [time, frame] : sorted) frames.push_back(std::move(frame));
}

}  // namespace

double answer_offset(const SampleCall& call) { return 0.3 + call.ring_seconds; }

std::vector<TimedFrame> frames_of(const SampleCall& call) {
  std::vector<TimedFrame> frames = Writer(call).run();
  sort_by_time(frames);
  return frames;
}

void write_pcap(std::ostream& out, std::vector<TimedFrame> frames) {
  sort_by_time(frames);
  PcapWriter writer(out);
  for (const TimedFrame& frame : frames) writer.add(frame.time, frame.frame);
}

}  // namespace tapestry::testing
