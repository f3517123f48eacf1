// SRTP packets from any bytes under keys of every profile, as the first two bytes choose: what is opened is no longer
// than what came. Each packet has a length (two bytes) before it.
#include <array>
#include <cstdlib>
#include <vector>

#include "mux/srtp.h"

namespace {

using namespace tapestry;

constexpr std::array kProfiles{"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AES_192_CM_HMAC_SHA1_80",
                               "AES_256_CM_HMAC_SHA1_32", "AEAD_AES_128_GCM",        "AEAD_AES_256_GCM"};

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Cursor input(Bytes(data, size));
  calls::SrtpKey key;
  key.profile = kProfiles[input.u8() % kProfiles.size()];
  key.secret = Secret(std::vector<std::uint8_t>(calls::srtp_profile(key.profile)->secret, 7));
  const std::uint8_t options = input.u8();
  key.mki.resize((options & 1U) != 0 ? options >> 1U : 0);
  key.encrypts = options < 128;
  calls::Track track;
  track.encryption = key.profile;
  track.srtp_keys = {key};
  mux::Decryptor decryptor(track);
  for (int packets = 0; packets < 16 && input.left() >= 2; ++packets) {
    const std::size_t length = input.u16() % 1500;
    const Bytes raw = input.take(std::min(length, input.left()));
    const auto packet = rtp::parse_packet(raw, Time(), rtp::Padding::Unknown);
    if (!packet) continue;
    decryptor.begin_chunk(raw);
    const auto opened = decryptor.open(*packet);
    require(opened.packet.payload.size() <= raw.size() && opened.packet.ssrc == packet->ssrc);
  }
  return 0;
}
