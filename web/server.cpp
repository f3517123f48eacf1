#include "web/server.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "core/release.h"
#include "core/secret.h"
#include "web/client_certificate.h"

namespace tapestry::web {
namespace {

constexpr unsigned kThreads = 8;  // a running service that hangs holds four of them at most
/// Of one connection: room to answer a head that is too long, until it is far too long.
constexpr std::size_t kConnectionMemory = 64U << 10U;
constexpr const char* kLocal = "local";
constexpr const char* kTlsVersions = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

using Daemon = std::unique_ptr<MHD_Daemon, Release<MHD_stop_daemon>>;
/// Closed at the end; -1: none.
struct Descriptor {
  int value = -1;
  Descriptor() = default;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};
using Made = std::unique_ptr<MHD_Response, Release<MHD_destroy_response>>;

/// One request under way.
struct Exchange {
  std::string target;
  bool begun = false;
  std::optional<std::string> body{};  ///< what has come of it, when it is to be read
};

std::string peer_of(MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  if (info == nullptr || info->client_addr == nullptr || info->client_addr->sa_family == AF_UNIX) return kLocal;
  const socklen_t size = info->client_addr->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(info->client_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) return kLocal;
  return text.data();
}

MHD_Result add_field(void* into, MHD_ValueKind, const char* name, std::size_t name_size, const char* value,
                     std::size_t value_size) {
  auto* fields = static_cast<std::vector<Field>*>(into);
  fields->push_back({std::string(name, name_size), value == nullptr ? "" : std::string(value, value_size)});
  return MHD_YES;
}

bool announces_body(const std::vector<Field>& fields) {
  if (find_field(fields, "Transfer-Encoding")) return true;
  const auto length = find_field(fields, "Content-Length");
  return length && length != "0";
}

/// The length that is told, when no more than `most`.
std::optional<std::size_t> readable_length(const Request& request, std::size_t most) {
  const auto told = find_field(request.fields, "Content-Length");
  if (!told || find_field(request.fields, "Transfer-Encoding")) return std::nullopt;
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(told->data(), told->data() + told->size(), length);
  if (error != std::errc{} || end != told->data() + told->size() || length > most) return std::nullopt;
  return length;
}

std::optional<std::uint32_t> user_of(MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  ucred peer{};
  socklen_t size = sizeof peer;
  sockaddr address{};
  socklen_t address_size = sizeof address;
  if (info == nullptr || ::getsockname(info->connect_fd, &address, &address_size) != 0 ||
      address.sa_family != AF_UNIX || ::getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return std::nullopt;
  }
  return peer.uid;
}

Request request_of(MHD_Connection* connection, const char* method, const std::string& target) {
  Request request{.method = method, .target = target, .fields = {}, .peer = peer_of(connection)};
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, &add_field, &request.fields);
  request.has_body = announces_body(request.fields);
  if (request.peer == kLocal) request.user = user_of(connection);
  if (const auto* head = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)) {
    request.head_bytes = head->header_size;
  }
  if (const auto* tls = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)) {
    request.secure = true;
    request.subject = verified_subject(tls->tls_session);
  }
  return request;
}

/// The file goes from the page cache to the socket where the connection is in the clear.
Made make(Response& response) {
  if (!response.part) {
    return Made(MHD_create_response_from_buffer(response.body.size(), response.body.data(), MHD_RESPMEM_MUST_COPY));
  }
  vconout::File& file = *response.part->file;
  Made made(MHD_create_response_from_fd_at_offset64(response.part->bytes, file.descriptor(), response.part->offset));
  if (made) (void)file.release();
  return made;
}

MHD_Result send(MHD_Connection* connection, Response response) {
  const Made made = make(response);
  if (!made) return MHD_NO;
  for (const Field& field : response.fields) {
    if (MHD_add_response_header(made.get(), field.name.c_str(), field.value.c_str()) != MHD_YES) return MHD_NO;
  }
  return MHD_queue_response(connection, response.status, made.get());
}

void* begin_exchange(void*, const char* target, MHD_Connection*) {
  return std::make_unique<Exchange>(Exchange{.target = target}).release();
}

void end_exchange(void*, MHD_Connection*, void** exchange, MHD_RequestTerminationCode) {
  const std::unique_ptr<Exchange> ended(static_cast<Exchange*>(*exchange));
  *exchange = nullptr;
}

/// What is percent-encoded stays so: target.h decodes it, once.
std::size_t leave_as_it_is(void*, MHD_Connection*, char* text) { return std::char_traits<char>::length(text); }

void stay_silent(void*, const char*, va_list) {}

}  // namespace

