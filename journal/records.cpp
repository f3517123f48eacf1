#include "journal/records.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "calls/logged_message.h"
#include "journal/packing.h"
#include "sipparse/message.h"

namespace tapestry::journal {
namespace {

using calls::PauseDecision;
using calls::PauseRelease;

constexpr std::array<std::string_view, 5> kTransports = {"UDP", "TCP", "TLS", "WS", "WSS"};
/// What a decision is.
enum class What : std::uint8_t { Hold, Release, Over };

spool::Record record_of(Kind kind, Packer& packer, Time first, Time last) {
  return {.kind = static_cast<std::uint16_t>(kind),
          .first = first,
          .span = std::max(Duration(0), last - first),
          .payload = packer.take()};
}

void pack(Packer& packer, const pause::PauseMark& mark) {
  for (const std::string* text : {&mark.rule, &mark.message, &mark.call_id, &mark.from}) packer.text(*text);
  packer.value(mark.at);
}

pause::PauseMark unpack_mark(Unpacker& unpacker) {
  pause::PauseMark mark;
  for (std::string* text : {&mark.rule, &mark.message, &mark.call_id, &mark.from}) *text = unpacker.text();
  mark.at = unpacker.value<Time>();
  return mark;
}

void pack(Packer& packer, const std::optional<pause::PauseMark>& mark) {
  packer.value(mark.has_value());
  if (mark) pack(packer, *mark);
}

std::optional<pause::PauseMark> unpack_maybe(Unpacker& unpacker) {
  if (unpacker.value<std::uint8_t>() == 0) return std::nullopt;
  return unpack_mark(unpacker);
}

void pack(Packer& packer, const pause::Holder& holder) {
  packer.value(What::Hold);
  packer.text(holder.name);
  pack(packer, holder.mark);
  packer.value(holder.asked);
  packer.value(holder.since);
  packer.text(holder.reason);
  packer.value(holder.post_roll);
  packer.value(holder.longest.value_or(Duration::min()));
  packer.value(holder.resumes_by_itself);
}

pause::Holder unpack_holder(Unpacker& unpacker) {
  pause::Holder holder;
  holder.name = unpacker.text();
  holder.mark = unpack_mark(unpacker);
  holder.asked = unpacker.value<Time>();
  holder.since = unpacker.value<Time>();
  holder.reason = unpacker.text();
  holder.post_roll = unpacker.value<Duration>();
  const auto longest = unpacker.value<Duration>();
  if (longest != Duration::min()) holder.longest = longest;
  holder.resumes_by_itself = unpacker.value<std::uint8_t>() != 0;
  return holder;
}

void pack(Packer& packer, const PauseRelease& release) {
  packer.value(What::Release);
  packer.text(release.holder);
  packer.value(release.at);
  packer.value(release.how);
  pack(packer, release.mark);
}

PauseRelease unpack_release(Unpacker& unpacker) {
  PauseRelease release;
  release.holder = unpacker.text();
  release.at = unpacker.value<Time>();
  release.how = static_cast<pause::PauseEnd>(unpacker.value<std::uint8_t>() % 4U);
  release.mark = unpack_maybe(unpacker);
  return release;
}

void pack(Packer& packer, const pause::Pause& pause) {
  packer.value(What::Over);
  packer.value(pause.start);
  packer.value(pause.end);
  packer.text(pause.reason);
  pack(packer, pause.opened);
  pack(packer, pause.closed);
  packer.value(pause.how);
}

pause::Pause unpack_pause(Unpacker& unpacker) {
  pause::Pause pause;
  pause.start = unpacker.value<Time>();
  pause.end = unpacker.value<Time>();
  pause.reason = unpacker.text();
  pause.opened = unpack_mark(unpacker);
  pause.closed = unpack_maybe(unpacker);
  pause.how = static_cast<pause::PauseEnd>(unpacker.value<std::uint8_t>() % 4U);
  return pause;
}

std::optional<PauseDecision> unpack_decision(Unpacker& unpacker) {
  switch (static_cast<What>(unpacker.value<std::uint8_t>())) {
    case What::Hold:
      return unpack_holder(unpacker);
    case What::Release:
      return unpack_release(unpacker);
    case What::Over:
      return unpack_pause(unpacker);
  }
  return std::nullopt;
}

void play_message(Unpacker& unpacker, calls::Correlator& correlator) {
  (void)unpacker.text();
  calls::MessageInfo info{.time = unpacker.value<Time>(), .source = {}, .destination = {}, .transport = {}};
  info.source = unpacker.value<Endpoint>();
  info.destination = unpacker.value<Endpoint>();
  const auto transport = unpacker.value<std::uint8_t>();
  info.transport = kTransports.at(std::min<std::size_t>(transport, kTransports.size() - 1));
  const sip::ParseResult parsed = sip::parse_message(unpacker.bytes());
  if (unpacker.ok() && parsed.message) correlator.on_message(*parsed.message, info);
}

calls::RecordedMedia unpack_media(Unpacker& unpacker) {
  calls::RecordedMedia media;
  media.call = unpacker.text();
  media.key = unpacker.value<rtp::FlowKey>();
  media.stats = unpacker.value<rtp::FlowStats>();
  media.before = unpacker.value<rtp::FlowStats>();
  media.first = unpacker.value<Time>();
  media.last = unpacker.value<Time>();
  media.late = unpacker.value<std::uint8_t>() != 0;
  media.chunk = unpacker.bytes();
  return media;
}

void play_media(Unpacker& unpacker, calls::Correlator& correlator) {
  const calls::RecordedMedia media = unpack_media(unpacker);
  if (unpacker.ok()) correlator.on_recorded(media);
}

void play_shared_media(Unpacker& unpacker, calls::Correlator& correlator) {
  const std::string_view call = unpacker.text();
  const std::string_view other = unpacker.text();
  const auto time = unpacker.value<Time>();
  if (unpacker.ok()) correlator.on_shared_media(call, other, time);
}

void play_srtp_key(Unpacker& unpacker, calls::Correlator& correlator) {
  const auto source = unpacker.value<Endpoint>();
  const auto destination = unpacker.value<Endpoint>();
  calls::SrtpKey key{.since = unpacker.value<Time>()};
  key.profile = unpacker.text();
  key.secret = Secret(unpacker.bytes());
  const Bytes mki = unpacker.bytes();
  key.mki.assign(mki.begin(), mki.end());
  key.encrypts = unpacker.value<std::uint8_t>() != 0;
  if (unpacker.ok()) correlator.on_srtp_key(source, destination, std::move(key));
}

void play_pause(Unpacker& unpacker, calls::Correlator& correlator) {
  std::string call(unpacker.text());
  const auto at = unpacker.value<Time>();
  auto decision = unpack_decision(unpacker);
  if (unpacker.ok() && decision) correlator.on_pause(std::move(call), std::move(*decision), at);
}

void play_drop(Unpacker& unpacker, calls::Correlator& correlator) {
  calls::CaptureDrop drop{.from = unpacker.value<Time>(), .to = {}};
  drop.to = unpacker.value<Time>();
  drop.packets = unpacker.value<std::uint64_t>();
  if (unpacker.ok()) correlator.on_drop(drop);
}

bool mask_message(spool::Record& record, Time from, Time to) {
  if (record.first < from || record.first >= to) return true;
  Unpacker unpacker(record.payload);
  const std::string call(unpacker.text());
  calls::MessageInfo info{.time = unpacker.value<Time>(), .source = {}, .destination = {}, .transport = {}};
  info.source = unpacker.value<Endpoint>();
  info.destination = unpacker.value<Endpoint>();
  const auto transport = unpacker.value<std::uint8_t>();
  info.transport = kTransports.at(std::min<std::size_t>(transport, kTransports.size() - 1));
  const std::string text = calls::as_paused(unpacker.text());
  if (!unpacker.ok() || text.empty()) return false;
  spool::Record masked = message_record(call, info, text);
  record.payload = std::move(masked.payload);
  return true;
}

void mask_media(spool::Record& record, Time from, Time to) {
  const Bytes chunk = chunk_of(record);
  if (chunk.empty()) return;
  const auto at = static_cast<std::size_t>(chunk.data() - record.payload.data());
  (void)rtp::Chunk::erase(std::span(record.payload).subspan(at, chunk.size()), from, to);
}

}  // namespace

spool::Record tick_record(Time now) {
  Packer packer;
  packer.value(now);
  return record_of(Kind::Tick, packer, now, now);
}

spool::Record end_record(Time now) {
  Packer packer;
  packer.value(now);
  return record_of(Kind::End, packer, now, now);
}

spool::Record drop_record(const calls::CaptureDrop& drop) {
  Packer packer;
  packer.value(drop.from);
  packer.value(drop.to);
  packer.value(drop.packets);
  return record_of(Kind::Drop, packer, drop.from, drop.to);
}

spool::Record message_record(Name call, const calls::MessageInfo& info, std::string_view text) {
  Packer packer;
  packer.text(call);
  packer.value(info.time);
  packer.value(info.source);
  packer.value(info.destination);
  const auto transport = std::ranges::find(kTransports, info.transport) - kTransports.begin();
  packer.value(static_cast<std::uint8_t>(transport));
  packer.text(text);
  return record_of(Kind::Message, packer, info.time, info.time);
}

spool::Record media_record(Name call, const calls::TakenMedia& media) {
  constexpr std::size_t kOthers = 128;
  const std::size_t chunk = media.kept == nullptr ? 0 : media.kept->used_bytes();
  Packer packer(call.size() + sizeof media.key + 2 * sizeof media.stats + chunk + kOthers);
  packer.text(call);
  packer.value(media.key);
  packer.value(media.stats);
  packer.value(media.before);
  packer.value(media.first);
  packer.value(media.last);
  packer.value(static_cast<std::uint8_t>(media.late ? 1 : 0));
  packer.bytes(media.kept == nullptr ? Bytes{} : media.kept->bytes());
  const Time first = media.kept == nullptr ? media.first : media.kept->oldest();
  const Time last = media.kept == nullptr ? media.last : media.kept->newest();
  return record_of(Kind::Media, packer, first, last);
}

spool::Record shared_media_record(Name call, Name other, Time time) {
  Packer packer;
  packer.text(call);
  packer.text(other);
  packer.value(time);
  return record_of(Kind::SharedMedia, packer, time, time);
}

spool::Record srtp_key_record(const Endpoint& source, const Endpoint& destination, const calls::SrtpKey& key) {
  Packer packer;
  packer.value(source);
  packer.value(destination);
  packer.value(key.since);
  packer.text(key.profile);
  packer.bytes(key.secret.bytes());
  packer.bytes(key.mki);
  packer.value(static_cast<std::uint8_t>(key.encrypts ? 1 : 0));
  return record_of(Kind::SrtpKey, packer, key.since, key.since);
}

spool::Record pause_record(Name call, const PauseDecision& decision, Time at) {
  Packer packer;
  packer.text(call);
  packer.value(at);
  std::visit([&packer](const auto& what) { pack(packer, what); }, decision);
  return record_of(Kind::Pause, packer, at, at);
}

bool mask(spool::Record& record, Time from, Time to) {
  if (record.kind == static_cast<std::uint16_t>(Kind::Message)) return mask_message(record, from, to);
  if (record.kind == static_cast<std::uint16_t>(Kind::Media)) mask_media(record, from, to);
  return true;
}

Bytes chunk_of(const spool::Record& record) {
  if (record.kind != static_cast<std::uint16_t>(Kind::Media)) return {};
  Unpacker unpacker(record.payload);
  const calls::RecordedMedia media = unpack_media(unpacker);
  return unpacker.ok() ? media.chunk : Bytes{};
}

std::string name_of(const spool::Record& record) {
  const auto kind = static_cast<Kind>(record.kind);
  if (kind != Kind::Message && kind != Kind::Media && kind != Kind::SharedMedia && kind != Kind::Pause) return {};
  Unpacker unpacker(record.payload);
  return std::string(unpacker.text());
}

void play(const spool::Record& record, calls::Correlator& correlator) {
  Unpacker unpacker(record.payload);
  switch (static_cast<Kind>(record.kind)) {
    case Kind::Tick:
      return correlator.advance(unpacker.value<Time>());
    case Kind::Message:
      return play_message(unpacker, correlator);
    case Kind::Media:
      return play_media(unpacker, correlator);
    case Kind::SharedMedia:
      return play_shared_media(unpacker, correlator);
    case Kind::SrtpKey:
      return play_srtp_key(unpacker, correlator);
    case Kind::Pause:
      return play_pause(unpacker, correlator);
    case Kind::End:
      return correlator.finish();
    case Kind::Drop:
      return play_drop(unpacker, correlator);
  }
}

}  // namespace tapestry::journal
