#include "app/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "app/config_capture.h"
#include "app/config_pause.h"
#include "app/config_reader.h"
#include "app/config_retention.h"
#include "app/config_sections.h"
#include "app/config_serve.h"
#include "app/config_spool.h"
#include "calls/field_map.h"
#include "vconout/uuid.h"

namespace tapestry::app {
namespace {

constexpr std::size_t kMaxHostName = 253;  // RFC 1035 §3.1
constexpr int kMinBitrate = 6'000;
constexpr int kMaxBitrate = 256'000;
constexpr int kMostLinger = 86'400;
constexpr int kMostSecrets = 100'000'000;  // more than any memory holds

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHostName && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

bool is_base_url(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  return text.starts_with(kScheme) && text.size() > kScheme.size() && text[kScheme.size()] != '/' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return c > ' ' && c < '\x7f' && std::string_view("\"<>\\^`{|}?#").find(c) == std::string_view::npos;
         });
}

void read_recorder(const Place& place, const toml::table& table, Config& config) {
  for (const auto& [key, node] : table) {
    if (key == "host") {
      config.vcon.host = text_of(place, key, node);
      if (!is_host_name(config.vcon.host)) place.fail(node.source(), "\"host\" must be a host name");
    } else {
      place.unknown(key, "[recorder]");
    }
  }
}

void read_party_key(const Place& place, const toml::key& key, const toml::node& node, calls::PartyRule& rule) {
  if (key == "uri") {
    rule.uri = text_of(place, key, node);
  } else if (key == "ip") {
    rule.ip = Cidr::parse(text_of(place, key, node));
    if (!rule.ip) place.fail(node.source(), "\"ip\" must be an address or a range like 10.1.0.0/16");
  } else if (key == "role") {
    const auto role = calls::parse_role(text_of(place, key, node));
    if (!role) {
      place.fail(node.source(),
                 "\"role\" must be one of agent, customer, supervisor, sme, thirdparty, bot, recorder, pbx, trunk");
    }
    rule.role = *role;
  } else if (key == "name") {
    rule.name = text_of(place, key, node);
  } else if (key == "uuid") {
    rule.uuid = text_of(place, key, node);
    if (!vconout::is_uuid(rule.uuid)) place.fail(node.source(), "\"uuid\" must be a UUID");
  } else if (key == "type") {
    choice_of(place, key, node, {"person", "bot", "organization"});
    rule.type = text_of(place, key, node);
  } else {
    place.unknown(key, "[[party]]");
  }
}

void read_parties(const Place& place, const toml::array& tables, Config& config) {
  for (const auto& entry : tables) {
    calls::PartyRule rule;
    for (const auto& [key, node] : *entry.as_table()) read_party_key(place, key, node, rule);
    config.rules.parties.push_back(std::move(rule));
  }
}

void read_map_key(const Place& place, const toml::key& key, const toml::node& node, calls::FieldRule& rule) {
  const std::string text = text_of(place, key, node);
  if (key == "field") {
    const auto field = calls::parse_map_field(text);
    if (!field) {
      place.fail(node.source(),
                 "\"field\" must be one of campaign, skill, contact_list, interaction_type, interaction_id, key");
    }
    rule.field = *field;
  } else if (key == "from") {
    if (!calls::parse_map_source(text, rule)) {
      place.fail(node.source(), "\"from\" must be one of header NAME, body TYPE, uui, dialled, queue");
    }
  } else if (key == "pattern") {
    rule.pattern = text;
  } else if (key == "value") {
    rule.value = text;
  } else {
    place.unknown(key, "[[map]]");
  }
}

