#pragma once
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "tests/support/sample_call.h"
#include "tests/support/scenes/truth.h"

/// Builders of contact-centre scenes: whole captures whose truth is known. A scene is made by a function that writes
/// messages and media into a Script, in any order of time.
namespace tapestry::scenes {

/// Somebody or something with a SIP address.
struct Peer {
  std::string display;  ///< may be empty
  std::string aor;      ///< user@host
  std::string ip;       ///< of its signalling and media
  std::string voice;    ///< what its microphone yields
};

/// sip: and the peer's address of record.
std::string uri(const Peer& peer);

enum class Side { Caller, Callee };
Side other(Side side);

/// One end of a dialog. Everything may be changed before a message is sent.
struct End {
  Peer peer;
  std::string identity;  ///< what From or To holds between its angle brackets and before them
  std::string contact;   ///< Contact's value
  Endpoint sip;
  Endpoint media;
  std::string tag{};
  unsigned cseq = 0;         ///< of its last request
  unsigned sdp_version = 0;  ///< of its last session description
};

/// A request that awaits responses.
struct Transaction {
  Side from = Side::Caller;
  std::string method;
  unsigned cseq = 0;
  std::string branch{};
};

/// A dialog, or one hop of it.
struct Leg {
  std::string call_id{};
  std::string request_uri{};  ///< of the initial INVITE
  End caller{};
  End callee{};
  Transaction invite{};  ///< the last one
  std::string via{};     ///< Via lines below the sender's own, each with CR LF
  bool tagged = false;   ///< the callee's tag is known: later requests carry it

  [[nodiscard]] const End& end(Side side) const { return side == Side::Caller ? caller : callee; }
  [[nodiscard]] End& end(Side side) { return side == Side::Caller ? caller : callee; }
};

/// More of a message than it has anyway.
struct Extra {
  std::string headers{};  ///< lines with CR LF
  std::string type{};     ///< Content-Type
  std::string body{};
};

/// RTP from one endpoint to another, G.711 mu-law, 20 ms.
struct Stream {
  Endpoint from{};
  Endpoint to{};
  std::string voice{};
  std::optional<std::uint32_t> ssrc{};  ///< without: one per pair of endpoints
  double delay = 0;                     ///< seconds that packets travel before they are seen
  double older = 0;                     ///< seconds that the voice waited before it was coded
};

/// A capture and what must be recorded of it.
struct Scene {
  std::string name;
  std::string configuration;  ///< TOML
  std::vector<testing::TimedFrame> frames;
  Truth truth;
};

class Script {
 public:
  Script(std::string name, std::string about);

  /// A dialog that is not begun: addresses, tags, ports and Call-ID are chosen; no two legs share any.
  Leg leg(const Peer& caller, const Peer& callee);
  /// Sends a request. An initial INVITE is one for which leg.tagged is false.
  Transaction request(double at, Leg& leg, Side from, const std::string& method, const Extra& extra = {});
  /// `status` is code and phrase, "180 Ringing". All but 100 carry the callee's tag and make it known.
  void respond(double at, Leg& leg, const Transaction& to, const std::string& status, const Extra& extra = {});
  /// ACK to a 2xx (a transaction of its own) or to another final response.
  void ack(double at, Leg& leg, const Transaction& invite, bool success = true, const Extra& extra = {});

  /// A new session description of that end, version counted on; as an Extra that more headers can be given.
  static Extra sdp(End& end, const std::string& direction, const std::string& headers = {});
  /// The last one again, unchanged.
  static Extra same_sdp(const End& end, const std::string& direction, const std::string& headers = {});

  /// The SSRC under which rtp() sends the stream.
  [[nodiscard]] std::uint32_t ssrc_of(const Stream& stream) const;
  /// RTP packets from scene time `from` until before `to`.
  void rtp(double from, double to, const Stream& stream);
  /// Media of one end to the other, where the leg's ends have theirs now. An empty voice: the peer's own.
  void say(double from, double to, const Leg& leg, Side side, const std::string& voice = {});
  /// Both ends to each other.
  void talk(double from, double to, const Leg& leg);

  /// A datagram between any endpoints.
  void datagram(double at, const Endpoint& from, const Endpoint& to, const std::string& text);
  /// The last datagram once more, as a sender retransmits it.
  void retransmit(double at);
  /// Text in a TCP connection, which is opened 1 ms before its first one. Both ways are one connection.
  void tcp(double at, const Endpoint& from, const Endpoint& to, const std::string& text);
  /// Copies of all frames so far of scene times [from, to), `later` seconds after each: as a second mirror port yields
  /// them, in a VLAN (0: none), their TTL one less when `routed`.
  void mirror(double from, double to, double later, std::uint16_t vlan, bool routed);

  /// One packet that rtp() sent.
  struct Sent {
    std::size_t frame = 0;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
  };
  /// Those of the stream that say scene times [from, to); 20 ms each, in order.
  [[nodiscard]] std::vector<Sent> sent(const Stream& stream, double from, double to) const;
  /// Another RTP packet at the time and in the place of `packet`.
  void replace(const Stream& stream, const Sent& packet, Bytes rtp);

  /// More TOML, after what every scene has; that ends inside of [recording].
  void configure(const std::string& toml) { scene_.configuration += toml; }
  /// A number that no other call of this function gave; small.
  unsigned next() { return ++count_; }

  /// The scene so far with `conversations` as its truth.
  Scene end(std::vector<Conversation> conversations);

 private:
  using Way = std::tuple<std::string, std::string, std::uint32_t>;
  struct Datagram {
    Endpoint from{};
    Endpoint to{};
    std::string text{};
  };
  [[nodiscard]] Time when(double at) const;

  Scene scene_;
  unsigned count_ = 0;
  std::map<std::string, unsigned> ports_;  ///< the next media port by address
  std::map<Way, std::uint16_t> sequence_;
  std::map<Way, std::map<std::int64_t, Sent>> sent_;                     ///< by the scene's sample number
  std::map<std::pair<std::string, std::string>, std::uint32_t> octets_;  ///< sent on each way of a TCP connection
  Datagram last_;
};

}  // namespace tapestry::scenes
