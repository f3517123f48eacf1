#include "mux/speex_payload.h"

#include <catch2/catch.hpp>

#include "encoders.h"

namespace tapestry::mux {

TEST_CASE("libspeex' packets have as many frames as it says, in every quality") {
  for (const int hz : {8000, 16'000, 32'000}) {
    for (const int frames : {1, 3}) {
      for (const char* const quality : {"0", "2", "4", "6", "8", "10"}) {
        const EncoderSettings settings{
            .name = "libspeex",
            .sample_hz = hz,
            .options = {{"cbr_quality", quality}, {"frames_per_packet", std::to_string(frames)}}};
        for (const auto& payload : encode_frames(settings, voice(1, hz))) {
          CHECK(count_speex_frames(payload, static_cast<std::uint32_t>(hz)) == static_cast<std::uint32_t>(frames));
        }
      }
    }
  }
}

TEST_CASE("bits that are no Speex frames are none") {
  CHECK_FALSE(count_speex_frames({}, 8000));
  CHECK_FALSE(count_speex_frames(std::vector<std::uint8_t>{0x80, 0}, 8000));     // a high band without a low one
  CHECK_FALSE(count_speex_frames(std::vector<std::uint8_t>{0x48, 0}, 8000));     // submode 9 is reserved
  CHECK_FALSE(count_speex_frames(std::vector<std::uint8_t>{0x18, 0, 0}, 8000));  // cut
  CHECK_FALSE(count_speex_frames(std::vector<std::uint8_t>{0x78}, 8000));        // a terminator alone
}

}  // namespace tapestry::mux
