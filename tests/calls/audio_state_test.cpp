#include "calls/audio_state.h"

#include <catch2/catch.hpp>

#include "core/bytes.h"

using namespace tapestry;
using sip::Direction;

namespace {

std::optional<calls::AudioState> state_of(const std::string& lines) {
  const std::string text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + lines;
  const auto sdp = sip::parse_sdp(as_bytes(text));
  return sdp ? calls::audio_of(&*sdp) : std::nullopt;
}

const std::string kEnded = "m=audio 0 RTP/AVP 0\r\n";
const std::string kFax = "m=image 6000 udptl t38\r\n";

std::string line(const std::string& direction) { return "m=audio 4000 RTP/AVP 0\r\na=" + direction + "\r\n"; }

}  // namespace

TEST_CASE("one audio line that goes both ways speaks for all, else the first one does") {
  CHECK(state_of(line("sendonly") + line("sendrecv"))->direction == Direction::SendRecv);
  CHECK(state_of(line("sendonly") + line("recvonly"))->direction == Direction::SendOnly);
  CHECK(calls::silences(*state_of(line("inactive") + line("sendonly"))));
  const auto state = state_of(line("sendonly") + "m=video 5000 RTP/AVP 96\r\n" + line("sendrecv"));
  CHECK(state->lines == calls::LineSet(0b101));
  CHECK(state->silenced == calls::LineSet(0b001));
}

TEST_CASE("audio lines that have all ended silence, a fax in their place does not, nor no audio at all") {
  CHECK(state_of(kEnded)->ended);
  CHECK(calls::silences(*state_of(kEnded)));
  CHECK_FALSE(state_of(kEnded + line("sendrecv"))->ended);
  CHECK_FALSE(state_of(kEnded + kFax));
  CHECK(state_of(line("sendrecv") + kFax)->direction == Direction::SendRecv);
  CHECK_FALSE(state_of("m=video 5000 RTP/AVP 96\r\n"));
  CHECK_FALSE(calls::audio_of(nullptr));
}
