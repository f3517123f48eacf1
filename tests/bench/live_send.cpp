// Sends a pcap file of Ethernet frames from an interface: live_send FILE INTERFACE [--speed X]. Prints packets and
// seconds. Speed 0 is as fast as it goes.
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <span>
#include <system_error>
#include <thread>

#include "core/bytes.h"

namespace {

using namespace tapestry;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 128;
constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecord = 16;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::span<std::uint8_t> map(const std::string& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (fd < 0 || ::fstat(fd, &status) != 0) fail("open");
  const auto size = static_cast<std::size_t>(status.st_size);
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (memory == MAP_FAILED) fail("mmap");
  ::close(fd);
  return {static_cast<std::uint8_t*>(memory), size};
}

int open_socket(const std::string& interface) {
  const int fd = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  void* const untyped = &address;
  if (fd < 0 || ::bind(fd, static_cast<sockaddr*>(untyped), sizeof address) != 0) fail("bind");
  const int on = 1;
  if (::setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) != 0) fail("PACKET_QDISC_BYPASS");
  return fd;
}

class Batch {
 public:
  explicit Batch(int fd) : fd_(fd) {}
  void add(std::span<std::uint8_t> frame) {
    parts_.at(count_) = {frame.data(), frame.size()};
    messages_.at(count_) = {};
    messages_.at(count_).msg_hdr.msg_iov = &parts_.at(count_);
    messages_.at(count_).msg_hdr.msg_iovlen = 1;
    if (++count_ == kAtOnce) send();
  }
  void send() {
    for (std::size_t sent = 0; sent < count_;) {
      const int count = ::sendmmsg(fd_, messages_.data() + sent, static_cast<unsigned>(count_ - sent), 0);
      if (count < 0 && errno != ENOBUFS && errno != EAGAIN) fail("sendmmsg");
      sent += static_cast<std::size_t>(std::max(0, count));
    }
    count_ = 0;
  }

 private:
  int fd_;
  std::size_t count_ = 0;
  std::array<mmsghdr, kAtOnce> messages_{};
  std::array<iovec, kAtOnce> parts_{};
};

/// Microseconds since 1970 of a record.
std::int64_t time_of(Bytes record) noexcept {
  Cursor cursor(record);
  const std::int64_t seconds = cursor.u32_little();
  return seconds * 1'000'000 + cursor.u32_little();
}

std::uint64_t send_all(std::span<std::uint8_t> file, int fd, double speed) {
  Batch batch(fd);
  std::uint64_t packets = 0;
  const auto began = Clock::now();
  const std::int64_t first = time_of(Bytes(file).subspan(kFileHeader));
  for (std::size_t at = kFileHeader; at + kRecord <= file.size();) {
    const Bytes record = Bytes(file).subspan(at, kRecord);
    const std::size_t length = Cursor(record.subspan(8)).u32_little();
    if (speed > 0) {
      const std::chrono::duration<double, std::micro> due(static_cast<double>(time_of(record) - first) / speed);
      if (Clock::now() - began < due) {
        batch.send();
        std::this_thread::sleep_until(began + std::chrono::duration_cast<Clock::duration>(due));
      }
    }
    batch.add(file.subspan(at + kRecord, length));
    at += kRecord + length;
    ++packets;
  }
  batch.send();
  return packets;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("sends a capture from an interface");
  std::string file;
  std::string interface;
  double speed = 1;
  app.add_option("FILE", file)->required();
  app.add_option("INTERFACE", interface)->required();
  app.add_option("--speed", speed)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    const auto bytes = map(file);
    const int fd = open_socket(interface);
    const auto began = Clock::now();
    const std::uint64_t packets = send_all(bytes, fd, speed);
    std::cout << packets << " " << std::chrono::duration<double>(Clock::now() - began).count() << "\n";
  } catch (const std::exception& error) {
    std::cerr << "live_send: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
