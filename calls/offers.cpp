#include "calls/offers.h"

#include <algorithm>
#include <charconv>

#include "calls/agreements.h"
#include "calls/audio_state.h"
#include "calls/encryption.h"
#include "sipparse/address.h"

namespace tapestry::calls {
namespace {

using sip::Direction;
using sip::MediaDescription;

constexpr std::size_t kMaxOffers = 16;

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

  void add(const Endpoint& endpoint, const MediaDescription& media, bool candidate, std::size_t line,
           ClaimSet& claims) {
    for (std::size_t n = 0; n < call.claims.size(); ++n) {
      MediaClaim& have = call.claims[n];
      if (have.endpoint != endpoint || have.side != side || have.media != media.media) continue;
      claims.set(n);
      have.lines.set(line);
      // What was offered once tells of the media before, too.
      if (std::string told = encryption_of(media); !told.empty()) have.encryption = std::move(told);
      if (!same_formats(have.formats.back().formats, media.formats) && have.formats.size() < kMaxOffers) {
        have.formats.push_back({time, media.formats});
      }
      return;
    }
    if (call.claims.size() >= kMaxClaims) {
      call.overflowed = true;
      return;
    }
    claims.set(call.claims.size());
    call.claims.push_back(
        {endpoint, side, hop, media.media, encryption_of(media), candidate, time, {{time, media.formats}}});
    call.claims.back().lines.set(line);
    claimed.push_back(endpoint);
  }

  SessionLine add_line(const MediaDescription& media, std::size_t index) {
    SessionLine line{.claims = {}, .encryption = encryption_of(media), .tags = {}};
    if (media.port == 0) return line;
    for (const sip::Crypto& crypto : media.crypto) line.tags.push_back(crypto.tag);
    if (media.connection && !media.connection->is_unspecified())
      add({*media.connection, media.port}, media, false, index, line.claims);
    for (const std::string& text : media.candidates) {
      if (const auto endpoint = candidate_endpoint(text)) add(*endpoint, media, true, index, line.claims);
    }
    note_keys(call, side, line.claims, media, time);
    return line;
  }

