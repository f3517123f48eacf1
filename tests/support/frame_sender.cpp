#include "tests/support/frame_sender.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace tapestry::testing {
namespace {

constexpr std::size_t kAtOnce = 64;

class Socket {
 public:
  explicit Socket(const std::string& interface) : fd_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
    void* const untyped = &address;
    if (fd_ >= 0 && ::bind(fd_, static_cast<sockaddr*>(untyped), sizeof address) == 0) return;
    const int error = errno;
    if (fd_ >= 0) ::close(fd_);
    throw std::system_error(error, std::generic_category(), "cannot send on " + interface);
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void send(std::span<const TimedFrame> frames) const {
    std::array<mmsghdr, kAtOnce> messages{};
    std::array<iovec, kAtOnce> parts{};
    for (std::size_t i = 0; i < frames.size(); ++i) {
      parts.at(i) = {const_cast<std::uint8_t*>(frames[i].frame.data()), frames[i].frame.size()};
      messages.at(i).msg_hdr.msg_iov = &parts.at(i);
      messages.at(i).msg_hdr.msg_iovlen = 1;
    }
    for (std::size_t sent = 0; sent < frames.size();) {
      const int count = ::sendmmsg(fd_, messages.data() + sent, static_cast<unsigned>(frames.size() - sent), 0);
      if (count < 0 && errno != ENOBUFS && errno != EAGAIN) {
        throw std::system_error(errno, std::generic_category(), "cannot send");
      }
      sent += static_cast<std::size_t>(std::max(0, count));
    }
  }

 private:
  int fd_;
};

}  // namespace

void send_frames(const std::string& interface, std::span<const TimedFrame> frames, double speed) {
  const Socket socket(interface);
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t at = 0; at < frames.size();) {
    const Duration due(
        static_cast<std::int64_t>(static_cast<double>((frames[at].time - frames.front().time).count()) / speed));
    std::this_thread::sleep_until(began + due);
    const Duration gone((std::chrono::steady_clock::now() - began));
    const Time until =
        frames.front().time + Duration(static_cast<std::int64_t>(static_cast<double>(gone.count()) * speed));
    std::size_t end = at + 1;
    while (end < frames.size() && end - at < kAtOnce && frames[end].time <= until) ++end;
    socket.send(frames.subspan(at, end - at));
    at = end;
  }
}

}  // namespace tapestry::testing
