#include "calls/payloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "sipparse/payload_type.h"

namespace tapestry::calls {
namespace {

constexpr std::size_t kMaxMappings = 1024;

void add_mappings(std::vector<PayloadMapping>& list, const Call& call, Side side, const std::string& media) {
  std::array<bool, 128> taken{};
  for (const PayloadMapping& have : list) taken[have.payload_type & 127U] = true;
  for (const MediaClaim& claim : call.claims) {
    if (claim.side != side || claim.media != media) continue;
    for (const FormatsSince& formats : claim.formats) {
      for (const sip::PayloadFormat& format : formats.formats) {
        if (format.encoding.empty() || taken[format.payload_type & 127U]) continue;
        list.push_back(
            {formats.since, format.payload_type, format.encoding, format.clock_hz, format.channels, format.parameters});
      }
    }
  }
}

std::string static_name(std::uint8_t type) {
  if (type == 19) return "CN";  // reserved for what came before RFC 3389
  const sip::StaticPayloadType* const known = sip::static_payload_type(type);
  return known != nullptr ? std::string(known->encoding) : fmt::format("payload type {}", type);
}

}  // namespace

std::vector<PayloadMapping> payload_mappings(const Call& call, Side sender, const std::string& media) {
  std::vector<PayloadMapping> list;
  add_mappings(list, call, other(sender), media);
  add_mappings(list, call, sender, media);
  std::sort(list.begin(), list.end(), [](const PayloadMapping& a, const PayloadMapping& b) {
    return std::tie(a.since, a.payload_type, a.encoding) < std::tie(b.since, b.payload_type, b.encoding);
  });
  // Only changes of a type's meaning stay.
  std::array<std::string, 128> last;
  std::erase_if(list, [&last](const PayloadMapping& mapping) {
    std::string& known = last[mapping.payload_type & 127U];
    const std::string now =
        fmt::format("{}/{}/{} {}", mapping.encoding, mapping.clock_hz, mapping.channels, mapping.parameters);
    return known == now || (known = now, false);
  });
  if (list.size() > kMaxMappings) list.resize(kMaxMappings);
  return list;
}

std::vector<std::string> encodings_of(const std::vector<PayloadMapping>& mappings, const rtp::FlowStats& stats) {
  std::vector<std::string> names;
  for (std::uint8_t type = 0; type < 128; ++type) {
    if (!stats.has_type(type)) continue;
    bool mapped = false;
    for (const PayloadMapping& mapping : mappings) {
      if (mapping.payload_type != type) continue;
      names.push_back(mapping.encoding);
      mapped = true;
    }
    if (!mapped) names.push_back(static_name(type));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool is_audible(std::string_view encoding) noexcept {
  constexpr std::array<std::string_view, 23> kAudible{
      "PCMU",    "PCMA",   "G722",  "G723",         "G721",         "G726-16",      "G726-24",      "G726-32",
      "G726-40", "G729",   "GSM",   "AAL2-G726-16", "AAL2-G726-24", "AAL2-G726-32", "AAL2-G726-40", "ILBC",
      "AMR",     "AMR-WB", "SPEEX", "OPUS",         "L16",          "DVI4",         "RED"};
  return std::find(kAudible.begin(), kAudible.end(), encoding) != kAudible.end();
}

bool has_static_audio(const rtp::FlowStats& stats) noexcept {
  constexpr std::uint8_t kFirstDynamic = 96;
  for (std::uint8_t type = 0; type < kFirstDynamic; ++type) {
    if (!stats.has_type(type)) continue;
    const sip::StaticPayloadType* const known = sip::static_payload_type(type);
    if (known != nullptr && is_audible(known->encoding)) return true;
  }
  return false;
}

}  // namespace tapestry::calls
