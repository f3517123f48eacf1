#include "sipparse/sdp.h"

#include <algorithm>
#include <array>

#include "sipparse/header_lines.h"
#include "sipparse/media_attribute.h"
#include "sipparse/payload_type.h"
#include "sipparse/text.h"

namespace tapestry::sip {
namespace {

/// What the session level says for all media that do not say otherwise.
struct SessionDefaults {
  std::string connection_host;
  std::optional<IpAddress> connection;
  Direction direction = Direction::SendRecv;
  std::string fingerprint;
};

class Reader {
 public:
  void line(char type, std::string_view value) {
    if (type == 'm') return media_line(value);
    if (dropping_) return;
    if (type == 'c') return connection_line(value);
    if (type == 'a') return attribute_line(value);
    if (!sdp_.media.empty()) return;
    if (type == 'v') has_version_ = true;
    if (type == 'o') origin_line(value);
    if (type == 's') sdp_.session_name = value;
  }

  std::optional<Sdp> finish() {
    if (!has_version_ && sdp_.media.empty()) return std::nullopt;
    for (MediaDescription& media : sdp_.media) inherit(media);
    return std::move(sdp_);
  }

 private:
  void origin_line(std::string_view value) {
    sdp_.origin = value;
    // From the right: user names with blanks exist.
    std::array<std::string_view, 4> last{};
    while (!value.empty()) {
      std::shift_left(last.begin(), last.end(), 1);
      last.back() = take_word(value);
    }
    sdp_.session_version = parse_number<std::uint64_t>(last.front()).value_or(0);
  }

  void media_line(std::string_view value) {
    dropping_ = sdp_.media.size() == kMaxMedia;
    sdp_.overflowed = sdp_.overflowed || dropping_;
    if (dropping_) return;
    MediaDescription& media = sdp_.media.emplace_back();
    media.direction = session_.direction;
    media.media = take_word(value);
    std::string_view port = take_word(value);
    media.port = parse_number<std::uint16_t>(take_until(port, '/')).value_or(0);
    media.port_count = std::max<std::uint16_t>(1, parse_number<std::uint16_t>(port).value_or(1));
    media.protocol = take_word(value);
    if (std::string_view(media.protocol).contains("RTP")) read_formats(media, value);
  }

  void read_formats(MediaDescription& media, std::string_view numbers) {
    while (!numbers.empty()) {
      const auto number = parse_number<std::uint8_t>(take_word(numbers));
      if (!number || *number > 127 || find_format(media, *number) != nullptr) continue;
      if (media.formats.size() == kMaxFormats) {
        sdp_.overflowed = true;
        return;
      }
      PayloadFormat& format = media.formats.emplace_back();
      format.payload_type = *number;
      if (const StaticPayloadType* const known = static_payload_type(*number)) {
        format.encoding = known->encoding;
        format.clock_hz = known->clock_hz;
        format.channels = known->channels;
      }
    }
  }

  void connection_line(std::string_view value) {
    std::string& host = sdp_.media.empty() ? session_.connection_host : sdp_.media.back().connection_host;
    if (!host.empty()) return;
    take_word(value);
    take_word(value);
    value = take_word(value);
    host = take_until(value, '/');
    (sdp_.media.empty() ? session_.connection : sdp_.media.back().connection) = IpAddress::parse(host);
  }

  void attribute_line(std::string_view value) {
    std::vector<std::string>& attributes = sdp_.media.empty() ? sdp_.attributes : sdp_.media.back().attributes;
    if (attributes.size() == kMaxAttributes) {
      sdp_.overflowed = true;
      return;
    }
    attributes.emplace_back(value);
    if (!sdp_.media.empty()) return apply_attribute(sdp_.media.back(), value);
    const std::string_view name = trim(take_until(value, ':'));
    if (const auto direction = parse_direction(name)) session_.direction = *direction;
    if (equals_ignore_case(name, "fingerprint")) session_.fingerprint = trim(value);
  }

  void inherit(MediaDescription& media) const {
    if (media.connection_host.empty()) {
      media.connection_host = session_.connection_host;
      media.connection = session_.connection;
    }
    if (media.fingerprint.empty()) media.fingerprint = session_.fingerprint;
    if (media.rtcp && media.rtcp->ip.is_unspecified()) {
      if (media.connection) media.rtcp->ip = *media.connection;
    }
  }

  Sdp sdp_;
  SessionDefaults session_;
  bool has_version_ = false;
  bool dropping_ = false;  ///< inside a media description beyond kMaxMedia
};

}  // namespace

std::optional<Sdp> parse_sdp(Bytes body) {
  Reader reader;
  std::string_view rest = as_text(body);
  while (!rest.empty()) {
    const std::string_view line = trim(take_line(rest));
    if (line.size() >= 2 && line[1] == '=') reader.line(line[0], trim(line.substr(2)));
  }
  return reader.finish();
}

}  // namespace tapestry::sip
