#include "doctor/interface.h"

#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

namespace tapestry::doctor {
namespace {

namespace fs = std::filesystem;

/// A SPAN port of an edge switch has Ethernet's, with a tag or two.
constexpr unsigned kEthernetMtu = 1500;
constexpr std::uint32_t kSmallRing = 1024;

/// Decimal, or hexadecimal with 0x; 0 when it cannot be read.
std::uint64_t number_in(const fs::path& file) {
  std::ifstream stream(file);
  std::uint64_t number = 0;
  stream >> std::setbase(0) >> number;
  return stream ? number : 0;
}

template <typename Value>
bool ask(int descriptor, const std::string& name, Value& value) noexcept {
  ifreq request{};
  std::memcpy(request.ifr_name, name.data(), std::min(name.size(), sizeof request.ifr_name - 1));
  void* data = &value;
  request.ifr_data = static_cast<char*>(data);
  return ::ioctl(descriptor, SIOCETHTOOL, &request) == 0;
}

std::optional<std::uint32_t> value_of(int descriptor, const std::string& name, std::uint32_t command) noexcept {
  ethtool_value value{.cmd = command, .data = 0};
  if (!ask(descriptor, name, value)) return std::nullopt;
  return value.data;
}

}  // namespace

Interface read_interface(const fs::path& sys, const std::string& name) {
  const fs::path folder = sys / "class/net" / name;
  Interface interface{.name = name};
  std::error_code none;
  interface.present = !name.empty() && name.find('/') == std::string::npos && fs::is_directory(folder, none);
  if (!interface.present) return interface;
  const std::uint64_t flags = number_in(folder / "flags");
  interface.up = (flags & IFF_UP) != 0;
  interface.promiscuous = (flags & IFF_PROMISC) != 0;
  interface.carrier = number_in(folder / "carrier") == 1;
  interface.mtu = static_cast<unsigned>(number_in(folder / "mtu"));
  interface.dropped = number_in(folder / "statistics/rx_dropped");
  interface.missed =
      number_in(folder / "statistics/rx_missed_errors") + number_in(folder / "statistics/rx_fifo_errors");
  return interface;
}

Nic read_nic(const std::string& name) noexcept {
  Nic nic;
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return nic;
  if (const auto gro = value_of(descriptor, name, ETHTOOL_GGRO)) nic.gro = *gro != 0;
  if (const auto flags = value_of(descriptor, name, ETHTOOL_GFLAGS)) nic.lro = (*flags & ETH_FLAG_LRO) != 0;
  ethtool_ringparam ring{};
  ring.cmd = ETHTOOL_GRINGPARAM;
  if (ask(descriptor, name, ring) && ring.rx_max_pending != 0) {
    nic.ring = ring.rx_pending;
    nic.most_ring = ring.rx_max_pending;
  }
  (void)::close(descriptor);
  return nic;
}

Findings judge_interface(const Interface& one) {
  const std::string check = "interface " + one.name;
  if (!one.present) {
    return {{check, Verdict::Failure, "there is no such interface", "ip -brief link, then [[capture]] interface"}};
  }
  if (!one.up) return {{check, Verdict::Failure, "it is down", fmt::format("ip link set {} up", one.name)}};
  if (!one.carrier) {
    return {{check, Verdict::Failure, "it is up, without a carrier", "check the cable and the switch's port"}};
  }
  Findings all{{check, Verdict::Ok, fmt::format("up, MTU {}{}", one.mtu, one.promiscuous ? ", promiscuous" : "")}};
  if (one.mtu < kEthernetMtu) {
    all.push_back({check + " MTU", Verdict::Warning, fmt::format("{}: longer frames are lost", one.mtu),
                   fmt::format("ip link set {} mtu {}", one.name, kEthernetMtu)});
  }
  if (one.missed > 0) {
    all.push_back({check + " losses", Verdict::Warning,
                   fmt::format("the NIC had no room for {} packets since it was started", one.missed),
                   fmt::format("ethtool -G {} rx MAXIMUM (ethtool -g {} tells it)", one.name, one.name)});
  }
  return all;
}

Findings judge_nic(const std::string& name, const Nic& nic) {
  const std::string offloads = "offloads " + name;
  Findings all;
  std::string merging;
  if (nic.gro.value_or(false)) merging += " gro off";
  if (nic.lro.value_or(false)) merging += " lro off";
  if (!nic.gro && !nic.lro) {
    all.push_back({offloads, Verdict::Skipped, "the driver tells none"});
  } else if (merging.empty()) {
    all.push_back({offloads, Verdict::Ok, "packets come as they were on the wire"});
  } else {
    all.push_back({offloads, Verdict::Warning, "packets are merged before they are captured",
                   fmt::format("ethtool -K {}{}", name, merging)});
  }
  const std::string ring = "ring " + name;
  if (!nic.ring || !nic.most_ring) {
    all.push_back({ring, Verdict::Skipped, "the driver tells none"});
  } else if (*nic.ring >= std::min(*nic.most_ring, kSmallRing)) {
    all.push_back({ring, Verdict::Ok, fmt::format("{} of {} receive descriptors", *nic.ring, *nic.most_ring)});
  } else {
    all.push_back({ring, Verdict::Warning, fmt::format("{} of {} receive descriptors", *nic.ring, *nic.most_ring),
                   fmt::format("ethtool -G {} rx {}", name, *nic.most_ring)});
  }
  return all;
}

}  // namespace tapestry::doctor
