#include "app/web_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "app/config_sections.h"
#include "app/control_client.h"
#include "app/text.h"
#include "core/secret.h"
#include "vconout/digest.h"
#include "vconout/file.h"
#include "web/target.h"

namespace tapestry::app {
namespace {

Time now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

/// The decoded path of an https URL that ends in `/`.
std::string path_of(const std::string& url) {
  const auto target = web::parse_target(url);
  if (!target) throw ConfigError(fmt::format("no path can be read from the base_url {}", url));
  return target->path;
}

std::string text_of(const std::filesystem::path& file) {
  return file.empty() ? std::string() : vconout::read_text(file);
}

web::AccessRules access_of(const ServeSettings& serve) {
  return {
      .tokens = serve.tokens, .certificate_needed = !serve.client_ca.empty(), .certificate_role = serve.client_role};
}

std::string place_of(const ServeSettings& serve, const web::Listener& listener) {
  if (!serve.listen) return serve.socket.string();
  return fmt::format("{}://{}/", serve.certificate.empty() ? "http" : "https",
                     Endpoint{serve.listen->ip, listener.port()}.to_string());
}

bool is_same_place(const ServeSettings& one, const ServeSettings& another) {
  return one.listen == another.listen && one.socket == another.socket;
}

bool is_same(const web::ServerLimits& one, const web::ServerLimits& another) {
  return one.connections == another.connections && one.connections_per_address == another.connections_per_address &&
         one.idle == another.idle;
}

/// Another TLS, or none, at an address that is not the one it was written for could lay open what is answered.
void keep_place(ServeSettings& next, const ServeSettings& have) {
  next.listen = have.listen;
  next.socket = have.socket;
  next.certificate = have.certificate;
  next.key = have.key;
  next.client_ca = have.client_ca;
  next.client_role = have.client_role;
  next.plain_http = have.plain_http;
}

void add(std::vector<std::string>& list, std::string_view what) {
  if (std::ranges::find(list, what) == list.end()) list.emplace_back(what);
}

/// Whether the setting counts after a restart only. `moved`: the server is to listen elsewhere then.
bool waits(std::string_view setting, bool moved) {
  constexpr std::array<std::string_view, 3> kStart{"serve.listen", "serve.socket", "control.socket"};
  constexpr std::array<std::string_view, 5> kOfPlace{"serve.certificate", "serve.key", "serve.client_ca",
                                                     "serve.client_role", "serve.plain_http"};
  return std::ranges::find(kStart, setting) != kStart.end() ||
         (moved && std::ranges::find(kOfPlace, setting) != kOfPlace.end());
}

bool is_servers(std::string_view setting) {
  constexpr std::array<std::string_view, 3> kAlso{"token", "media.base_url", "recorder.host"};
  return setting.starts_with("serve.") || std::ranges::find(kAlso, setting) != kAlso.end();
}

}  // namespace

WebService::Identity::~Identity() { wipe({static_cast<std::uint8_t*>(static_cast<void*>(key.data())), key.size()}); }

void WebService::check(const Config& config) {
  const ServeSettings& settings = config.serve;
  if (!settings.listen && settings.socket.empty()) throw ConfigError("the configuration has no [serve]");
  if (settings.tokens.empty() && !settings.client_role) {
    throw ConfigError("nobody could ask for anything: there is no [[token]] and no client_role");
  }
}

web::SiteSettings WebService::site_settings() {
  web::SiteSettings site;
  site.out = command_.out;
  site.media_path = path_of(command_.config.vcon.base_url);
  site.access = access_of(command_.config.serve);
  site.version = command_.version;
  site.started = now();
  if (!control_.empty()) {
    site.live = [this](const web::LiveRequest& request) { return ask(request); };
  }
  return site;
}

WebService::WebService(const ServeCommand& command, std::ostream& out, std::ostream& err)
    : command_(command),
      control_(command.config.control.socket),
      started_(command.file.empty() ? std::string() : config_text(command.file)),
      text_(started_),
      err_(err),
      log_(command.out / "audit"),
      site_(
          site_settings(), [this](const web::Access& access) { log_.add(access); },
          [this](std::string_view fault) { tell(fault); }),
      listener_(command.config.serve.listen ? web::Listener(*command.config.serve.listen)
                                            : web::Listener(command.config.serve.socket)) {
  const Identity identity = read(command_.config.serve);
  prints_ = prints_of(identity);
  server_ = open(identity, command_.config.serve.limits);
  out << fmt::format("tapestry: serving {}\n", printable(place_of(command_.config.serve, listener_))) << std::flush;
}

void WebService::tell(std::string_view line) {
  const std::scoped_lock locked(telling_);
  err_ << fmt::format("tapestry: {}\n", printable(line)) << std::flush;
}

web::LiveAnswer WebService::ask_from(Places& mine, const web::LiveRequest& request) const {
  struct Place {
    Places& free;
    ~Place() { free.release(); }
  };
  const Place place{mine};
  return ask_control(control_, request);
}

web::LiveAnswer WebService::ask(const web::LiveRequest& request) {
  if (request.method == "POST") return pass_command(request);
  if (!reads_.try_acquire()) throw std::runtime_error("too many requests for the running service at once");
  return ask_from(reads_, request);
}

web::LiveAnswer WebService::pass_command(const web::LiveRequest& request) {
  constexpr std::chrono::seconds kLongest{2};
  if (commands_.try_acquire_for(kLongest)) return ask_from(commands_, request);
  web::Response busy = web::refusal(503, "busy", "too many commands wait; nothing was done");
  return {.status = busy.status, .body = std::move(busy.body)};
}

WebService::Identity WebService::read(const ServeSettings& serve) {
  return {text_of(serve.certificate), text_of(serve.key), text_of(serve.client_ca)};
}

WebService::Prints WebService::prints_of(const Identity& identity) {
  const auto print = [](const std::string& text) {
    return vconout::digest(vconout::Digest::Kind::Sha256, as_bytes(text));
  };
  return {print(identity.certificate), print(identity.key), print(identity.client_ca)};
}

std::unique_ptr<web::Server> WebService::open(const Identity& identity, const web::ServerLimits& limits) {
  return std::make_unique<web::Server>(web::ServerSettings{.listener = listener_.descriptor(),
                                                           .certificate = identity.certificate,
                                                           .key = identity.key,
                                                           .client_ca = identity.client_ca,
                                                           .limits = limits,
                                                           .most_body = web::kMostContent},
                                       [this](const web::Request& request) { return site_.answer(request, now()); });
}

/// All that may throw first.
Reload WebService::take_again() {
  std::string text = config_text(command_.file);
  Config next = parse_config(text, command_.file.string(), command_.file.parent_path());
  find_credentials(next, command_.credentials);
  check(next);
  Reload reload{.config = {}};
  const ServeSettings& have = command_.config.serve;
  const bool moved = !is_same_place(next.serve, have);
  for (const std::string& setting : changed_settings(text_, text)) {
    if (is_servers(setting) && !waits(setting, moved)) reload.taken.push_back(setting);
  }
  for (const std::string& setting : changed_settings(started_, text)) {
    if (waits(setting, moved)) reload.restart.push_back(setting);
  }
  if (moved) keep_place(next.serve, have);
  std::string media_path = path_of(next.vcon.base_url);
  const Identity identity = read(next.serve);
  Prints prints = prints_of(identity);
  const bool tls_changes =
      prints.client_ca != prints_.client_ca || next.serve.certificate.empty() != have.certificate.empty();
  if (prints.certificate != prints_.certificate) add(reload.taken, "serve.certificate");
  if (prints.key != prints_.key) add(reload.taken, "serve.key");
  if (prints.client_ca != prints_.client_ca) add(reload.taken, "serve.client_ca");
  std::unique_ptr<web::Server> server;
  if (prints != prints_ || !is_same(next.serve.limits, have.limits)) server = open(identity, next.serve.limits);
  site_.replace(access_of(next.serve), std::move(media_path));
  if (server) {
    std::swap(server, server_);
    server->refuse_new();
    if (tls_changes) leaving_.clear();
    if (!tls_changes) leaving_.push_back(std::move(server));
    if (leaving_.size() > kMostLeaving) leaving_.erase(leaving_.begin());
  }
  prints_ = std::move(prints);
  command_.config = std::move(next);
  text_ = std::move(text);
  return reload;
}

void WebService::reload() {
  if (command_.file.empty()) return;
  try {
    tell(line_of(take_again()));
  } catch (const std::runtime_error& error) {
    tell(fmt::format("the configuration is wrong, and the old one goes on: {}", error.what()));
  }
}

void WebService::tidy() {
  std::erase_if(leaving_, [](const auto& server) { return server->connections() == 0; });
}

}  // namespace tapestry::app
