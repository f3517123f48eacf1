#include "service/notice.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using tapestry::service::Notice;

/// A service manager: the socket of NOTIFY_SOCKET, in the abstract name space.
class Manager {
 public:
  Manager() : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const std::string name = "tapestry-notice-" + std::to_string(::getpid());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    const void* raw = &address;
    REQUIRE(::bind(fd_, static_cast<const sockaddr*>(raw), length) == 0);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
  }
  ~Manager() {
    ::close(fd_);
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  [[nodiscard]] std::string told() const {
    std::array<char, 512> text{};
    const ssize_t got = ::recv(fd_, text.data(), text.size(), 0);
    return got <= 0 ? "" : std::string(text.data(), static_cast<std::size_t>(got));
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("the service manager is told what the service is at") {
  const Manager manager;
  const Notice notice;
  notice.ready();
  CHECK(manager.told() == "READY=1");
  notice.status("2 interfaces, 40 calls");
  CHECK(manager.told() == "STATUS=2 interfaces, 40 calls");
  notice.reloading();
  CHECK(manager.told().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  notice.stopping();
  CHECK(manager.told() == "STOPPING=1");
}

TEST_CASE("the watchdog is fed by progress, at most four times in its time") {
  ::setenv("WATCHDOG_USEC", "8000000", 1);
  const Manager manager;
  Notice notice;
  CHECK(notice.watchdog() == 8s);
  const auto start = Notice::Clock::now();
  notice.progress(start);
  CHECK(manager.told() == "WATCHDOG=1");
  notice.progress(start + 1900ms);
  CHECK(manager.told().empty());
  notice.progress(start + 2s);
  CHECK(manager.told() == "WATCHDOG=1");
}

TEST_CASE("nobody is told anything where nobody watches") {
  Notice notice;
  CHECK(notice.watchdog() == 0s);
  notice.ready();
  notice.progress(Notice::Clock::now());
  const Manager manager;
  notice.progress(Notice::Clock::now());
  CHECK(manager.told().empty());
}
