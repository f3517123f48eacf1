#include "mux/render.h"

#include <sndfile.h>

#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

#include "studio.h"

namespace tapestry::mux {
namespace {

using Lines = std::vector<std::string>;

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What a WAV file's data chunk holds.
std::vector<std::uint8_t> raw_codes(const std::filesystem::path& path) {
  SF_INFO info{};
  SNDFILE* file = sf_open(path.c_str(), SFM_READ, &info);
  std::vector<std::uint8_t> codes(static_cast<std::size_t>(2 * info.frames));
  const auto read = sf_read_raw(file, codes.data(), static_cast<sf_count_t>(codes.size()));
  (void)sf_close(file);
  codes.resize(static_cast<std::size_t>(read));
  return codes;
}

}  // namespace

TEST_CASE("two clean streams become two channels, sample for sample") {
  Studio studio;
  studio.play(0, Sender{.signal = sine(440)}.packets(500));
  studio.play(1, Sender{.signal = sine(600), .law = Law::A}.packets(500));
  const Rendered rendered = studio.render(Format::Wav);
  CHECK(rendered.samples == 80'000);
  CHECK(rendered.extension == ".wav");
  CHECK(rendered.mediatype == "audio/x-wav");
  CHECK(rendered.codecs == Lines{"PCMA", "PCMU"});
  CHECK(describe(rendered.gaps) == Lines{});
  CHECK(rendered.packets.expected == 1000);
  CHECK(rendered.packets.received == 1000);
  const Heard heard = listen(rendered.path);
  REQUIRE(heard.left.size() == 80'000);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < 80'000; ++i) {
    const double seconds = static_cast<double>(i) / 8000;
    const auto expect = [&](Law law, double hertz) {
      return decode(law, encode(law, static_cast<std::int16_t>(std::lround(sine(hertz)(seconds)))));
    };
    if (heard.left[i] != expect(Law::Mu, 440) || heard.right[i] != expect(Law::A, 600)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("the length is the plan's to the sample, whatever was heard") {
  for (const Duration length :
       std::array{Duration(0ns), Duration(1ns), Duration(62'500ns), Duration(1s), Duration(3'333'333'333ns)}) {
    for (const Format format : {Format::Wav, Format::G711, Format::Flac, Format::Opus}) {
      Studio studio(length);
      studio.play(0, Sender{.signal = sine(440), .first = -100ms}.packets(200));
      const Rendered rendered = studio.render(format);
      CHECK(rendered.samples == static_cast<std::uint64_t>(std::llround(to_seconds(length) * 8000)));
      // libsndfile makes no header of a FLAC file without samples.
      const bool readable = format != Format::Opus && (format != Format::Flac || rendered.samples > 0);
      if (readable) CHECK(listen(rendered.path).left.size() == rendered.samples);
    }
  }
}

TEST_CASE("a plan that ends before it begins gives an empty recording") {
  Studio studio(-5s);
  CHECK(studio.render().samples == 0);
}

TEST_CASE("tracks of one channel are summed and limited") {
  Studio studio(2s);
  studio.play(0, Sender{.signal = [](double) { return 20'000.0; }}.packets(100));
  studio.play(0, Sender{.signal = [](double t) { return t < 1 ? 5000.0 : 20'000.0; }, .law = Law::A}.packets(100));
  const Heard heard = studio.heard();
  const auto value = [](Law law, int sample) { return decode(law, encode(law, static_cast<std::int16_t>(sample))); };
  CHECK(heard.left[4000] == value(Law::Mu, 20'000) + value(Law::A, 5000));
  CHECK(heard.left[12'000] == 32'767);
}

TEST_CASE("G.711 codes come out as they came in, and missing ones are silence") {
  for (const Law law : {Law::Mu, Law::A}) {
    auto packets = Sender{.law = law}.packets(500);
    std::mt19937 random(3);
    std::vector<std::uint8_t> expected(80'000, silence_code(law));
    for (std::size_t i = 0; i < packets.size(); ++i) {
      for (std::uint8_t& code : packets[i].payload) code = static_cast<std::uint8_t>(random());
      if (i != 99) std::ranges::copy(packets[i].payload, expected.begin() + static_cast<std::ptrdiff_t>(i * 160));
    }
    packets.erase(packets.begin() + 99);
    Studio studio;
    studio.play(0, packets);
    const Rendered rendered = studio.render(Format::G711);
    CHECK(rendered.extension == ".wav");
    const std::vector<std::uint8_t> codes = raw_codes(rendered.path);
    REQUIRE(codes.size() == 160'000);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < 80'000; ++i) {
      wrong += codes[2 * i] != expected[i] || codes[2 * i + 1] != silence_code(law) ? 1U : 0U;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("G.711 with both laws falls back to 16 bits") {
  Studio studio;
  studio.play(0, Sender{.signal = sine(440)}.packets(500));
  studio.play(1, Sender{.signal = sine(440), .law = Law::A}.packets(500));
  Studio wav;
  wav.play(0, Sender{.signal = sine(440)}.packets(500));
  wav.play(1, Sender{.signal = sine(440), .law = Law::A}.packets(500));
  CHECK(bytes_of(studio.render(Format::G711).path) == bytes_of(wav.render(Format::Wav).path));
}

TEST_CASE("codes are passed on at their own rate only") {
  Studio studio(2s);
  std::vector<Sent> packets = Sender{.signal = sine(440)}.packets(100);
  // One packet that calls itself G.722 and lies far in the past: it sets the rate, and is not heard.
  packets[50].type = 9;
  packets[50].timestamp -= 40'000'000;
  studio.play(0, packets);
  const Rendered rendered = studio.render(Format::G711);
  const Heard heard = listen(rendered.path);
  CHECK(heard.rate_hz == rendered.sample_rate_hz);
  CHECK(heard.left.size() == 2 * heard.rate_hz);
  CHECK(rendered.samples == heard.left.size());
}

TEST_CASE("overlapping tracks of one law are mixed in its codes") {
  Studio studio(1s);
  studio.play(0, Sender{.signal = [](double) { return 5000.0; }}.packets(50));
  studio.play(0, Sender{.signal = [](double) { return 3000.0; }, .first = 500ms}.packets(25));
  const Heard heard = listen(studio.render(Format::G711).path);
  CHECK(std::abs(heard.left[100] - 5000) < 150);
  CHECK(std::abs(heard.left[7000] - 8000) < 400);
}

TEST_CASE("a concealed loss goes on like what came before, and fades") {
  auto packets = Sender{.signal = sine(200)}.packets(100);
  packets.erase(packets.begin() + 50, packets.begin() + 53);
  Studio studio(2s);
  studio.play(0, packets);
  const auto heard = studio.heard().left;
  double error = 0;
  for (std::size_t i = 8000; i < 8160; ++i) {
    const double expect = sine(200)(static_cast<double>(i) / 8000) * (1 - static_cast<double>(i - 8000) / 480);
    error = std::max(error, std::abs(heard[i] - expect));
  }
  CHECK(error < 600);
  CHECK(std::abs(heard[8479]) < 50);
}

TEST_CASE("equal input gives equal bytes") {
  for (const Format format : {Format::Wav, Format::G711, Format::Flac, Format::Opus}) {
    std::array<std::vector<std::uint8_t>, 2> files;
    for (auto& file : files) {
      Studio studio;
      studio.play(0, Sender{.signal = sine(440)}.packets(500));
      studio.play(1, Sender{.signal = sine(340)}.packets(400));
      file = bytes_of(studio.render(format).path);
    }
    CHECK((files[0] == files[1]));
  }
}

TEST_CASE("the observer sees the file's bytes in order, except of FLAC") {
  for (const Format format : {Format::Wav, Format::G711, Format::Flac, Format::Opus}) {
    Studio studio;
    studio.play(0, Sender{.signal = sine(440)}.packets(500));
    std::vector<std::uint8_t> seen;
    studio.observer = [&](Bytes bytes) { seen.insert(seen.end(), bytes.begin(), bytes.end()); };
    const Rendered rendered = studio.render(format);
    CHECK(rendered.observed == (format != Format::Flac));
    CHECK((bytes_of(rendered.path) == seen) == rendered.observed);
  }
}

TEST_CASE("a folder that is not there is an error with the path") {
  Studio studio;
  CHECK_THROWS_WITH(mux::render(studio.plan, studio.tracks, studio.spool, {}, {}, {studio.folder / "no" / "file", {}}),
                    Catch::Contains("no/file: No such file or directory"));
}

TEST_CASE("a full disk is an error") {
  if (!std::filesystem::exists("/dev/full")) return;
  for (const Format format : {Format::Wav, Format::G711, Format::Opus}) {
    Studio studio;
    studio.play(0, Sender{.signal = sine(440)}.packets(500));
    CHECK_THROWS_AS(mux::render(studio.plan, studio.tracks, studio.spool, {.format = format}, {}, {"/dev/full", {}}),
                    std::runtime_error);
  }
}

}  // namespace tapestry::mux
