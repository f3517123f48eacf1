#include "service/privileges.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <stdexcept>
#include <thread>

#include <cap-ng.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

using namespace tapestry::service;

namespace {

constexpr uid_t kNobody = 65534;

/// What `body` says in a process of its own, which may change what it is.
template <typename Body>
int in_a_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// As the service begins: no root, but two capabilities, ambient ones too.
bool become_the_service() {
  if (capng_get_caps_process() != 0) return false;
  capng_clear(CAPNG_SELECT_CAPS);
  const auto sets = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE);
  (void)capng_updatev(CAPNG_ADD, sets, CAP_NET_RAW, CAP_IPC_LOCK, -1);
  if (capng_change_id(kNobody, kNobody, CAPNG_DROP_SUPP_GRP) != 0) return false;
  return ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0) == 0;
}

bool opens_a_packet_socket() { return ::socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) >= 0; }

}  // namespace

TEST_CASE("a thread that dropped its privileges opens no packet socket") {
  if (::geteuid() != 0) {
    WARN("needs root");
    return;
  }
  const int said = in_a_child([] {
    if (!become_the_service() || !may_capture() || !opens_a_packet_socket()) return 9;
    if (drop_privileges() != Privileges::Dropped) return 1;
    if (may_capture() || opens_a_packet_socket()) return 2;
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_NET_RAW, 0, 0) != 0) return 3;
    return 0;
  });
  if (said == 9) {
    WARN("this machine gives no CAP_NET_RAW");
    return;
  }
  CHECK(said == 0);
}

TEST_CASE("what is started without privileges has none, and who started it keeps its own") {
  if (::geteuid() != 0) {
    WARN("needs root");
    return;
  }
  const int said = in_a_child([] {
    if (!become_the_service() || !opens_a_packet_socket()) return 9;
    bool could = true;
    std::jthread started;
    without_privileges([&] { started = std::jthread([&could] { could = opens_a_packet_socket(); }); });
    started.join();
    if (could) return 1;
    return opens_a_packet_socket() ? 0 : 2;
  });
  if (said == 9) {
    WARN("this machine gives no CAP_NET_RAW");
  } else {
    CHECK(said == 0);
  }
  CHECK_THROWS_AS(without_privileges([] { throw std::runtime_error("no"); }), std::runtime_error);
}

TEST_CASE("memory stays locked where its amount is limited") {
  if (::geteuid() != 0) {
    WARN("needs root");
    return;
  }
  const auto kept = [](rlim_t limit) {
    return in_a_child([limit] {
      const rlimit both{limit, limit};
      if (::setrlimit(RLIMIT_MEMLOCK, &both) != 0 || !become_the_service()) return 9;
      if (drop_privileges() != Privileges::Dropped) return 8;
      return capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_IPC_LOCK) == 1 ? 1 : 0;
    });
  };
  if (const int limited = kept(65536); limited != 9) CHECK(limited == 1);
  if (const int free = kept(RLIM_INFINITY); free != 9) CHECK(free == 0);
}

TEST_CASE("root keeps what it has, and who has nothing drops nothing") {
  if (::geteuid() != 0) {
    CHECK(drop_privileges() == Privileges::None);
    return;
  }
  CHECK(drop_privileges() == Privileges::Root);
  const int said = in_a_child([] {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) return 1;
    return drop_privileges() == Privileges::None ? 0 : 2;
  });
  CHECK(said == 0);
}
