#include "capture/packet_socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "capture/link_type.h"
#include "capture/vlan_tag.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kFewestBlocks = 16;
constexpr std::uint32_t kFrameBytes = 2048;  // the kernel wants to know one; frames of any length go into a block

[[noreturn]] void fail(const std::string& what, const std::string& interface, int error) {
  const std::string text = fmt::format("cannot {} on {}: {}", what, interface, std::generic_category().message(error));
  if (error == EPERM || error == EACCES) {
    throw NotPermitted(text + " (capturing needs the capability CAP_NET_RAW, or root)");
  }
  throw std::runtime_error(text);
}

ifreq request_of(const std::string& interface) noexcept {
  ifreq request{};
  interface.copy(request.ifr_name, sizeof request.ifr_name - 1);
  return request;
}

std::uint32_t link_type_of(int fd, const std::string& interface) {
  ifreq request = request_of(interface);
  if (::ioctl(fd, SIOCGIFHWADDR, &request) != 0) fail("find the link layer", interface, errno);
  switch (request.ifr_hwaddr.sa_family) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK:
      return link::kEthernet;
    case ARPHRD_NONE:
    case ARPHRD_RAWIP:
    case ARPHRD_PPP:
    case ARPHRD_TUNNEL:
    case ARPHRD_SIT:
      return link::kRaw;
    default:
      throw std::runtime_error(
          fmt::format("{} has a link layer that cannot be read: {}", interface, request.ifr_hwaddr.sa_family));
  }
}

int index_of(const std::string& interface) {
  const auto index = static_cast<int>(::if_nametoindex(interface.c_str()));
  if (index == 0) fail("capture", interface, errno);
  return index;
}

/// Whether the NIC stamps every packet it receives from now on.
bool stamp_in_hardware(int fd, const std::string& interface) noexcept {
  hwtstamp_config config{};
  config.tx_type = HWTSTAMP_TX_OFF;
  config.rx_filter = HWTSTAMP_FILTER_ALL;
  ifreq request = request_of(interface);
  void* const untyped = &config;
  request.ifr_data = static_cast<char*>(untyped);
  return ::ioctl(fd, SIOCSHWTSTAMP, &request) == 0 && config.rx_filter == HWTSTAMP_FILTER_ALL;
}

std::vector<sock_filter> to_kernel(const BpfProgram& program) {
  std::vector<sock_filter> filter;
  for (const BpfInstruction& one : program) filter.push_back({one.code, one.jump_true, one.jump_false, one.k});
  return filter;
}

std::size_t blocks_of(const RingOptions& options) noexcept {
  return std::max(kFewestBlocks, options.bytes / kBlockBytes);
}

template <class Value>
void set(int fd, int option, const Value& value, const char* what, const std::string& interface) {
  if (::setsockopt(fd, SOL_PACKET, option, &value, sizeof value) != 0) fail(what, interface, errno);
}

/// An option of a socket that may be of any kind; 0 when it has no such option.
int get(int fd, int option) noexcept {
  int value = 0;
  socklen_t length = sizeof value;
  return ::getsockopt(fd, SOL_PACKET, option, &value, &length) == 0 ? value : 0;
}

}  // namespace

PacketSocket::PacketSocket(const RingOptions& options)
    : name_(options.interface),
      // Without a protocol nothing comes before bind(), when everything is set.
      socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      blocks_(blocks_of(options)) {
  if (!socket_) fail("open a packet socket", name_, errno);
  set_up(options);
  make_ring(options);
  bind();
}

PacketSocket::PacketSocket(const RingOptions& options, Descriptor socket)
    : name_(options.interface), socket_(std::move(socket)), index_(index_of(name_)), blocks_(blocks_of(options)) {
  check_binding();
  link_type_ = link_type_of(descriptor(), name_);
  hardware_time_ = options.hardware_time && get(descriptor(), PACKET_TIMESTAMP) != 0;
}

