#include "app/config_serve.h"

#include <fmt/format.h>

#include <algorithm>

namespace tapestry::app {
namespace {

constexpr int kMostConnections = 10'000;
constexpr int kMostIdle = 3600;
constexpr std::size_t kMostTokens = 1000;
constexpr std::string_view kRoles = "\"{}\" must be one of listen, read, metrics, control, admin";

web::Role role_of(const Place& place, const toml::key& key, const toml::node& node) {
  const auto role = web::parse_role(text_of(place, key, node));
  if (!role) place.fail(node.source(), fmt::format(kRoles, key.str()));
  return *role;
}

void read_serve_key(const Place& place, const toml::key& key, const toml::node& node, ServeSettings& serve) {
  if (key == "listen") {
    serve.listen = parse_endpoint(text_of(place, key, node));
    if (!serve.listen) place.fail(node.source(), "\"listen\" must be an address and a port, 0.0.0.0:8443 or [::]:8443");
  } else if (key == "plain_http") {
    serve.plain_http = flag_of(place, key, node);
  } else if (key == "client_role") {
    serve.client_role = role_of(place, key, node);
  } else if (key == "connections") {
    serve.limits.connections = static_cast<unsigned>(number_of(place, key, node, 4, kMostConnections));
  } else if (key == "connections_per_address") {
    serve.limits.connections_per_address = static_cast<unsigned>(number_of(place, key, node, 1, kMostConnections));
  } else if (key == "idle") {
    serve.limits.idle = std::chrono::seconds(number_of(place, key, node, 1, kMostIdle));
  } else {
    std::filesystem::path* path = key == "socket"        ? &serve.socket
                                  : key == "certificate" ? &serve.certificate
                                  : key == "key"         ? &serve.key
                                  : key == "client_ca"   ? &serve.client_ca
                                                         : nullptr;
    if (path == nullptr) place.unknown(key, "[serve]");
    *path = path_of(place, key, node);
  }
}

bool is_loopback(const IpAddress& ip) {
  return Cidr::parse("127.0.0.0/8")->contains(ip) || Cidr::parse("::1")->contains(ip);
}

void read_token_key(const Place& place, const toml::key& key, const toml::node& node, web::Token& token) {
  if (key == "name") {
    token.name = text_of(place, key, node);
  } else if (key == "role") {
    token.role = role_of(place, key, node);
  } else if (key == "sha256") {
    const auto hash = web::parse_sha256(text_of(place, key, node));
    if (!hash) place.fail(node.source(), "\"sha256\" must be the SHA-256 of the token, in 64 hexadecimal digits");
    token.sha256 = *hash;
  } else {
    place.unknown(key, "[[token]]");
  }
}

}  // namespace

void read_serve(const Place& place, const toml::table& table, Config& config) {
  ServeSettings& serve = config.serve;
  for (const auto& [key, node] : table) read_serve_key(place, key, node, serve);
  const auto demand = [&](bool holds, std::string_view what) {
    if (!holds) place.fail(table.source(), what);
  };
  demand(serve.listen.has_value() != !serve.socket.empty(), "[serve] needs \"listen\" or \"socket\", and not both");
  demand(serve.certificate.empty() == serve.key.empty(), "[serve] needs both \"certificate\" and \"key\", or neither");
  demand(serve.client_ca.empty() || !serve.certificate.empty(), "\"client_ca\" needs \"certificate\" and \"key\"");
  demand(!serve.client_role || !serve.client_ca.empty(), "\"client_role\" needs \"client_ca\"");
  demand(serve.socket.empty() || serve.certificate.empty(), "\"socket\" is without TLS: no \"certificate\" there");
  demand(!serve.plain_http || serve.certificate.empty(), "\"plain_http\" is for a server without \"certificate\"");
  const bool in_clear = serve.listen && serve.certificate.empty();
  demand(!in_clear || (serve.plain_http && is_loopback(serve.listen->ip)),
         "\"listen\" needs \"certificate\" and \"key\"; only a loopback address goes without, with plain_http = true");
}

void read_control(const Place& place, const toml::table& table, Config& config) {
  for (const auto& [key, node] : table) {
    if (key != "socket") place.unknown(key, "[control]");
    const std::string text = text_of(place, key, node);
    if (text.empty()) place.fail(node.source(), "\"socket\" must name a Unix socket");
    config.control.socket = place.folder / text;
  }
}

void read_tokens(const Place& place, const toml::array& tables, Config& config) {
  auto& tokens = config.serve.tokens;
  for (const auto& entry : tables) {
    const toml::table& table = *entry.as_table();
    web::Token token;
    for (const auto& [key, node] : table) read_token_key(place, key, node, token);
    for (const std::string_view needed : {"name", "role", "sha256"}) {
      if (!table.contains(needed)) place.fail(table.source(), fmt::format("[[token]] needs \"{}\"", needed));
    }
    if (token.name.empty())
      place.fail(table.source(), "a token's \"name\" stands in the access log: it must not be empty");
    if (std::ranges::find(tokens, token.name, &web::Token::name) != tokens.end()) {
      place.fail(table.source(), fmt::format("there are two tokens of the name \"{}\"", token.name));
    }
    if (tokens.size() == kMostTokens) place.fail(table.source(), fmt::format("more than {} tokens", kMostTokens));
    tokens.push_back(std::move(token));
  }
}

}  // namespace tapestry::app
