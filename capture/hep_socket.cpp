#include "capture/hep_socket.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "capture/link_type.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kAtOnce = 32;
constexpr std::size_t kHeaders = 48;  // IPv6 and UDP
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kMostPayload = 65'507;  // of UDP over IPv4
constexpr std::size_t kControl = 128;

std::uint8_t high(std::size_t value) noexcept { return static_cast<std::uint8_t>(value >> 8U & 0xffU); }
std::uint8_t low(std::size_t value) noexcept { return static_cast<std::uint8_t>(value & 0xffU); }

Endpoint endpoint_of(const sockaddr_storage& address) noexcept {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &v4.sin_addr, octets.size());
    return {IpAddress::from_bytes(octets), ntohs(v4.sin_port)};
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &v6.sin6_addr, octets.size());
  return {IpAddress::from_bytes(octets), ntohs(v6.sin6_port)};
}

socklen_t fill(const Endpoint& endpoint, sockaddr_storage& address) noexcept {
  if (endpoint.ip.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, endpoint.ip.octets.data() + 12, 4);
    std::memcpy(&address, &v4, sizeof v4);
    return sizeof v4;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(endpoint.port);
  std::memcpy(&v6.sin6_addr, endpoint.ip.octets.data(), 16);
  std::memcpy(&address, &v6, sizeof v6);
  return sizeof v6;
}

sockaddr* generic(sockaddr_storage& address) noexcept { return static_cast<sockaddr*>(static_cast<void*>(&address)); }

/// Puts IP and UDP headers before the payload that ends `room`; gives the packet.
Bytes wrap(std::span<std::uint8_t> room, const Endpoint& from, const Endpoint& to) noexcept {
  const std::size_t udp = room.size() - kHeaders + kUdpHeader;
  const bool v4 = from.ip.is_v4() && to.ip.is_v4();
  const std::size_t header = v4 ? 20 : 40;
  const auto packet = room.subspan(kHeaders - kUdpHeader - header);
  std::ranges::fill(packet.first(header + kUdpHeader), std::uint8_t{0});
  const std::size_t address = v4 ? 4 : 16;
  const std::size_t addresses_at = v4 ? 12 : 8;
  if (v4) {
    packet[0] = 0x45;
    packet[2] = high(header + udp);
    packet[3] = low(header + udp);
    packet[8] = 64;
    packet[9] = IPPROTO_UDP;
  } else {
    packet[0] = 0x60;
    packet[4] = high(udp);
    packet[5] = low(udp);
    packet[6] = IPPROTO_UDP;
    packet[7] = 64;
  }
  std::ranges::copy(Bytes(from.ip.octets).last(address), packet.subspan(addresses_at).begin());
  std::ranges::copy(Bytes(to.ip.octets).last(address), packet.subspan(addresses_at + address).begin());
  const auto ports = packet.subspan(header);
  ports[0] = high(from.port);
  ports[1] = low(from.port);
  ports[2] = high(to.port);
  ports[3] = low(to.port);
  ports[4] = high(udp);
  ports[5] = low(udp);
  return packet;
}

}  // namespace

struct HepSocket::State {
  struct Slot {
    std::array<std::uint8_t, kHeaders + kMostPayload> bytes;
    alignas(cmsghdr) std::array<std::uint8_t, kControl> control;
    sockaddr_storage from;
    iovec part;
  };

  HepOptions options;
  std::string name;
  int fd = -1;
  std::vector<Slot> slots = std::vector<Slot>(kAtOnce);
  std::array<mmsghdr, kAtOnce> messages{};
  std::size_t filled = 0;
  std::size_t taken = 0;
  std::uint64_t datagrams = 0;
  std::uint64_t strangers = 0;
  std::uint64_t drops = 0;
  std::uint64_t told_drops = 0;
  std::uint32_t kernel_drops = 0;  ///< as the kernel counts them; wraps
  Time looked{};