void PacketSocket::set_up(const RingOptions& options) {
  const int fd = descriptor();
  index_ = index_of(name_);
  link_type_ = link_type_of(fd, name_);
  attach({{.code = BPF_RET | BPF_K, .k = 0}});
  set(fd, PACKET_VERSION, int{TPACKET_V3}, "use TPACKET_V3", name_);
  set(fd, PACKET_RESERVE, static_cast<unsigned>(kVlanTagBytes), "reserve room for VLAN tags", name_);
  if (!options.outgoing) set(fd, PACKET_IGNORE_OUTGOING, int{1}, "leave out what is sent", name_);
  // So a packet is stamped as it arrives, and once for all that capture it, not when it is copied into each ring.
  const int stamped = 1;
  if (::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &stamped, sizeof stamped) != 0)
    fail("have timestamps", name_, errno);
  if (options.hardware_time && stamp_in_hardware(fd, name_)) {
    set(fd, PACKET_TIMESTAMP, int{SOF_TIMESTAMPING_RAW_HARDWARE}, "have the NIC's timestamps", name_);
    hardware_time_ = true;
  }
  if (!options.promiscuous) return;
  packet_mreq request{};
  request.mr_ifindex = index_;
  request.mr_type = PACKET_MR_PROMISC;
  set(fd, PACKET_ADD_MEMBERSHIP, request, "be promiscuous", name_);
}

void PacketSocket::make_ring(const RingOptions& options) {
  tpacket_req3 request{};
  request.tp_block_size = kBlockBytes;
  request.tp_block_nr = static_cast<unsigned>(blocks_);
  request.tp_frame_size = kFrameBytes;
  request.tp_frame_nr = static_cast<unsigned>(blocks_ * (kBlockBytes / kFrameBytes));
  request.tp_retire_blk_tov = static_cast<unsigned>(options.block_time.count());
  set(descriptor(), PACKET_RX_RING, request, "make a ring", name_);
}

void PacketSocket::bind() {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = index_;
  void* const untyped = &address;
  if (::bind(descriptor(), static_cast<sockaddr*>(untyped), sizeof address) != 0) fail("capture", name_, errno);
}

void PacketSocket::check_binding() const {
  sockaddr_ll address{};
  socklen_t length = sizeof address;
  void* const untyped = &address;
  const bool named = ::getsockname(descriptor(), static_cast<sockaddr*>(untyped), &length) == 0;
  if (!named || address.sll_family != AF_PACKET || get(descriptor(), PACKET_VERSION) != TPACKET_V3) {
    throw std::runtime_error(fmt::format("what was kept for {} is no packet socket", name_));
  }
  // The index of a socket whose interface was removed is -1.
  if (address.sll_ifindex != index_ || address.sll_protocol != htons(ETH_P_ALL)) {
    throw std::runtime_error(fmt::format("what was kept for {} belongs to an interface that is gone", name_));
  }
}

std::span<std::uint8_t> PacketSocket::map() const {
  const std::size_t bytes = blocks_ * kBlockBytes;
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor(), 0);
  if (memory == MAP_FAILED) fail("map the ring", name_, errno);
  return {static_cast<std::uint8_t*>(memory), bytes};
}

void PacketSocket::attach(const BpfProgram& filter) {
  std::vector<sock_filter> instructions = to_kernel(filter);
  const sock_fprog program{static_cast<unsigned short>(instructions.size()), instructions.data()};
  if (::setsockopt(descriptor(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) {
    fail("set a filter", name_, errno);
  }
}

void PacketSocket::start(const BpfProgram& filter) {
  attach(filter);
  (void)take_tally();
}

std::uint16_t PacketSocket::join_fanout(std::optional<std::uint16_t> group, const BpfProgram& program) {
  constexpr const char* kWhat = "divide packets among rings";
  const int unique = group ? 0 : PACKET_FANOUT_FLAG_UNIQUEID;
  const int asked = int{group.value_or(0)} | (PACKET_FANOUT_CBPF | unique) << 16;
  set(descriptor(), PACKET_FANOUT, asked, kWhat, name_);
  int joined = 0;
  socklen_t length = sizeof joined;
  if (::getsockopt(descriptor(), SOL_PACKET, PACKET_FANOUT, &joined, &length) != 0) fail(kWhat, name_, errno);
  if (!group) {
    std::vector<sock_filter> filter = to_kernel(program);
    const sock_fprog division{static_cast<unsigned short>(filter.size()), filter.data()};
    set(descriptor(), PACKET_FANOUT_DATA, division, kWhat, name_);
  }
  return static_cast<std::uint16_t>(joined & 0xffff);
}

RingTally PacketSocket::take_tally() noexcept {
  int error = 0;
  socklen_t length = sizeof error;
  (void)::getsockopt(descriptor(), SOL_SOCKET, SO_ERROR, &error, &length);
  tpacket_stats_v3 stats{};
  length = sizeof stats;
  if (::getsockopt(descriptor(), SOL_PACKET, PACKET_STATISTICS, &stats, &length) != 0) return {};
  return {stats.tp_packets, stats.tp_drops, stats.tp_freeze_q_cnt};
}

}  // namespace tapestry::capture
