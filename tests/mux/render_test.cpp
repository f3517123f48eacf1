#include "mux/render.h"

#include "studio.h"

namespace tapestry::mux {
namespace {

using Lines = std::vector<std::string>;

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

}  // namespace tapestry::mux
