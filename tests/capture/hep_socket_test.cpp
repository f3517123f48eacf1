#include "capture/hep_socket.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "capture/decoder.h"
#include "tests/support/recording_receiver.h"
#include "tests/support/tunnel_builder.h"

namespace tapestry::capture {
namespace {

/// Sends from a loopback address of its own.
class Agent {
 public:
  Agent(const std::string& host, bool v6) : v6_(v6), fd_(::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0)) {
    if (v6_) return;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    REQUIRE(::bind(fd_, static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address) == 0);
  }
  ~Agent() { ::close(fd_); }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  void send(Bytes payload, std::uint16_t port) const {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_addr = in6addr_loopback;
    void* const to = v6_ ? static_cast<void*>(&v6) : static_cast<void*>(&v4);
    const socklen_t length = v6_ ? sizeof v6 : sizeof v4;
    REQUIRE(::sendto(fd_, payload.data(), payload.size(), 0, static_cast<sockaddr*>(to), length) ==
            static_cast<ssize_t>(payload.size()));
  }

 private:
  bool v6_;
  int fd_;
};

}  // namespace

TEST_CASE("SIP that an agent sends as HEP to the socket is decoded with its own addresses") {
  const Time now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  HepSocket socket({.listen = testing::endpoint("127.0.0.1:0")});
  const Agent agent("127.0.0.1", false);
  testing::HepFields packet;
  packet.time = now;
  const std::string message = "OPTIONS sip:a@example.com SIP/2.0\r\n\r\n";
  agent.send(testing::hep(packet, message), socket.port());
  testing::RecordingReceiver receiver;
  Decoder decoder(receiver);
  Frame frame;
  REQUIRE(socket.next(frame));
  decoder.decode(frame);
  CHECK_FALSE(socket.next(frame));
  REQUIRE(receiver.datagrams.size() == 1);
  CHECK(receiver.datagrams[0].source == packet.source);
  CHECK(receiver.datagrams[0].destination == packet.destination);
  CHECK(receiver.datagrams[0].payload == message);
  CHECK(receiver.datagrams[0].time >= now - std::chrono::seconds(1));
  CHECK(testing::value_of(socket.counters(), "live.frames") == 1);
}

TEST_CASE("a datagram to the socket keeps its addresses and its bytes, over IPv4 and IPv6, and the largest, too") {
  for (const bool v6 : {false, true}) {
    HepSocket socket({.listen = testing::endpoint(v6 ? "[::1]:0" : "127.0.0.1:0")});
    const Agent agent(v6 ? "::1" : "127.0.0.2", v6);
    testing::RecordingReceiver receiver;
    Decoder decoder(receiver);
    Frame frame;
    for (const std::size_t size : {std::size_t{1}, std::size_t{500}, std::size_t{65'507}}) {
      agent.send(testing::Buffer(size, std::uint8_t{'x'}), socket.port());
      REQUIRE(socket.next(frame));
      decoder.decode(frame);
      REQUIRE(receiver.datagrams.size() == 1);
      CHECK(receiver.datagrams[0].payload == std::string(size, 'x'));
      CHECK(receiver.datagrams[0].destination.port == socket.port());
      CHECK(receiver.datagrams[0].source.ip == *IpAddress::parse(v6 ? "::1" : "127.0.0.2"));
      receiver.datagrams.clear();
    }
  }
}

TEST_CASE("who is not in the list is not listened to, and counted") {
  HepSocket socket({.listen = testing::endpoint("127.0.0.1:0"), .from = {*Cidr::parse("127.0.0.2")}});
  const Agent stranger("127.0.0.3", false);
  const Agent agent("127.0.0.2", false);
  for (int n = 0; n < 40; ++n) stranger.send(testing::buffer("stranger"), socket.port());
  agent.send(testing::buffer("agent"), socket.port());
  Frame frame;
  CHECK_FALSE(socket.next(frame));
  REQUIRE(socket.next(frame));
  CHECK(as_text(frame.data).ends_with("agent"));
  CHECK(testing::value_of(socket.counters(), "live.hep_strangers") == 40);
}

TEST_CASE("what the kernel drops because the socket is full is told of") {
  HepSocket socket({.listen = testing::endpoint("127.0.0.1:0"), .buffer = 1U << 12U});
  const Agent agent("127.0.0.1", false);
  for (int n = 0; n < 100; ++n) agent.send(testing::Buffer(1000), socket.port());
  Frame frame;
  std::uint64_t read = 0;
  while (socket.next(frame)) ++read;
  agent.send(testing::buffer("one more"), socket.port());
  REQUIRE(socket.next(frame));
  std::vector<Drops> drops;
  std::vector<std::string> news;
  socket.look(frame.time, drops, news);
  REQUIRE(drops.size() == 1);
  CHECK(drops[0].packets + read == 100);
  CHECK(testing::value_of(socket.counters(), "live.hep_drops") == drops[0].packets);
}

TEST_CASE("an address that is taken says so") {
  const HepSocket socket({.listen = testing::endpoint("127.0.0.1:0")});
  const HepOptions same{.listen = {*IpAddress::parse("127.0.0.1"), socket.port()}};
  CHECK_THROWS_WITH(HepSocket(same), Catch::Matchers::Contains("Address already in use"));
}

}  // namespace tapestry::capture
