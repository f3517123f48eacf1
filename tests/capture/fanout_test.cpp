#include "capture/fanout.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/support/packet_builder.h"

namespace tapestry::capture {
namespace {

using testing::Buffer;
using testing::endpoint;

/// The program as an interpreter runs it, on a packet that begins with its IP header.
std::uint32_t ring_of(const Buffer& packet) {
  static const BpfProgram program = fanout_program(0);
  return run_program(program, packet);
}

Buffer udp(const Endpoint& from, const Endpoint& to) {
  return testing::ip_packet(from.ip, to.ip, testing::kUdp, testing::udp_segment(from, to, testing::buffer("payload")));
}

Buffer udp(std::string_view from, std::string_view to) { return udp(endpoint(from), endpoint(to)); }

}  // namespace

TEST_CASE("media of both directions of a call goes to one ring") {
  for (const auto& [one, other] :
       {std::pair("192.0.2.1:16400", "198.51.100.7:40000"), std::pair("[2001:db8::1]:16400", "[2001:db8::2]:40002")}) {
    CHECK(ring_of(udp(one, other)) == ring_of(udp(other, one)));
    CHECK(ring_of(udp(one, other)) != 0);
  }
}

TEST_CASE("media of many calls is spread over the rings") {
  for (const std::string_view gateway : {"192.0.2.1", "2001:db8::1"}) {
    std::array<int, 4> rings{};
    for (std::uint16_t call = 0; call < 1000; ++call) {
      const Endpoint from{*IpAddress::parse(gateway), static_cast<std::uint16_t>(16'384 + 2 * call)};
      Endpoint to = endpoint(gateway.find(':') == std::string_view::npos ? "10.0.0.0:30000" : "[2001:db8::]:30000");
      to.ip.octets[15] = static_cast<std::uint8_t>(call % 200);
      ++rings.at(ring_of(udp(from, to)) % 4);
    }
    for (const int count : rings) CHECK(count > 150);
  }
}

TEST_CASE("SIP over UDP goes to the first ring, from and to its ports") {
  CHECK(ring_of(udp("192.0.2.1:5060", "198.51.100.7:40000")) == 0);
  CHECK(ring_of(udp("192.0.2.1:16400", "198.51.100.7:5090")) == 0);
  CHECK(ring_of(udp("[2001:db8::1]:33333", "[2001:db8::2]:5061")) == 0);
  CHECK(ring_of(udp("192.0.2.1:5059", "198.51.100.7:5091")) != 0);
}

TEST_CASE("TCP, fragments and what is no IP go to the first ring") {
  const Endpoint from = endpoint("192.0.2.1:16400");
  const Endpoint to = endpoint("198.51.100.7:40000");
  CHECK(ring_of(testing::ip_packet(from.ip, to.ip, testing::kTcp, testing::tcp_segment(from, to, {}, {}))) == 0);
  const Buffer large = testing::ip_packet(from.ip, to.ip, testing::kUdp,
                                          testing::udp_segment(from, to, Buffer(3000, std::uint8_t{7})), 99);
  for (const Buffer& fragment : testing::fragments(large, 1500)) CHECK(ring_of(fragment) == 0);
  const Endpoint from6 = endpoint("[2001:db8::1]:16400");
  const Endpoint to6 = endpoint("[2001:db8::2]:40000");
  const Buffer large6 = testing::ip_packet(from6.ip, to6.ip, testing::kUdp,
                                           testing::udp_segment(from6, to6, Buffer(3000, std::uint8_t{7})));
  for (const Buffer& fragment : testing::fragments(large6, 1500)) CHECK(ring_of(fragment) == 0);
  CHECK(ring_of(testing::buffer("\x81\x00\x00\x05 an MPLS label, say")) == 0);
  CHECK(ring_of({}) == 0);
  Buffer cut = udp(from, to);
  cut.resize(21);
  CHECK(ring_of(cut) == 0);
}

TEST_CASE("IP options do not hide the ports") {
  Buffer packet = udp("192.0.2.1:5060", "198.51.100.7:40000");
  packet[0] = 0x46;
  packet.insert(packet.begin() + 20, {1, 1, 1, 1});
  CHECK(ring_of(packet) == 0);
}

}  // namespace tapestry::capture
