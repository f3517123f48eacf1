#include "tests/support/service_manager.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <string_view>
#include <system_error>

namespace tapestry::testing {
namespace {

constexpr int kFirst = 3;          // SD_LISTEN_FDS_START
constexpr int kOutOfTheWay = 200;  // above all that dup2() puts at kFirst and up
constexpr std::size_t kMostDescriptors = 16;
constexpr std::chrono::milliseconds kLook{50};

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), std::string("service manager: ") + what);
}

/// The value of NAME=value among a datagram's lines; empty: there is none.
std::string value_in(const std::string& datagram, const std::string& name) {
  std::istringstream lines(datagram);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + "=")) return line.substr(name.size() + 1);
  }
  return {};
}

/// The environment without what this manager tells itself, and with `more`.
std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> all = more;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view entry(*one);
    const bool ours = entry.starts_with("LISTEN_") || entry.starts_with("NOTIFY_SOCKET=");
    if (!ours) all.emplace_back(entry);
  }
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Actions {
  Actions() { posix_spawn_file_actions_init(&value); }
  ~Actions() { posix_spawn_file_actions_destroy(&value); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  posix_spawn_file_actions_t value{};
};

}  // namespace

ServiceManager::ServiceManager(const std::filesystem::path& folder)
    : path_(folder / "notify"),
      socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      main_(::getpid()) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.native().size() >= sizeof address.sun_path) fail(ENAMETOOLONG, "its socket");
  path_.native().copy(address.sun_path, sizeof address.sun_path - 1);
  const void* const untyped = &address;
  if (::bind(socket_.get(), static_cast<const sockaddr*>(untyped), sizeof address) != 0) fail(errno, "its socket");
  const int on = 1;
  if (::setsockopt(socket_.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) fail(errno, "credentials");
  listener_ = std::jthread([this](const std::stop_token& stop) { listen(stop); });
}

ServiceManager::~ServiceManager() { (void)stop(SIGKILL); }

void ServiceManager::start(const std::vector<std::string>& words, const std::filesystem::path& log) {
  // LISTEN_PID is the number of a process that is not there yet.
  std::vector<std::string> arguments{"/bin/sh", "-c", "LISTEN_PID=$$ exec \"$@\"", "sh"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const std::lock_guard lock(mutex_);
  std::string names;
  std::vector<Descriptor> handed;
  Actions actions;
  posix_spawn_file_actions_addopen(&actions.value, STDERR_FILENO, log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  for (const NamedDescriptor& one : kept_) {
    const int there = kFirst + static_cast<int>(handed.size());
    handed.emplace_back(::fcntl(one.descriptor.get(), F_DUPFD_CLOEXEC, kOutOfTheWay));
    posix_spawn_file_actions_adddup2(&actions.value, handed.back().get(), there);
    names += (names.empty() ? "" : ":") + one.name;
  }
  std::vector<std::string> told{"NOTIFY_SOCKET=" + path_.string()};
  if (!handed.empty()) {
    told.push_back("LISTEN_FDS=" + std::to_string(handed.size()));
    told.push_back("LISTEN_FDNAMES=" + names);
  }
  std::vector<std::string> environment = environment_with(told);
  const int error = posix_spawn(&process_, arguments[0].c_str(), &actions.value, nullptr, pointers_to(arguments).data(),
                                pointers_to(environment).data());
  if (error != 0) fail(error, "cannot start");
  main_ = process_;
  told_.clear();
}

int ServiceManager::stop(int signal) {
  if (process_ == 0) return -1;
  ::kill(process_, signal);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = 0;
  while (receive()) {
  }
  const std::lock_guard lock(mutex_);
  main_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::vector<std::string> ServiceManager::told() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

bool ServiceManager::wait_for(const std::string& datagram, std::chrono::seconds most) const {
  std::unique_lock lock(mutex_);
  return heard_.wait_for(lock, most, [&] { return std::ranges::find(told_, datagram) != told_.end(); });
}

std::vector<std::string> ServiceManager::kept() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const NamedDescriptor& one : kept_) names.push_back(one.name);
  return names;
}

void ServiceManager::listen(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd watched{socket_.get(), POLLIN, 0};
    if (::poll(&watched, 1, static_cast<int>(kLook.count())) > 0) (void)receive();
  }
}

bool ServiceManager::receive() {
  std::array<char, 4096> text{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred)) + CMSG_SPACE(kMostDescriptors * sizeof(int))> control{};
  iovec part{text.data(), text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const std::lock_guard lock(mutex_);  // so that datagrams are heard in their order
  const ssize_t got = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  if (got < 0) return false;
  ucred from{};
  std::vector<Descriptor> descriptors;
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one)) {
    if (one->cmsg_type == SCM_CREDENTIALS) std::memcpy(&from, CMSG_DATA(one), sizeof from);
    if (one->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; at + sizeof(int) <= one->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(one) + at, sizeof descriptor);
      descriptors.emplace_back(descriptor);
    }
  }
  hear({text.data(), static_cast<std::size_t>(got)}, from.pid, std::move(descriptors));
  return true;
}

void ServiceManager::hear(const std::string& datagram, pid_t from, std::vector<Descriptor> descriptors) {
  if (from != main_) return;
  told_.push_back(datagram);
  heard_.notify_all();
  const std::string name = value_in(datagram, "FDNAME");
  if (value_in(datagram, "FDSTOREREMOVE") == "1") {
    std::erase_if(kept_, [&](const NamedDescriptor& one) { return one.name == name; });
  } else if (value_in(datagram, "FDSTORE") == "1") {
    for (Descriptor& one : descriptors) kept_.push_back({name, std::move(one)});
  }
}

}  // namespace tapestry::testing
