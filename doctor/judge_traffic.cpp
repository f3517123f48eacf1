#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "doctor/traffic.h"

namespace tapestry::doctor {
namespace {

constexpr double kManyCopies = 0.01;    // of all packets
constexpr double kManyOneSided = 0.25;  // of all ways: announcements, music and holds go one way, too
constexpr double kManyPieces = 0.05;    // of all frames
constexpr std::size_t kListedVlans = 8;

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double percent(std::uint64_t part, std::uint64_t whole) { return 100 * share(part, whole); }

std::string listed(const std::set<std::uint16_t>& vlans) {
  std::string text;
  std::size_t count = 0;
  for (const std::uint16_t vlan : vlans) {
    if (count++ == kListedVlans) return text + ", ...";
    text += (text.empty() ? "" : ", ") + std::to_string(vlan);
  }
  return text;
}

Finding judge_amount(const Sample& sample) {
  const double seconds = std::max(std::chrono::duration<double>(sample.length).count(), 0.001);
  const double rate = static_cast<double>(sample.frames) / seconds;
  const double megabits = static_cast<double>(sample.bytes) * 8 / seconds / 1e6;
  return {"traffic", Verdict::Ok,
          fmt::format("{:.1f} s: {} packets, {:.0f}/s, {:.1f} Mbit/s{}{}", seconds, sample.frames, rate, megabits,
                      sample.vlans.empty() ? "" : "; VLANs ", listed(sample.vlans))};
}

Finding judge_signalling(const Sample& sample) {
  if (sample.sip == 0 && sample.rtp == 0) {
    return {"SIP and RTP", Verdict::Warning, "neither was seen", "make a call, or mirror the port of the SBC or PBX"};
  }
  if (sample.sip == 0) {
    return {"SIP and RTP", Verdict::Warning, fmt::format("no SIP, {} packets of RTP", sample.rtp),
            "mirror the ports that SIP takes, too; SIP over TLS needs [keylog]"};
  }
  if (sample.rtp == 0) {
    return {"SIP and RTP", Verdict::Warning, fmt::format("{} SIP messages, no RTP", sample.sip),
            "make a call; mirror the VLAN of the phones' media, too"};
  }
  return {"SIP and RTP", Verdict::Ok, fmt::format("{} SIP messages, {} packets of RTP", sample.sip, sample.rtp)};
}

Finding judge_sides(std::string check, std::size_t one_sided, std::size_t all, std::string_view what) {
  const std::string text = fmt::format("{} of {} {} in one direction only", one_sided, all, what);
  if (share(one_sided, all) <= kManyOneSided) return {std::move(check), Verdict::Ok, text};
  return {
      std::move(check), one_sided == all ? Verdict::Failure : Verdict::Warning, text,
      "mirror both directions of the port (Cisco: monitor session 1 source interface IF both); a TAP has two outputs: "
      "capture both"};
}

Finding judge_copies(const Sample& sample) {
  const std::uint64_t copies = sample.rtp_copies + sample.other_copies;
  const std::uint64_t packets = sample.rtp + sample.sip + sample.other_copies;
  const std::string text =
      fmt::format("{} copies, {:.1f} % of what SIP and RTP take", copies, percent(copies, packets));
  if (share(copies, packets) < kManyCopies) return {"copies", Verdict::Ok, text};
  return {"copies", Verdict::Warning, text,
          "recordings are right all the same; to spare the machine mirror each port in one place, not on ingress and "
          "egress, nor on two VLANs"};
}

}  // namespace

Findings judge_traffic(const Sample& sample) {
  if (sample.frames == 0) {
    return {{"traffic", Verdict::Failure, "no packet came",
             "check the switch's mirror session, and with ip -s link whether the interface receives"}};
  }
  Findings all{judge_amount(sample), judge_signalling(sample)};
  if (sample.media_ways > 0) {
    all.push_back(judge_sides("directions of RTP", sample.media_one_sided, sample.media_ways, "streams"));
  }
  if (sample.sip_pairs > 0) {
    all.push_back(judge_sides("directions of SIP", sample.sip_one_sided, sample.sip_pairs, "pairs of hosts"));
  }
  if (sample.rtp + sample.sip > 0) all.push_back(judge_copies(sample));
  if (sample.cut > 0) {
    all.push_back({"cut frames", Verdict::Failure, fmt::format("of {} frames only the beginning came", sample.cut),
                   "[[capture]] snaplen = 65535; ip link set IF mtu 9000 where the mirror adds a tunnel"});
  }
  if (share(sample.pieces, sample.frames) > kManyPieces) {
    all.push_back({"fragments", Verdict::Warning,
                   fmt::format("{:.0f} % of all frames are fragments", percent(sample.pieces, sample.frames)),
                   "raise the MTU between mirror and recorder: a tunnel's header makes full frames too long"});
  }
  if (sample.lost > 0) {
    all.push_back({"losses", Verdict::Failure,
                   fmt::format("{} packets were dropped before they were read", sample.lost),
                   "[[capture]] ring_mb and rings; ethtool -G IF rx MAXIMUM"});
  }
  return all;
}

}  // namespace tapestry::doctor
