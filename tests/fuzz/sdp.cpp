// Session descriptions from any bytes: the bounds hold and no text is longer than the input.
#include <cstdint>
#include <cstdlib>

#include "sipparse/sdp.h"

namespace {

using namespace tapestry;

void require(bool good) {
  if (!good) std::abort();
}

void check_media(const sip::MediaDescription& media, std::size_t size) {
  require(media.formats.size() <= sip::kMaxFormats && media.attributes.size() <= sip::kMaxAttributes);
  require(media.candidates.size() + media.crypto.size() <= sip::kMaxAttributes);
  require(media.port_count != 0);
  for (const sip::PayloadFormat& format : media.formats) {
    require(format.payload_type < 128 && format.channels != 0);
    require(format.encoding.size() <= size && format.parameters.size() <= size);
  }
  std::size_t total = media.media.size() + media.protocol.size();
  for (const auto& attribute : media.attributes) total += attribute.size();
  require(total <= size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto sdp = sip::parse_sdp(Bytes(data, size));
  if (!sdp) return 0;
  require(sdp->media.size() <= sip::kMaxMedia && sdp->attributes.size() <= sip::kMaxAttributes);
  for (const sip::MediaDescription& media : sdp->media) check_media(media, size);
  return 0;
}
