#include "app/config_capture.h"

#include <fmt/format.h>

#include "capture/bpf_program.h"
#include "capture/link_type.h"

namespace tapestry::app {
namespace {

constexpr int kMostRings = 16;
constexpr int kLeastRing = 8;  // MiB
constexpr int kMostRing = 65'536;
constexpr int kLongestBlock = 1000;  // ms
constexpr int kLeastSnaplen = 256;   // below, SIP and G.711 would be cut
constexpr int kMostSnaplen = 262'144;
constexpr int kMostCpu = 1023;  // CPU_SETSIZE
constexpr int kLongestSettled = 86'400;
constexpr int kMostBuffer = 1024;         // MiB
constexpr std::size_t kLongestName = 15;  // IFNAMSIZ

void read_filter(const Place& place, const toml::key& key, const toml::node& node, capture::InterfaceOptions& options) {
  options.filter = text_of(place, key, node);
  try {
    (void)capture::compile_filter(options.filter, capture::link::kEthernet, options.snaplen);
  } catch (const std::runtime_error& error) {
    place.fail(node.source(), error.what());
  }
}

void read_interface_key(const Place& place, const toml::key& key, const toml::node& node, Config& config,
                        capture::InterfaceOptions& options) {
  if (key == "interface") {
    options.ring.interface = text_of(place, key, node);
    const std::size_t length = options.ring.interface.size();
    if (length == 0 || length > kLongestName) place.fail(node.source(), "\"interface\" must name a network interface");
  } else if (key == "filter") {
    read_filter(place, key, node, options);
  } else if (key == "rings") {
    options.rings = static_cast<std::size_t>(number_of(place, key, node, 1, kMostRings));
  } else if (key == "ring_mb") {
    options.ring.bytes = static_cast<std::size_t>(number_of(place, key, node, kLeastRing, kMostRing)) << 20U;
  } else if (key == "block_ms") {
    options.ring.block_time = std::chrono::milliseconds(number_of(place, key, node, 1, kLongestBlock));
  } else if (key == "snaplen") {
    options.snaplen = static_cast<std::uint32_t>(number_of(place, key, node, kLeastSnaplen, kMostSnaplen));
  } else if (key == "timestamps") {
    options.ring.hardware_time = choice_of(place, key, node, {"kernel", "hardware"}) == 1;
  } else if (key == "promiscuous") {
    options.ring.promiscuous = flag_of(place, key, node);
  } else if (key == "outgoing") {
    options.ring.outgoing = flag_of(place, key, node);
  } else if (key == "cpu") {
    config.capture.cpus.push_back(number_of(place, key, node, 0, kMostCpu));
  } else {
    place.unknown(key, "a [[capture]] of an interface");
  }
}

void read_interface(const Place& place, const toml::table& table, Config& config) {
  capture::InterfaceOptions options;
  for (const auto& [key, node] : table) read_interface_key(place, key, node, config, options);
  config.capture.interfaces.push_back(std::move(options));
}

void read_folder(const Place& place, const toml::table& table, Config& config) {
  capture::FolderOptions options;
  for (const auto& [key, node] : table) {
    if (key == "folder") {
      options.folder = place.folder / text_of(place, key, node);
    } else if (key == "pattern") {
      options.pattern = text_of(place, key, node);
    } else if (key == "settled") {
      options.settled = std::chrono::seconds(number_of(place, key, node, 1, kLongestSettled));
    } else if (key == "delete") {
      options.remove = flag_of(place, key, node);
    } else {
      place.unknown(key, "a [[capture]] of a folder");
    }
  }
  config.capture.folders.push_back(std::move(options));
}

void read_hep(const Place& place, const toml::table& table, Config& config) {
  capture::HepOptions options;
  for (const auto& [key, node] : table) {
    if (key == "hep") {
      const auto listen = parse_endpoint(text_of(place, key, node));
      if (!listen) place.fail(node.source(), "\"hep\" must be an address and a port, 0.0.0.0:9060 or [::]:9060");
      options.listen = *listen;
    } else if (key == "from") {
      for (const std::string& text : texts_of(place, key, node)) {
        const auto range = Cidr::parse(text);
        if (!range) place.fail(node.source(), "\"from\" must be a list of addresses or ranges like 10.1.0.0/16");
        options.from.push_back(*range);
      }
    } else if (key == "buffer_mb") {
      options.buffer = static_cast<std::size_t>(number_of(place, key, node, 1, kMostBuffer)) << 20U;
    } else {
      place.unknown(key, "a [[capture]] of HEP");
    }
  }
  config.capture.hep.push_back(std::move(options));
}

}  // namespace

void read_captures(const Place& place, const toml::array& tables, Config& config) {
  for (const auto& entry : tables) {
    const toml::table& table = *entry.as_table();
    int kinds = 0;
    for (const std::string_view kind : {"interface", "folder", "hep"}) kinds += table.contains(kind) ? 1 : 0;
    if (kinds != 1) place.fail(table.source(), "[[capture]] needs one of \"interface\", \"folder\" and \"hep\"");
    if (table.contains("interface")) read_interface(place, table, config);
    if (table.contains("folder")) read_folder(place, table, config);
    if (table.contains("hep")) read_hep(place, table, config);
    const CaptureSettings& all = config.capture;
    if (!all.folders.empty() && !(all.interfaces.empty() && all.hep.empty())) {
      place.fail(
          table.source(),
          "a folder's packets are older than those of interfaces and HEP: run them apart, each with its own --out");
    }
    if (all.folders.size() > 1) {
      place.fail(table.source(),
                 "only one folder can be captured from, for nobody knows which file of another one comes first: "
                 "let one capture write both directions, or join the files with mergecap");
    }
  }
}

}  // namespace tapestry::app
