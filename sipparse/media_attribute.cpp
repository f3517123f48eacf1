#include "sipparse/media_attribute.h"

#include <algorithm>

#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

/// Longer packets than this are no speech; such a value is as good as none.
constexpr std::uint32_t kMaxPtimeMs = 10'000;

PayloadFormat* take_format(MediaDescription& media, std::string_view& value) noexcept {
  const auto number = parse_number<std::uint8_t>(take_word(value));
  return number ? find_format(media, *number) : nullptr;
}

/// `0 PCMU/8000/1` (RFC 8866 §6.6)
void apply_rtpmap(MediaDescription& media, std::string_view value) {
  PayloadFormat* const format = take_format(media, value);
  value = take_word(value);
  const std::string_view encoding = take_until(value, '/');
  if (format == nullptr || encoding.empty()) return;
  format->encoding.clear();
  std::ranges::transform(encoding, std::back_inserter(format->encoding), upper);
  const auto clock_hz = parse_number<std::uint32_t>(take_until(value, '/'));
  if (clock_hz) format->clock_hz = *clock_hz;
  format->channels = std::max<std::uint8_t>(1, parse_number<std::uint8_t>(value).value_or(1));
}

void apply_fmtp(MediaDescription& media, std::string_view value) {
  PayloadFormat* const format = take_format(media, value);
  if (format != nullptr && format->parameters.empty()) format->parameters = value;
}

/// Whole milliseconds; a fraction is cut off.
std::uint32_t parse_ptime(std::string_view value) noexcept {
  const std::size_t end = value.find_first_not_of("0123456789");
  const std::uint32_t ptime_ms = parse_number<std::uint32_t>(value.substr(0, end)).value_or(0);
  return ptime_ms <= kMaxPtimeMs ? ptime_ms : 0;
}

/// `53020` or `53020 IN IP4 192.0.2.1` (RFC 3605 §2.1)
void apply_rtcp(MediaDescription& media, std::string_view value) noexcept {
  const auto port = parse_number<std::uint16_t>(take_word(value));
  if (!port || *port == 0) return;
  take_word(value);
  take_word(value);
  media.rtcp = Endpoint{.ip = IpAddress::parse(take_word(value)).value_or(IpAddress{}), .port = *port};
}

/// `1 AES_CM_128_HMAC_SHA1_80 inline:... UNENCRYPTED_SRTCP` (RFC 4568 §9.1)
void apply_crypto(MediaDescription& media, std::string_view value) {
  const auto tag = parse_number<std::uint32_t>(take_word(value));
  const std::string_view suite = take_word(value);
  const std::string_view key_params = take_word(value);
  if (!tag || key_params.empty()) return;
  media.crypto.push_back({.tag = *tag,
                          .suite = std::string(suite),
                          .key_params = std::string(key_params),
                          .session_params = std::string(value)});
}

}  // namespace

PayloadFormat* find_format(MediaDescription& media, std::uint8_t payload_type) noexcept {
  const auto found = std::ranges::find(media.formats, payload_type, &PayloadFormat::payload_type);
  return found == media.formats.end() ? nullptr : &*found;
}

std::optional<Direction> parse_direction(std::string_view name) noexcept {
  if (equals_ignore_case(name, "sendrecv")) return Direction::SendRecv;
  if (equals_ignore_case(name, "sendonly")) return Direction::SendOnly;
  if (equals_ignore_case(name, "recvonly")) return Direction::RecvOnly;
  if (equals_ignore_case(name, "inactive")) return Direction::Inactive;
  return std::nullopt;
}

void apply_attribute(MediaDescription& media, std::string_view attribute) {
  const std::string_view name = trim(take_until(attribute, ':'));
  const std::string_view value = trim(attribute);
  const auto is = [name](std::string_view wanted) { return equals_ignore_case(name, wanted); };
  if (const auto direction = parse_direction(name)) media.direction = *direction;
  if (is("rtpmap")) apply_rtpmap(media, value);
  if (is("fmtp")) apply_fmtp(media, value);
  if (is("ptime")) media.ptime_ms = parse_ptime(value);
  if (is("rtcp")) apply_rtcp(media, value);
  if (is("rtcp-mux")) media.rtcp_mux = true;
  if (is("label")) media.label = value;
  if (is("mid")) media.mid = value;
  if (is("candidate")) media.candidates.emplace_back(value);
  if (is("crypto")) apply_crypto(media, value);
  if (is("fingerprint")) media.fingerprint = value;
}

}  // namespace tapestry::sip