struct Server::State {
  std::function<Response(const Request&)> answer;
  std::size_t most_body = 0;
  Descriptor quiesced{};  ///< the daemon's own copy of the listening socket, once it takes nobody new
  Daemon daemon{};

  /// Called when the head is there, with each part of the body, and again when the request has ended; an answer to the
  /// first call closes the connection, which is right only where a body follows that nobody wants.
  static MHD_Result take(void* self, MHD_Connection* connection, const char*, const char* method, const char*,
                         const char* data, std::size_t* bytes, void** exchange) {
    const auto* state = static_cast<const State*>(self);
    auto* under_way = static_cast<Exchange*>(*exchange);
    if (under_way->begun && *bytes != 0) return state->collect(*under_way, {data, std::exchange(*bytes, 0)});
    Request request = request_of(connection, method, under_way->target);
    if (!under_way->begun) {
      if (request.has_body && readable_length(request, state->most_body)) under_way->body.emplace();
      under_way->begun = !request.has_body || under_way->body;
      if (under_way->begun) return MHD_YES;
    }
    request.body = std::move(under_way->body);
    return send(connection, state->answer(request));
  }

  MHD_Result collect(Exchange& exchange, std::string_view part) const {
    if (!exchange.body || exchange.body->size() + part.size() > most_body) return MHD_NO;
    exchange.body->append(part);
    return MHD_YES;
  }
};

Server::Server(const ServerSettings& settings, std::function<Response(const Request&)> answer)
    : state_(std::make_unique<State>()) {
  state_->answer = std::move(answer);
  state_->most_body = settings.most_body;
  // A daemon that cannot start closes the socket that it was given.
  const int listener = ::fcntl(settings.listener, F_DUPFD_CLOEXEC, 0);
  if (listener < 0) throw std::system_error(errno, std::generic_category(), "cannot use the listening socket");
  std::vector<MHD_OptionItem> options;
  const auto add_number = [&](MHD_OPTION option, std::uint64_t value) {
    options.push_back({option, static_cast<std::intptr_t>(value), nullptr});
  };
  const auto add_text = [&](MHD_OPTION option, std::string& text) {
    if (!text.empty()) options.push_back({option, 0, text.data()});
  };
  add_number(MHD_OPTION_LISTEN_SOCKET, static_cast<std::uint64_t>(listener));
  add_number(MHD_OPTION_THREAD_POOL_SIZE, kThreads);
  add_number(MHD_OPTION_CONNECTION_LIMIT, settings.limits.connections);
  add_number(MHD_OPTION_PER_IP_CONNECTION_LIMIT, settings.limits.connections_per_address);
  add_number(MHD_OPTION_CONNECTION_TIMEOUT, static_cast<std::uint64_t>(settings.limits.idle.count()));
  add_number(MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory);
  std::string certificate = settings.certificate;
  std::string key = settings.key;
  std::string client_ca = settings.client_ca;
  std::string versions = certificate.empty() ? "" : kTlsVersions;
  add_text(MHD_OPTION_HTTPS_MEM_CERT, certificate);
  add_text(MHD_OPTION_HTTPS_MEM_KEY, key);
  add_text(MHD_OPTION_HTTPS_MEM_TRUST, client_ca);
  add_text(MHD_OPTION_HTTPS_PRIORITIES, versions);
  options.push_back({MHD_OPTION_END, 0, nullptr});
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG;
  if (!certificate.empty()) flags |= MHD_USE_TLS;
  state_->daemon = Daemon(MHD_start_daemon(
      flags, 0, nullptr, nullptr, &State::take, state_.get(), MHD_OPTION_EXTERNAL_LOGGER, &stay_silent, nullptr,
      MHD_OPTION_URI_LOG_CALLBACK, &begin_exchange, nullptr, MHD_OPTION_NOTIFY_COMPLETED, &end_exchange, nullptr,
      MHD_OPTION_UNESCAPE_CALLBACK, &leave_as_it_is, nullptr, MHD_OPTION_ARRAY, options.data(), MHD_OPTION_END));
  wipe({static_cast<std::uint8_t*>(static_cast<void*>(key.data())), key.size()});
  if (!state_->daemon) throw std::runtime_error("cannot start the server: do certificate and key fit?");
}

Server::~Server() = default;

void Server::refuse_new() noexcept {
  // Closed after the daemon has ended, as it asks for.
  if (state_->quiesced.value < 0) state_->quiesced.value = MHD_quiesce_daemon(state_->daemon.get());
}

unsigned Server::connections() const noexcept {
  const auto* info = MHD_get_daemon_info(state_->daemon.get(), MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
  return info == nullptr ? 0 : info->num_connections;
}

}  // namespace tapestry::web
