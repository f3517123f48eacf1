#include "calls/offers.h"

#include <algorithm>
#include <charconv>

#include "sipparse/address.h"

namespace tapestry::calls {
namespace {

using sip::Direction;
using sip::MediaDescription;

constexpr std::size_t kMaxOffers = 16;

std::string encryption_of(const MediaDescription& media) {
  if (!media.crypto.empty()) return media.crypto.front().suite;
  if (media.protocol.find("TLS") != std::string::npos) return "DTLS-SRTP";
  return media.protocol.find("SAVP") != std::string::npos ? "SRTP" : std::string();
}

/// `1 1 UDP 2130706431 192.0.2.1 4000 typ host`: the address of an RTP component (RFC 8839 §5.1).
std::optional<Endpoint> candidate_endpoint(std::string_view text) {
  std::array<std::string_view, 6> fields;
  for (std::string_view& field : fields) {
    const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(first);
    field = text.substr(0, text.find(' '));
    text.remove_prefix(field.size());
  }
  const auto ip = IpAddress::parse(fields[4]);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(fields[5].data(), fields[5].data() + fields[5].size(), port);
  if (!ip || error != std::errc() || port == 0 || fields[1] != "1" || !sip::equals_ignore_case(fields[2], "udp"))
    return std::nullopt;
  return Endpoint{*ip, port};
}

bool same_formats(const std::vector<sip::PayloadFormat>& a, const std::vector<sip::PayloadFormat>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.payload_type == y.payload_type && x.encoding == y.encoding && x.clock_hz == y.clock_hz;
  });
}

struct ClaimWriter {
  Call& call;
  Side side;
  std::size_t hop;
  Time time;
  std::vector<Endpoint>& claimed;

  void add(const Endpoint& endpoint, const MediaDescription& media, bool candidate) {
    for (MediaClaim& have : call.claims) {
      if (have.endpoint != endpoint || have.side != side || have.media != media.media) continue;
      have.encryption = encryption_of(media);
      if (!same_formats(have.formats.back().formats, media.formats) && have.formats.size() < kMaxOffers) {
        have.formats.push_back({time, media.formats});
      }
      return;
    }
    if (call.claims.size() >= kMaxClaims) {
      call.overflowed = true;
      return;
    }
    call.claims.push_back(
        {endpoint, side, hop, media.media, encryption_of(media), candidate, time, {{time, media.formats}}});
    claimed.push_back(endpoint);
  }

  void add_all(const sip::Sdp& sdp) {
    for (const MediaDescription& media : sdp.media) {
      if (media.port == 0) continue;
      if (media.connection && !media.connection->is_unspecified()) add({*media.connection, media.port}, media, false);
      for (const std::string& text : media.candidates) {
        if (const auto endpoint = candidate_endpoint(text)) add(*endpoint, media, true);
      }
    }
  }
};

const MediaDescription* first_audio(const sip::Sdp& sdp) {
  for (const MediaDescription& media : sdp.media) {
    if (media.media == "audio" && media.port != 0) return &media;
  }
  return nullptr;
}

void set_hold(Call& call, Side side, bool holds, Time time) {
  HoldState& state = call.holds[index_of(side)];
  if (state.holds == holds) return;
  if (!holds && state.past.size() < kMaxHolds) state.past.emplace_back(state.since, time);
  state.holds = holds;
  state.since = time;
}

/// Whether an offer holds the other end. An initial sendonly is an announcement or a recorder's stream, not a hold;
/// `inactive` from an end that is itself held only repeats that.
void apply_accepted_offer(Call& call, const PendingOffer& offer) {
  const HoldState& mine = call.holds[index_of(offer.side)];
  const HoldState& theirs = call.holds[index_of(other(offer.side))];
  bool holds = offer.black_hole || offer.direction == Direction::Inactive || offer.direction == Direction::SendOnly;
  if (offer.initial && offer.direction == Direction::SendOnly && !offer.black_hole) holds = false;
  if (offer.direction == Direction::Inactive && theirs.holds && !mine.holds) holds = false;
  set_hold(call, offer.side, holds, offer.time);
}

void apply_answer(Call& call, const PendingOffer& offer, Side side, const MediaDescription& answer, Time time) {
  const bool offered_both = !offer.black_hole && offer.direction == Direction::SendRecv;
  if (!offered_both) return;
  const bool holds =
      answer.black_hole() || answer.direction == Direction::Inactive || answer.direction == Direction::SendOnly;
  set_hold(call, side, holds, holds ? time : offer.time);
}

PendingOffer* find_offer(Call& call, const sip::Message& message, Side requester) {
  for (PendingOffer& offer : call.offers) {
    if (offer.method == message.method && offer.cseq == message.cseq && offer.side == requester) return &offer;
  }
  return nullptr;
}

void describe(PendingOffer& offer, const sip::Sdp& sdp) {
  const MediaDescription* audio = first_audio(sdp);
  offer.with_sdp = audio != nullptr;
  if (audio == nullptr) return;
  offer.direction = audio->direction;
  offer.black_hole = audio->black_hole();
}

void on_offer_request(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                      const sip::Sdp* sdp) {
  if (message.method == "ACK" || message.method == "CANCEL" || find_offer(call, message, sides.requester) != nullptr)
    return;
  if (message.method != "INVITE" && sdp == nullptr) return;
  if (call.offers.size() >= kMaxOffers) call.offers.erase(call.offers.begin());
  PendingOffer offer{.method = std::string(message.method),
                     .cseq = message.cseq,
                     .side = sides.requester,
                     .time = info.time,
                     .initial = message.method == "INVITE" && sides.to_tag.empty()};
  if (sdp != nullptr) describe(offer, *sdp);
  call.offers.push_back(std::move(offer));
}

void on_response(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                 const sip::Sdp* sdp) {
  PendingOffer* offer = find_offer(call, message, sides.requester);
  if (offer == nullptr || message.status < 200) return;
  if (message.status >= 300 && offer->initial)
    return;  // one branch of a fork, or a challenge: another answer may follow
  const PendingOffer settled = *offer;
  call.offers.erase(call.offers.begin() + (offer - call.offers.data()));
  if (message.status >= 300) return;
  const MediaDescription* audio = sdp == nullptr ? nullptr : first_audio(*sdp);
  if (settled.with_sdp) {
    apply_accepted_offer(call, settled);
    if (audio != nullptr) apply_answer(call, settled, sides.sender, *audio, info.time);
  } else if (audio != nullptr) {
    // The offer came in the 2xx; the ACK's answer cannot refuse it.
    PendingOffer late = settled;
    late.side = sides.sender;
    describe(late, *sdp);
    apply_accepted_offer(call, late);
  }
}

}  // namespace

void apply_offer_answer(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                        const sip::Sdp* media, std::vector<Endpoint>& claimed) {
  if (media != nullptr) ClaimWriter{call, sides.sender, hop_of(call, info), info.time, claimed}.add_all(*media);
  if (message.request) {
    on_offer_request(call, message, info, sides, media);
  } else {
    on_response(call, message, info, sides, media);
  }
}

}  // namespace tapestry::calls