  void open() {
    sockaddr_storage address{};
    const socklen_t length = fill(options.listen, address);
    fd = ::socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    const int size = static_cast<int>(options.buffer);
    const bool good = fd >= 0 && ::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0 &&
                      ::setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on) == 0;
    if (good && ::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) {
      (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    }
    if (!good || ::bind(fd, generic(address), length) != 0) {
      const int error = errno;
      if (fd >= 0) ::close(fd);
      throw std::runtime_error(
          fmt::format("cannot listen for HEP at {}: {}", name, std::generic_category().message(error)));
    }
    socklen_t bound = sizeof address;
    if (::getsockname(fd, generic(address), &bound) == 0) options.listen.port = endpoint_of(address).port;
  }

  void receive() {
    for (std::size_t i = 0; i < kAtOnce; ++i) {
      Slot& slot = slots[i];
      slot.part = {slot.bytes.data() + kHeaders, kMostPayload};
      messages[i] = {};
      messages[i].msg_hdr.msg_name = &slot.from;
      messages[i].msg_hdr.msg_namelen = sizeof slot.from;
      messages[i].msg_hdr.msg_iov = &slot.part;
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_control = slot.control.data();
      messages[i].msg_hdr.msg_controllen = slot.control.size();
    }
    const int count = ::recvmmsg(fd, messages.data(), kAtOnce, 0, nullptr);
    filled = count > 0 ? static_cast<std::size_t>(count) : 0;
    taken = 0;
  }

  /// The kernel's time of arrival; counts what it dropped before.
  Time read_control(msghdr& header) {
    Time time = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    for (cmsghdr* one = CMSG_FIRSTHDR(&header); one != nullptr; one = CMSG_NXTHDR(&header, one)) {
      if (one->cmsg_level != SOL_SOCKET) continue;
      if (one->cmsg_type == SCM_TIMESTAMPNS) {
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(one), sizeof stamp);
        time = Time(std::chrono::seconds(stamp.tv_sec)) + Duration(stamp.tv_nsec);
      } else if (one->cmsg_type == SO_RXQ_OVFL) {
        std::uint32_t now = 0;
        std::memcpy(&now, CMSG_DATA(one), sizeof now);
        drops += now - kernel_drops;
        kernel_drops = now;
      }
    }
    return time;
  }

  [[nodiscard]] bool is_listened_to(const IpAddress& ip) const {
    return options.from.empty() ||
           std::ranges::any_of(options.from, [&ip](const Cidr& range) { return range.contains(ip); });
  }
};

HepSocket::HepSocket(const HepOptions& options) : state_(std::make_unique<State>()) {
  state_->options = options;
  state_->name = options.listen.to_string();
  state_->open();
}

HepSocket::~HepSocket() { ::close(state_->fd); }

const std::string& HepSocket::name() const noexcept { return state_->name; }
std::uint16_t HepSocket::port() const noexcept { return state_->options.listen.port; }
std::vector<int> HepSocket::descriptors() const { return {state_->fd}; }

bool HepSocket::next(Frame& frame) {
  State& state = *state_;
  for (std::size_t strangers = 0; strangers < kAtOnce;) {
    if (state.taken == state.filled) state.receive();
    if (state.filled == 0) return false;
    const std::size_t at = state.taken++;
    State::Slot& slot = state.slots[at];
    frame.time = state.read_control(state.messages[at].msg_hdr);
    const Endpoint from = endpoint_of(slot.from);
    if (!state.is_listened_to(from.ip)) {
      ++state.strangers;
      ++strangers;
      continue;
    }
    ++state.datagrams;
    const std::span<std::uint8_t> room(slot.bytes.data(), kHeaders + state.messages[at].msg_len);
    frame.data = wrap(room, from, state.options.listen);
    frame.link_type = link::kRaw;
    frame.original_length = static_cast<std::uint32_t>(frame.data.size());
    return true;
  }
  return false;
}

void HepSocket::look(Time now, std::vector<Drops>& drops, std::vector<std::string>&) {
  State& state = *state_;
  if (state.drops > state.told_drops) {
    drops.push_back({state.looked == Time{} ? now : state.looked, now, state.drops - state.told_drops});
  }
  state.told_drops = state.drops;
  state.looked = now;
}

Counters HepSocket::counters() const {
  return {
      {"live.frames", state_->datagrams}, {"live.hep_strangers", state_->strangers}, {"live.hep_drops", state_->drops}};
}

}  // namespace tapestry::capture
