#include "rtp/rtcp_book.h"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/packet_builder.h"

using namespace tapestry;
using namespace std::chrono_literals;
using testing::endpoint;

namespace {

constexpr Time kStart{std::chrono::seconds(1'790'000'000)};

void append(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned octets) {
  for (unsigned i = octets; i > 0; --i) out.push_back(static_cast<std::uint8_t>(value >> 8U * (i - 1)));
}

std::vector<std::uint8_t> sender_report(std::uint32_t ssrc, std::uint64_t ntp) {
  std::vector<std::uint8_t> out;
  append(out, 0x80c80006, 4);
  append(out, ssrc, 4);
  append(out, ntp, 8);
  append(out, 0, 4);
  append(out, 1, 4);
  append(out, 160, 4);
  return out;
}

std::vector<std::uint8_t> receiver_report(std::uint32_t about, std::uint32_t last_sr, std::uint32_t delay) {
  std::vector<std::uint8_t> out;
  append(out, 0x81c90007, 4);
  append(out, 99, 4);
  append(out, about, 4);
  append(out, 0x20000004, 4);
  append(out, 70'000, 4);
  append(out, 80, 4);
  append(out, last_sr, 4);
  append(out, delay, 4);
  return out;
}

constexpr std::uint64_t kNtp = 0x11112222'33334444;
constexpr std::uint32_t kMiddle = 0x22223333;

}  // namespace

TEST_CASE("reports find their stream by SSRC and hosts, whatever the ports") {
  rtp::RtcpBook book;
  book.add({kStart, endpoint("10.0.0.2:5001"), endpoint("10.0.0.1:4001"), receiver_report(7, 0, 0), false});
  const rtp::RtcpView* view = book.find({endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:5000"), 7});
  REQUIRE(view != nullptr);
  CHECK(view->reports == 1);
  CHECK(view->last.fraction_lost == 32);
  CHECK(view->last.cumulative_lost == 4);
  CHECK_FALSE(view->round_trip);
  CHECK(book.find({endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:5000"), 8}) == nullptr);
  CHECK(book.find({endpoint("10.0.0.2:5000"), endpoint("10.0.0.1:4000"), 7}) == nullptr);
}

TEST_CASE("a round trip is told by the sender report that passed, and the report that answers it") {
  rtp::RtcpBook book;
  const rtp::FlowKey stream{endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:5000"), 7};
  const auto sends = [&](Duration at, std::uint64_t ntp) {
    const auto report = sender_report(7, ntp);
    book.add({kStart + at, endpoint("10.0.0.1:4001"), endpoint("10.0.0.2:5001"), report, false});
  };
  sends(0s, kNtp);
  CHECK(book.find(stream) == nullptr);
  sends(5s, kNtp + (std::uint64_t{5} << 32U));
  // Half a second after the first one came, 40 ms on the way there and back.
  const auto answer = receiver_report(7, kMiddle, 0x8000);
  book.add({kStart + 540ms, endpoint("10.0.0.2:5001"), endpoint("10.0.0.1:4001"), answer, false});
  REQUIRE(book.find(stream) != nullptr);
  CHECK(book.find(stream)->round_trip == Duration(40ms));
}

TEST_CASE("what looks like RTCP and is none is counted") {
  rtp::RtcpBook book;
  std::vector<std::uint8_t> secure = receiver_report(7, 0, 0);
  secure.resize(secure.size() + 14);
  book.add({kStart, endpoint("10.0.0.2:5001"), endpoint("10.0.0.1:4001"), secure, false});
  CHECK(book.unusable() == 1);
}

TEST_CASE("of more streams than the bound the newest are known") {
  rtp::RtcpBook book;
  const auto count = static_cast<std::uint32_t>(rtp::RtcpBook::kMaxStreams + 1000);
  for (std::uint32_t n = 1; n <= count; ++n) {
    book.add({kStart, endpoint("10.0.0.2:5001"), endpoint("10.0.0.1:4001"), receiver_report(n, 0, 0), false});
  }
  const rtp::FlowKey key{endpoint("10.0.0.1:4000"), endpoint("10.0.0.2:5000"), count};
  CHECK(book.find(key) != nullptr);
  CHECK(book.find({key.source, key.destination, count - 30'000}) != nullptr);
  CHECK(book.find({key.source, key.destination, 1}) == nullptr);
}
