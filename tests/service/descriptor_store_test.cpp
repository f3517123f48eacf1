#include "service/descriptor_store.h"

#include <fcntl.h>
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/app/temporary_folder.h"
#include "tests/support/service_manager.h"

using namespace tapestry;
using service::DescriptorStore;
using testing::ServiceManager;

namespace {

/// A manager whose service this process is.
struct Managed {
  Managed() { ::setenv("NOTIFY_SOCKET", manager.socket().c_str(), 1); }
  ~Managed() { ::unsetenv("NOTIFY_SOCKET"); }
  Managed(const Managed&) = delete;
  Managed& operator=(const Managed&) = delete;
  testing::TemporaryFolder folder;
  ServiceManager manager{folder.path()};
};

struct Pipe {
  Pipe() {
    std::array<int, 2> both{};
    REQUIRE(::pipe2(both.data(), O_CLOEXEC) == 0);
    from = Descriptor(both[0]);
    to = Descriptor(both[1]);
  }
  Descriptor from;
  Descriptor to;
};

}  // namespace

TEST_CASE("descriptors are kept by name until they are removed") {
  const Managed managed;
  const DescriptorStore store;
  CHECK(store.is_there());
  const Pipe pipe;
  store.put("ring-eth1-0", pipe.from.get());
  store.put("ring-eth1-1", pipe.to.get());
  REQUIRE(managed.manager.wait_for("FDSTORE=1\nFDNAME=ring-eth1-1\nFDPOLL=0"));
  CHECK(managed.manager.kept() == std::vector<std::string>{"ring-eth1-0", "ring-eth1-1"});
  store.remove("ring-eth1-0");
  REQUIRE(managed.manager.wait_for("FDSTOREREMOVE=1\nFDNAME=ring-eth1-0"));
  CHECK(managed.manager.kept() == std::vector<std::string>{"ring-eth1-1"});
}

TEST_CASE("without a service manager nothing is kept, and nobody is told") {
  DescriptorStore store;
  CHECK_FALSE(store.is_there());
  CHECK(store.take().empty());
  store.put("ring", 0);
  store.remove("ring");
}

TEST_CASE("what a process before left is taken over once, and programs that are started get none of it") {
  const Pipe pipe;
  const pid_t child = ::fork();
  if (child == 0) {
    if (::dup2(pipe.from.get(), 100) < 0 || ::dup2(pipe.to.get(), 101) < 0) ::_exit(1);
    if (::dup2(100, 3) != 3 || ::dup2(101, 4) != 4) ::_exit(2);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "2", 1);
    ::setenv("LISTEN_FDNAMES", "one:other", 1);
    DescriptorStore store;
    const auto kept = store.take();
    if (kept.size() != 2 || kept[0].name != "one" || kept[1].name != "other") ::_exit(3);
    if (kept[0].descriptor.get() != 3 || kept[1].descriptor.get() != 4) ::_exit(4);
    if ((::fcntl(3, F_GETFD) & FD_CLOEXEC) == 0 || (::fcntl(4, F_GETFD) & FD_CLOEXEC) == 0) ::_exit(5);
    if (::getenv("LISTEN_FDS") != nullptr || !store.take().empty() || store.is_there()) ::_exit(6);
    ::_exit(0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
