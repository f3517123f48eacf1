#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "capture/datagram.h"
#include "capture/decoder.h"
#include "capture/source.h"
#include "core/address.h"
#include "doctor/finding.h"

namespace tapestry::doctor {

/// What some seconds of traffic hold.
struct Sample {
  Duration length{};  ///< from the first frame to the last
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;   ///< on the wire
  std::uint64_t lost = 0;    ///< that the capture dropped; its caller's to tell
  std::uint64_t cut = 0;     ///< frames of which only the beginning was captured
  std::uint64_t pieces = 0;  ///< IP fragments
  std::uint64_t rtp = 0;     ///< packets
  std::uint64_t rtp_copies = 0;
  std::uint64_t sip = 0;            ///< datagrams and pieces of TCP that begin like SIP
  std::uint64_t other_copies = 0;   ///< of anything that is no RTP
  std::size_t media_ways = 0;       ///< from one endpoint to another, with kLeastPackets of RTP or more
  std::size_t media_one_sided = 0;  ///< of these: nothing at all went the other way
  std::size_t sip_pairs = 0;        ///< pairs of hosts that exchange SIP
  std::size_t sip_one_sided = 0;    ///< of these: one of the two was never heard
  std::set<std::uint16_t> vlans{};
};

/// Looks at frames as they come. One thread. Hostile bytes are counted, never thrown.
class Traffic final : private capture::Receiver {
 public:
  static constexpr std::uint32_t kLeastPackets = 25;  ///< half a second of speech
  static constexpr std::size_t kMostWays = 65'536;    ///< what is beyond is counted, not told apart

  Traffic() : decoder_(*this) {}

  void add(const capture::Frame& frame);
  /// Call once, at the end.
  [[nodiscard]] Sample finish();

 private:
  struct Media {
    std::uint32_t packets = 0;
    std::uint32_t ssrc = 0;
    std::uint16_t newest = 0;
    std::uint64_t seen = 0;  ///< bit n: newest - n
  };
  using Way = std::pair<Endpoint, Endpoint>;

  capture::FrameEnd on_datagram(const capture::Datagram& datagram) override;
  void on_stream(const capture::StreamBytes& bytes) override;
  void add_rtp(const capture::Datagram& datagram);
  void add_sip(const Endpoint& source, const Endpoint& destination);
  void add_vlan(const capture::Frame& frame);

  capture::Decoder decoder_;
  Sample sample_;
  Time first_;
  Time last_;
  std::map<Way, Media> media_;
  std::set<std::pair<IpAddress, IpAddress>> sip_;
};

/// What a mirror gets wrong: nothing on it, one direction only, copies, no signalling, cut frames.
[[nodiscard]] Findings judge_traffic(const Sample& sample);

}  // namespace tapestry::doctor