void read_maps(const Place& place, const toml::array& tables, Config& config) {
  for (const auto& entry : tables) {
    const toml::table& table = *entry.as_table();
    calls::FieldRule rule;
    for (const auto& [key, node] : table) read_map_key(place, key, node, rule);
    for (const char* needed : {"field", "from", "pattern"}) {
      if (!table.contains(needed)) place.fail(table.source(), fmt::format("[[map]] needs \"{}\"", needed));
    }
    try {
      calls::check_field_rule(rule);
    } catch (const std::runtime_error& error) {
      place.fail(table.source(), error.what());
    }
    config.rules.fields.push_back(std::move(rule));
  }
}

void read_recording(const Place& place, const toml::table& table, Config& config) {
  for (const auto& [key, node] : table) {
    if (key == "format") {
      config.recording.format = static_cast<mux::Format>(choice_of(place, key, node, {"opus", "wav", "g711", "flac"}));
    } else if (key == "gap") {
      config.cut_pauses = choice_of(place, key, node, {"silence", "cut"}) == 1;
    } else if (key == "beep") {
      config.recording.beep = flag_of(place, key, node);
    } else if (key == "hold") {
      config.rules.keep_hold_audio = choice_of(place, key, node, {"silence", "keep"}) == 1;
    } else if (key == "whisper") {
      config.rules.whisper =
          static_cast<calls::WhisperPolicy>(choice_of(place, key, node, {"separate", "keep", "leave-out"}));
    } else if (key == "complexity") {
      config.recording.complexity = number_of(place, key, node, 0, 10);
    } else if (key == "bitrate") {
      config.recording.bitrate_bps = number_of(place, key, node, kMinBitrate, kMaxBitrate);
    } else if (key == "gating") {
      config.recording.gating = flag_of(place, key, node);
    } else if (key == "customer_view") {
      config.rules.customer_view = flag_of(place, key, node);
    } else if (key == "vcon_per") {
      config.vcon_per_agent = choice_of(place, key, node, {"conversation", "agent"}) == 1;
    } else if (key == "record_unsignalled") {
      config.rules.record_unsignalled = flag_of(place, key, node);
    } else {
      place.unknown(key, "[recording]");
    }
  }
  if (config.cut_pauses && config.recording.beep) {
    place.fail(table.source(),
               "\"beep\" needs gap = \"silence\": where pauses are cut out there is nothing to beep in");
  }
}

void read_conversation(const Place& place, const toml::table& table, Config& config) {
  for (const auto& [key, node] : table) {
    if (key == "linger") {
      config.rules.linger = std::chrono::seconds(number_of(place, key, node, 1, kMostLinger));
    } else if (key == "rejoin_gap") {
      config.rules.rejoin_gap = std::chrono::seconds(number_of(place, key, node, 0, kMostLinger));
    } else if (key == "park") {
      config.rules.park = text_of(place, key, node);
    } else if (key == "parked_linger") {
      config.rules.parked_linger = std::chrono::seconds(number_of(place, key, node, 1, kMostLinger));
    } else if (key == "proximity") {
      config.rules.proximity = flag_of(place, key, node);
    } else {
      place.unknown(key, "[conversation]");
    }
  }
}

void read_media(const Place& place, const toml::table& table, Config& config) {
  for (const auto& [key, node] : table) {
    if (key != "base_url") place.unknown(key, "[media]");
    config.vcon.base_url = text_of(place, key, node);
    if (!is_base_url(config.vcon.base_url)) {
      place.fail(node.source(), "\"base_url\" must be an https:// URL without query or fragment");
    }
    if (!config.vcon.base_url.ends_with('/')) config.vcon.base_url += '/';
  }
}

