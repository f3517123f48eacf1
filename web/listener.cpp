#include "web/listener.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "core/release.h"

namespace tapestry::web {
namespace {

constexpr int kBacklog = 128;
constexpr mode_t kMode = 0660;
using Addresses = std::unique_ptr<addrinfo, Release<freeaddrinfo>>;

Addresses address_of(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int result =
      getaddrinfo(endpoint.ip.to_string().c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (result != 0) throw std::runtime_error("cannot listen on " + endpoint.to_string() + ": " + gai_strerror(result));
  return Addresses(found);
}

int new_socket(int family, const std::string& told) {
  const int made = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) vconout::fail_errno("make a socket for", told);
  return made;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  auto* address = static_cast<sockaddr*>(static_cast<void*>(&bound));
  std::array<char, NI_MAXSERV> text{};
  if (::getsockname(socket, address, &size) != 0) return 0;
  if (getnameinfo(address, size, nullptr, 0, text.data(), text.size(), NI_NUMERICSERV) != 0) return 0;
  std::uint16_t port = 0;
  std::from_chars(text.data(), text.data() + std::strlen(text.data()), port);
  return port;
}

sockaddr_un local_address(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) throw std::runtime_error(text + " is too long for a socket");
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

/// A socket whose process died stays behind; one that answers is another server's.
void clear_the_place(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) throw std::runtime_error(path.string() + " is there and no socket");
  const vconout::File probe(new_socket(AF_UNIX, path.string()), path);
  if (::connect(probe.descriptor(), generic(address), sizeof address) == 0) {
    throw std::runtime_error(path.string() + " is in use");
  }
  if (errno != ECONNREFUSED || ::unlink(path.c_str()) != 0) vconout::fail_errno("replace", path);
}

}  // namespace

Listener::Listener(const Endpoint& endpoint)
    : socket_(new_socket(endpoint.ip.is_v4() ? AF_INET : AF_INET6, endpoint.to_string()), endpoint.to_string()) {
  const Addresses address = address_of(endpoint);
  const int on = 1;
  (void)::setsockopt(descriptor(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor(), address->ai_addr, address->ai_addrlen) != 0 || ::listen(descriptor(), kBacklog) != 0) {
    vconout::fail_errno("listen on", endpoint.to_string());
  }
  port_ = port_of(descriptor());
}

Listener::Listener(const std::filesystem::path& path) : socket_(new_socket(AF_UNIX, path.string()), path), path_(path) {
  const sockaddr_un address = local_address(path);
  clear_the_place(path, address);
  // Nobody can connect before listen(), so not before the mode is right either.
  if (::bind(descriptor(), generic(address), sizeof address) != 0 || ::chmod(path.c_str(), kMode) != 0 ||
      ::listen(descriptor(), kBacklog) != 0) {
    vconout::fail_errno("listen on", path);
  }
}

Listener::~Listener() {
  if (!path_.empty()) (void)::unlink(path_.c_str());
}

}  // namespace tapestry::web
