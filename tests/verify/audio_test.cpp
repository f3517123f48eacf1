#include "verify/audio.h"

#include <catch2/catch.hpp>

#include "ogg_opus.h"
#include "sealed.h"
#include "wav.h"

using namespace tapestry::verify;

namespace {

const PcmSink kIgnore = [](const Audio&, std::span<const std::int16_t>) {};

}  // namespace

TEST_CASE("a WAV file's samples come in order, at its own rate") {
  const Folder folder;
  std::vector<std::int16_t> pcm(30'000);
  for (std::size_t n = 0; n < pcm.size(); ++n) pcm[n] = static_cast<std::int16_t>(n);
  std::vector<std::int16_t> heard;
  const auto audio = decode_audio(folder.write("x.wav", wav(2, 8000, pcm)),
                                  [&](const Audio& so_far, std::span<const std::int16_t> part) {
                                    CHECK(so_far.frames * 2 == heard.size());
                                    heard.insert(heard.end(), part.begin(), part.end());
                                  });
  REQUIRE(audio);
  CHECK(audio->channels == 2);
  CHECK(audio->rate_hz == 8000);
  CHECK(audio->frames == 15'000);
  CHECK(heard == pcm);
}

TEST_CASE("Opus comes at 48 kHz without its pre-skip") {
  const Folder folder;
  const auto audio = decode_audio(folder.write("x.ogg", ogg_opus(3)), kIgnore);
  REQUIRE(audio);
  CHECK(audio->channels == 1);
  CHECK(audio->rate_hz == 48'000);
  CHECK(audio->frames == 3 * 48'000);
}

TEST_CASE("damage that the decoder skips is told") {
  const Folder folder;
  std::string bytes = ogg_opus(3);
  bytes[bytes.size() - 5] = static_cast<char>(bytes[bytes.size() - 5] ^ 1);
  const auto audio = decode_audio(folder.write("x.ogg", bytes), kIgnore);
  REQUIRE_FALSE(audio);
  CHECK(audio.error().starts_with("is damaged"));
}

TEST_CASE("what is no audio does not decode") {
  const Folder folder;
  CHECK_FALSE(decode_audio(folder.write("x.wav", "no audio at all"), kIgnore));
  CHECK_FALSE(decode_audio(folder.write("empty.wav", ""), kIgnore));
  CHECK_FALSE(decode_audio(folder.path() / "none.wav", kIgnore));
}

TEST_CASE("a playlist does not make the decoder open other files") {
  const Folder folder;
  const auto real = folder.write("real.wav", wav(1, 8000, std::vector<std::int16_t>(8000)));
  CHECK_FALSE(
      decode_audio(folder.write("a.txt", "ffconcat version 1.0\nfile " + real.filename().string() + "\n"), kIgnore));
  CHECK_FALSE(decode_audio(
      folder.write("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.wav\n#EXT-X-ENDLIST\n"), kIgnore));
}
