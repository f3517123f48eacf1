#include "mux/writer.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "mux/opus_channel.h"
#include "studio.h"

namespace tapestry::mux {
namespace {

/// What FFmpeg decodes: interleaved 16-bit samples of two channels.
std::vector<std::int16_t> decode_by_ffmpeg(const std::filesystem::path& path) {
  const std::string command = "ffmpeg -v error -i '" + path.string() + "' -f s16le - 2>&1";
  std::vector<std::int16_t> samples(1U << 24U);
  FILE* pipe = popen(command.c_str(), "r");
  samples.resize(std::fread(samples.data(), sizeof(std::int16_t), samples.size(), pipe));
  if (pclose(pipe) != 0) samples.clear();
  return samples;
}

std::string probe(const std::filesystem::path& path) {
  const std::string command =
      "ffprobe -v error -show_entries format_tags:stream_tags:stream=channels,sample_rate,codec_name "
      "-of flat '" +
      path.string() + "' 2>&1";
  std::string text(1U << 16U, ' ');
  FILE* pipe = popen(command.c_str(), "r");
  text.resize(std::fread(text.data(), 1, text.size(), pipe));
  (void)pclose(pipe);
  return text;
}

bool have_ffmpeg() {
  if (std::system("ffmpeg -version >/dev/null 2>&1 && ffprobe -version >/dev/null 2>&1") == 0) return true;
  WARN("no ffmpeg: skipped");
  return false;
}

std::unique_ptr<Studio> conversation() {
  auto studio = std::make_unique<Studio>(9'876'500us);
  studio->play(0, Sender{.signal = sine(440)}.packets(500));
  studio->play(1, Sender{.signal = sine(600)}.packets(500));
  return studio;
}

}  // namespace

TEST_CASE("libsndfile reads WAV, FLAC and G.711 back as the same samples") {
  const auto studio = conversation();
  const Heard wav = listen(studio->render(Format::Wav).path);
  const Heard flac = listen(studio->render(Format::Flac).path);
  const Heard g711 = listen(studio->render(Format::G711).path);
  CHECK(wav.channels == 2);
  CHECK(wav.rate_hz == 8000);
  REQUIRE(wav.left.size() == 79'012);
  CHECK((wav.left == flac.left && wav.right == flac.right));
  CHECK((wav.left == g711.left && wav.right == g711.right));
}

TEST_CASE("FFmpeg reads every lossless format as the same samples") {
  if (!have_ffmpeg()) return;
  const auto studio = conversation();
  for (const Format format : {Format::Wav, Format::Flac, Format::G711}) {
    const Rendered rendered = studio->render(format);
    const Heard heard = listen(rendered.path);
    const auto samples = decode_by_ffmpeg(rendered.path);
    REQUIRE(samples.size() == 2 * rendered.samples);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < heard.left.size(); ++i) {
      wrong += samples[2 * i] != heard.left[i] || samples[2 * i + 1] != heard.right[i] ? 1U : 0U;
    }
    CHECK(wrong == 0);
    CHECK_THAT(probe(rendered.path), Catch::Contains("\"A call\"") &&
                                         Catch::Contains("vcon 0192d4f1-0000-8000-8000-000000000001 start 2026-"));
  }
}

TEST_CASE("Ogg Opus decodes to two separate channels of the exact length") {
  if (!have_ffmpeg()) return;
  const auto studio = conversation();
  const Rendered rendered = studio->render(Format::Opus);
  CHECK(rendered.extension == ".ogg");
  CHECK(rendered.mediatype == "audio/ogg");
  const auto samples = decode_by_ffmpeg(rendered.path);
  REQUIRE(samples.size() == 2 * 6 * rendered.samples);
  for (const auto& [channel, hertz] : {std::pair(0U, 440.0), std::pair(1U, 600.0)}) {
    double in_phase = 0;
    double energy = 0;
    for (std::size_t i = 48'000; i < 6 * 70'000; ++i) {
      const double expect = sine(hertz)(static_cast<double>(i) / 48'000);
      in_phase += expect * samples[2 * i + channel];
      energy += expect * expect;
    }
    CHECK(in_phase / energy > 0.8);
    CHECK(in_phase / energy < 1.2);
  }
  CHECK_THAT(probe(rendered.path), Catch::Contains("channels=2") &&
                                       Catch::Contains("TITLE=\"A call\"", Catch::CaseSensitive::No) &&
                                       Catch::Contains("VCON_UUID=\"0192d4f1-0000-8000-8000-000000000001\"") &&
                                       Catch::Contains("DATE=\"2026-", Catch::CaseSensitive::No));
}

TEST_CASE("Ogg Opus of any length decodes to that length") {
  if (!have_ffmpeg()) return;
  for (const std::uint64_t length : {107U, 108U, 109U, 160U, 8000U, 8107U, 8109U}) {
    Studio studio(Duration(length * 125'000));
    studio.play(0, Sender{.signal = sine(440)}.packets(100));
    const Rendered rendered = studio.render(Format::Opus);
    CHECK(rendered.samples == length);
    CHECK(decode_by_ffmpeg(rendered.path).size() == 12 * length);
  }
}

TEST_CASE("self-delimiting packets carry their length in one octet or two") {
  std::vector<std::uint8_t> packet(252, 7);
  packet[0] = 0x08;
  std::vector<std::uint8_t> out;
  append_self_delimited(packet, out);
  REQUIRE(out.size() == 253);
  CHECK(out[0] == 0x08);
  CHECK(out[1] == 251);
  packet.resize(1276, 7);
  out.clear();
  append_self_delimited(packet, out);
  REQUIRE(out.size() == 1278);
  CHECK(out[1] + 4 * out[2] == 1275);
}

}  // namespace tapestry::mux