void read_keys(const Place& place, const toml::table& table, Config& config) {
  KeySettings& keys = config.keys;
  bool algorithm = false;
  for (const auto& [key, node] : table) {
    if (key == "algorithm") {
      algorithm = true;
      keys.es256 = choice_of(place, key, node, {"rs256", "es256"}) == 1;
      continue;
    }
    std::filesystem::path* path = key == "certificate" ? &keys.certificate
                                  : key == "key"       ? &keys.key
                                  : key == "chain"     ? &keys.chain
                                                       : nullptr;
    if (path == nullptr) place.unknown(key, "[keys]");
    *path = path_of(place, key, node);
  }
  if (keys.certificate.empty() != keys.key.empty()) {
    place.fail(table.source(), "[keys] needs both \"certificate\" and \"key\", or neither");
  }
  if (keys.key.empty() && !keys.chain.empty())
    place.fail(table.source(), "\"chain\" needs \"certificate\" and \"key\"");
  if (algorithm && !keys.key.empty()) {
    place.fail(table.source(), "\"algorithm\" is for trial keys; with \"key\" the key itself decides");
  }
}

void read_key_log(const Place& place, const toml::table& table, Config& config) {
  for (const auto& [key, node] : table) {
    if (key == "file") {
      config.key_log = path_of(place, key, node);
    } else if (key == "secrets") {
      config.key_log_secrets = static_cast<std::size_t>(number_of(place, key, node, 1, kMostSecrets));
    } else {
      place.unknown(key, "[keylog]");
    }
  }
  if (config.key_log.empty()) place.fail(table.source(), "[keylog] needs \"file\"");
}

Config read_root(const Place& place, const toml::table& root) {
  Config config;
  config.vcon.base_url.clear();
  for (const auto& [key, node] : root) {
    if (key == "recorder") {
      read_recorder(place, table_of(place, key, node), config);
    } else if (key == "party") {
      read_parties(place, tables_of(place, key, node), config);
    } else if (key == "map") {
      read_maps(place, tables_of(place, key, node), config);
    } else if (key == "marker") {
      read_markers(place, tables_of(place, key, node), config);
    } else if (key == "pause") {
      read_pause(place, table_of(place, key, node), config);
    } else if (key == "dtmf") {
      read_dtmf(place, table_of(place, key, node), config);
    } else if (key == "recording") {
      read_recording(place, table_of(place, key, node), config);
    } else if (key == "conversation") {
      read_conversation(place, table_of(place, key, node), config);
    } else if (key == "media") {
      read_media(place, table_of(place, key, node), config);
    } else if (key == "keys") {
      read_keys(place, table_of(place, key, node), config);
    } else if (key == "keylog") {
      read_key_log(place, table_of(place, key, node), config);
    } else if (key == "serve") {
      read_serve(place, table_of(place, key, node), config);
    } else if (key == "capture") {
      read_captures(place, tables_of(place, key, node), config);
    } else if (key == "control") {
      read_control(place, table_of(place, key, node), config);
    } else if (key == "spool") {
      read_spool(place, table_of(place, key, node), config);
    } else if (key == "token") {
      read_tokens(place, tables_of(place, key, node), config);
    } else if (key == "retention") {
      read_retention(place, tables_of(place, key, node), config);
    } else {
      place.unknown(key, "the configuration");
    }
  }
  settle_pauses(place, root, config);
  if (config.vcon.base_url.empty()) config.vcon.base_url = "https://" + config.vcon.host + "/media/";
  return config;
}

}  // namespace

Config parse_config(std::string_view text, std::string_view name, const std::filesystem::path& folder) {
  const Place place{name, folder};
  try {
    return read_root(place, toml::parse(text, name));
  } catch (const toml::parse_error& error) {
    place.fail(error.source(), error.description());
  }
}

Config load_config(const std::filesystem::path& file) {
  return parse_config(config_text(file), file.string(), file.parent_path());
}

void find_credentials(Config& config, const std::filesystem::path& folder) {
  if (folder.empty()) return;
  ServeSettings& serve = config.serve;
  KeySettings& keys = config.keys;
  for (std::filesystem::path* path :
       {&keys.certificate, &keys.key, &keys.chain, &config.key_log, &serve.certificate, &serve.key, &serve.client_ca}) {
    const std::string text = path->string();
    if (text.starts_with(kCredential)) *path = folder / text.substr(kCredential.size());
  }
}

}  // namespace tapestry::app
