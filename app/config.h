#pragma once
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "app/capture_settings.h"
#include "app/retention_rules.h"
#include "app/spool_settings.h"
#include "calls/rules.h"
#include "core/address.h"
#include "mux/render.h"
#include "tls/key_log.h"
#include "vconout/options.h"
#include "web/access.h"
#include "web/server.h"

namespace tapestry::app {

/// The command or its configuration is wrong: exit status 2. what() begins with `file:line:column:` where there is one.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A path in the configuration that begins so names a credential of the service (systemd.exec(5), LoadCredential=).
inline constexpr std::string_view kCredential = "credential:";

/// [keys]. `certificate` and `key` are both given or both empty; empty: a trial identity is made below the output
/// folder.
struct KeySettings {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path chain;
  bool es256 = false;  ///< algorithm of a trial key
};

/// [serve] and [[token]]. Neither `listen` nor `socket`: nothing is served.
struct ServeSettings {
  std::optional<Endpoint> listen{};
  std::filesystem::path socket;
  std::filesystem::path certificate;  ///< given together with `key`; empty: without TLS
  std::filesystem::path key;
  std::filesystem::path client_ca;
  std::optional<web::Role> client_role{};
  bool plain_http = false;
  web::ServerLimits limits;
  std::vector<web::Token> tokens;
};

/// [control].
struct ControlSettings {
  std::filesystem::path socket;  ///< of the running service; empty: the usual place, and serve asks for nothing there
};

/// The whole configuration; a default-made one is what no file means.
struct Config {
  calls::Rules rules;
  mux::Options recording;
  vconout::Options vcon;
  KeySettings keys;
  std::filesystem::path key_log;  ///< [keylog]; empty: none
  std::size_t key_log_secrets = tls::KeyLog::kMaxSecrets;
  bool vcon_per_agent = false;  ///< [recording] vcon_per = "agent": a vCon for each agent of a conversation
  bool cut_pauses = false;      ///< [recording] gap = "cut"
  ServeSettings serve;
  std::vector<RetentionRule> retention;  ///< [[retention]], in their order
  CaptureSettings capture;
  ControlSettings control;
  SpoolSettings spool;
  bool quarantine = false;  ///< [pause] quarantine: recordings in which a card may have been keyed are set apart
};

/// Reads TOML text. `name` stands in errors; relative key paths are taken below `folder`. Throws ConfigError.
Config parse_config(std::string_view text, std::string_view name, const std::filesystem::path& folder = {});

/// Reads a file; paths in it are relative to its folder. Throws ConfigError.
Config load_config(const std::filesystem::path& file);

/// Puts `folder`, which CREDENTIALS_DIRECTORY names, before the paths that are credentials. An empty one leaves them as
/// they are: whoever opens one fails, with its name.
void find_credentials(Config& config, const std::filesystem::path& folder);

}  // namespace tapestry::app
