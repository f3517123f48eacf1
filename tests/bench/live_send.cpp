// Sends a pcap file of Ethernet frames from an interface: live_send FILE INTERFACE [--speed X] [--rounds N --every S].
// Prints packets, seconds, and when it began (us since 1970). Speed 0 is as fast as it goes. Several rounds, one every
// S seconds of the file's time, are the same calls under other names.
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <span>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include "core/bytes.h"
#include "tests/bench/next_round.h"

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
  /// The frame stays where it is until it is sent.
  void add(std::span<std::uint8_t> frame) {
    parts_.at(count_) = {frame.data(), frame.size()};
    messages_.at(count_) = {};
    messages_.at(count_).msg_hdr.msg_iov = &parts_.at(count_);
    messages_.at(count_).msg_hdr.msg_iovlen = 1;
    if (++count_ == kAtOnce) send();
  }
  /// A copy of it, as it is in that round.
  void add(std::span<std::uint8_t> frame, std::uint32_t round) {
    std::vector<std::uint8_t>& copy = copies_.at(count_);
    copy.assign(frame.begin(), frame.end());
    bench::renumber(copy, round);
    add(copy);
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
  std::array<std::vector<std::uint8_t>, kAtOnce> copies_;
};

using Microseconds = std::chrono::duration<std::int64_t, std::micro>;

/// One round of the file.
struct Round {
  std::uint32_t number = 0;
  std::size_t at = kFileHeader;
  Microseconds due{};  ///< of the record at `at`, from the very beginning
};

/// The file, over and over: a round begins each `every`, whether or not the one before is over.
class Rounds {
 public:
  Rounds(std::span<std::uint8_t> file, std::uint32_t rounds, Microseconds every)
      : file_(file), rounds_(rounds), every_(every), first_(time_of(kFileHeader)) {}

  /// The next frame in order of time; nothing at the end.
  struct Next {
    std::span<std::uint8_t> frame;
    Microseconds due;
    std::uint32_t round;
  };
  std::optional<Next> next() {
    if (begun_ < rounds_ && (open_.empty() || earliest()->due >= every_ * begun_)) {
      open_.push_back({.number = begun_, .due = every_ * begun_});
      ++begun_;
    }
    if (open_.empty()) return std::nullopt;
    const auto round = earliest();
    const std::size_t length = Cursor(Bytes(file_).subspan(round->at + 8)).u32_little();
    const Next next{file_.subspan(round->at + kRecord, length), round->due, round->number};
    round->at += kRecord + length;
    if (round->at + kRecord > file_.size()) {
      open_.erase(round);
    } else {
      round->due = every_ * round->number + time_of(round->at) - first_;
    }
    return next;
  }

 private:
  [[nodiscard]] std::vector<Round>::iterator earliest() { return std::ranges::min_element(open_, {}, &Round::due); }
  [[nodiscard]] Microseconds time_of(std::size_t at) const {
    Cursor cursor(Bytes(file_).subspan(at));
    const std::int64_t seconds = cursor.u32_little();
    return Microseconds(seconds * 1'000'000 + cursor.u32_little());
  }

  std::span<std::uint8_t> file_;
  std::uint32_t rounds_;
  Microseconds every_;
  Microseconds first_;
  std::uint32_t begun_ = 0;
  std::vector<Round> open_;
};

/// Each packet at its time after the beginning: being late once makes nothing after it late.
std::uint64_t send_all(Rounds& rounds, int fd, double speed) {
  Batch batch(fd);
  std::uint64_t packets = 0;
  const auto began = Clock::now();
  while (const auto next = rounds.next()) {
    if (speed > 0) {
      const std::chrono::duration<double, std::micro> due(static_cast<double>(next->due.count()) / speed);
      if (Clock::now() - began < due) {
        batch.send();
        std::this_thread::sleep_until(began + std::chrono::duration_cast<Clock::duration>(due));
      }
    }
    next->round == 0 ? batch.add(next->frame) : batch.add(next->frame, next->round);
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
  std::uint32_t rounds = 1;
  std::uint32_t every = 0;
  app.add_option("FILE", file)->required();
  app.add_option("INTERFACE", interface)->required();
  app.add_option("--speed", speed)->capture_default_str();
  app.add_option("--rounds", rounds)->check(CLI::Range(1, 65'535))->capture_default_str();
  app.add_option("--every", every, "seconds")->check(CLI::Range(1, 36'000));
  CLI11_PARSE(app, argc, argv);
  try {
    if (rounds > 1 && every == 0) throw std::invalid_argument("several rounds need --every");
    const auto bytes = map(file);
    const int fd = open_socket(interface);
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    const auto began = Clock::now();
    Rounds all(bytes, rounds, std::chrono::seconds(every));
    const std::uint64_t packets = send_all(all, fd, speed);
    std::cout << packets << " " << std::chrono::duration<double>(Clock::now() - began).count() << " "
              << std::chrono::duration_cast<std::chrono::microseconds>(wall).count() << "\n";
  } catch (const std::exception& error) {
    std::cerr << "live_send: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