  std::vector<SessionLine> add_all(const sip::Sdp& sdp) {
    std::vector<SessionLine> lines;
    for (const MediaDescription& media : sdp.media) lines.push_back(add_line(media, lines.size()));
    return lines;
  }
};

/// What never went both ways (an announcement) is held by nobody.
void set_line_holds(Call& call, Side side, const AudioState& audio, Time time) {
  for (std::size_t line = 0; line < audio.lines.size(); ++line) {
    if (!audio.lines.test(line)) continue;
    auto have = std::ranges::find_if(call.line_holds,
                                     [&](const LineHold& one) { return one.side == side && one.line == line; });
    if (have == call.line_holds.end()) {
      if (audio.silenced.test(line)) continue;
      have = call.line_holds.insert(have, {.side = side, .line = line});
    }
    have->held.set(audio.silenced.test(line), time, kMaxHolds);
  }
}

void set_mute(Call& call, Side side, bool mutes, Time time) { call.mutes[index_of(side)].set(mutes, time, kMaxHolds); }

/// Whether an offer holds the other end, or mutes its own. An initial sendonly is an announcement or a recorder's
/// stream, not a hold; `inactive` from an end that is itself held only repeats that.
void accept_offer(Call& call, const PendingOffer& offer) {
  if (!offer.audio || (offer.initial && offer.audio->ended)) return;
  set_line_holds(call, offer.offerer, *offer.audio, offer.time);
  const Spells& mine = call.holds[index_of(offer.offerer)];
  const Spells& theirs = call.holds[index_of(other(offer.offerer))];
  bool holds = silences(*offer.audio);
  if (offer.initial && offer.audio->direction == Direction::SendOnly && !offer.audio->black_hole) holds = false;
  if (offer.audio->direction == Direction::Inactive && theirs.on && !mine.on) holds = false;
  // An end that is held answers, and refreshes, with recvonly: that says nothing of its own.
  const bool receives = offer.audio->direction == Direction::RecvOnly && !offer.audio->black_hole;
  if (!receives || !theirs.on) set_mute(call, offer.offerer, receives, offer.time);
  set_hold(call, offer.offerer, holds, offer.time);
}

/// Only to an offer of both directions does an answer say anything of its own.
void accept_answer(Call& call, const PendingOffer& offer, const AudioState& answer, Time time) {
  if (!offer.audio || silences(*offer.audio) || offer.audio->direction != Direction::SendRecv) return;
  if (offer.initial && answer.ended) return;
  const bool announces = offer.initial && answer.direction == Direction::SendOnly && !answer.black_hole;
  const bool holds = silences(answer) && !announces;
  const bool receives = answer.direction == Direction::RecvOnly && !answer.black_hole;
  set_mute(call, other(offer.offerer), receives, receives ? time : offer.time);
  set_hold(call, other(offer.offerer), holds, holds ? time : offer.time);
}

/// The side that a description and its answer let only receive.
std::optional<Side> listener_of(const PendingOffer& offer, const std::optional<AudioState>& answer) {
  const Side answerer = other(offer.offerer);
  if (offer.audio->direction == Direction::SendOnly) return answerer;
  if (offer.audio->direction == Direction::RecvOnly) return offer.offerer;
  if (!answer || offer.audio->direction != Direction::SendRecv) return std::nullopt;
  if (answer->direction == Direction::RecvOnly) return answerer;
  return answer->direction == Direction::SendOnly ? std::optional(offer.offerer) : std::nullopt;
}

/// Who may not send from the beginning on listens for as long as nothing else is agreed on.
void follow_listener(Call& call, const PendingOffer& offer, const std::optional<AudioState>& answer) {
  if (!offer.audio) return;
  const auto listener = listener_of(offer, answer);
  if (offer.initial) call.listener = listener;
  if (listener != call.listener && offer.audio->direction != Direction::Inactive) call.listener.reset();
}

template <class T>
void push_bounded(std::vector<T>& list, T value) {
  if (list.size() >= kMaxOffers) list.erase(list.begin());
  list.push_back(std::move(value));
}

bool is_settled(const Call& call, const TransactionKey& key) {
  return std::find(call.settled.begin(), call.settled.end(), key) != call.settled.end();
}

PendingOffer* find_offer(Call& call, const TransactionKey& key) {
  for (PendingOffer& offer : call.offers) {
    if (offer.transaction == key) return &offer;
  }
  return nullptr;
}

void settle(Call& call, const TransactionKey& key) {
  std::erase_if(call.offers, [&key](const PendingOffer& offer) { return offer.transaction == key; });
  push_bounded(call.settled, key);
}

/// The 2xx of an offer's transaction: the offer holds from its request on; without an offer in the request the 2xx
/// makes it, and the ACK answers.
void on_success(Call& call, PendingOffer& offer, const std::optional<AudioState>& audio, Time time) {
  if (offer.late) return;  // this is the 2xx on another hop
  if (offer.audio) {
    accept_offer(call, offer);
    if (audio) accept_answer(call, offer, *audio, time);
    follow_listener(call, offer, audio);
    settle(call, TransactionKey(offer.transaction));
  } else if (audio) {
    offer.late = true;
    offer.offerer = other(offer.transaction.requester);
    offer.audio = audio;
    accept_offer(call, offer);
  }
}

void on_ack(Call& call, const sip::Message& message, const MessageSides& sides,
            const std::optional<AudioState>& audio) {
  const TransactionKey key{"INVITE", message.cseq, sides.requester};
  PendingOffer* offer = find_offer(call, key);
  if (offer == nullptr || (offer->initial && !offer->late)) return;
  const auto via = sip::parse_via(message.value(sip::HeaderName::Via));
  if (offer->late) {
    // An ACK without SDP, or one whose SDP was lost, took the 2xx's offer as it was.
    accept_answer(call, *offer, audio.value_or(AudioState{}), offer->time);
    follow_listener(call, *offer, audio);
  } else if (via && via->branch != offer->via_branch) {
    // A 2xx is acknowledged in a transaction of its own (RFC 3261 §13.2.2.4): there was one, though it was not
    // captured.
    accept_offer(call, *offer);
    follow_listener(call, *offer, std::nullopt);
  }
  settle(call, key);
}

void on_request(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                const std::optional<AudioState>& audio) {
  if (message.method == "ACK") {
    on_ack(call, message, sides, audio);
    return;
  }
  const TransactionKey key{std::string(message.method), message.cseq, sides.requester};
  if (message.method == "CANCEL" || is_settled(call, key) || find_offer(call, key) != nullptr) return;
  if (message.method != "INVITE" && !audio) return;
  const auto via = sip::parse_via(message.value(sip::HeaderName::Via));
  PendingOffer offer;
  offer.transaction = key;
  offer.via_branch = via ? via->branch : "";
  offer.offerer = sides.requester;
  offer.time = info.time;
  offer.audio = audio;
  offer.initial = message.method == "INVITE" && sides.to_tag.empty();
  push_bounded(call.offers, std::move(offer));
  const auto early = std::find_if(call.early_answers.begin(), call.early_answers.end(),
                                  [&key](const EarlyAnswer& answer) { return answer.transaction == key; });
  if (early == call.early_answers.end()) return;
  const EarlyAnswer answer = *early;
  call.early_answers.erase(early);
  on_success(call, call.offers.back(), answer.audio, answer.time);
}

void on_response(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                 const std::optional<AudioState>& audio) {
  if (message.status < 200 || message.method == "BYE") return;
  const TransactionKey key{std::string(message.method), message.cseq, sides.requester};
  if (is_settled(call, key)) return;
  PendingOffer* offer = find_offer(call, key);
  if (message.status >= 300) {
    // One branch of a fork, or a challenge, is not the end of an initial INVITE.
    if (offer != nullptr && !offer->initial) settle(call, key);
  } else if (offer != nullptr) {
    on_success(call, *offer, audio, info.time);
  } else if (audio) {
    push_bounded(call.early_answers, {key, info.time, audio});
  }
}

}  // namespace

void set_hold(Call& call, Side side, bool holds, Time time) { call.holds[index_of(side)].set(holds, time, kMaxHolds); }

void apply_offer_answer(Call& call, const sip::Message& message, const MessageInfo& info, const MessageSides& sides,
                        const sip::Sdp* media, std::vector<Endpoint>& claimed) {
  ClaimWriter writer{call, sides.sender, hop_of(call, info), info.time, claimed};
  note_session(call, message, info, sides, media != nullptr ? writer.add_all(*media) : std::vector<SessionLine>());
  if (message.request) {
    on_request(call, message, info, sides, audio_of(media));
  } else {
    on_response(call, message, info, sides, audio_of(media));
  }
}

}  // namespace tapestry::calls
