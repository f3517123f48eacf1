#include "capture/packet_ring.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <linux/filter.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <system_error>

#include "capture/link_type.h"
#include "capture/vlan_tag.h"

namespace tapestry::capture {
namespace {

// Holds the largest frame (64 KiB, made by GRO), and no more than that takes: on a quiet port a block is used up by
// time, so the number of blocks is how long a stall may last.
constexpr std::size_t kBlockBytes = 256U << 10U;
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

std::uint32_t& word_at(std::span<std::uint8_t> bytes, std::size_t at) noexcept {
  void* const untyped = &bytes[at];
  return *static_cast<std::uint32_t*>(untyped);
}

constexpr std::size_t kStatusAt = offsetof(tpacket_block_desc, hdr) + offsetof(tpacket_hdr_v1, block_status);

template <class Value>
void set(int fd, int option, const Value& value, const char* what, const std::string& interface) {
  if (::setsockopt(fd, SOL_PACKET, option, &value, sizeof value) != 0) fail(what, interface, errno);
}

}  // namespace

PacketRing::PacketRing(const RingOptions& options) : name_(options.interface) {
  // Without a protocol nothing comes before bind(), when everything is set.
  fd_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd_ < 0) fail("open a packet socket", options.interface, errno);
  try {
    set_up(options);
    map_ring(options);
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = index_;
    void* const untyped = &address;
    if (::bind(fd_, static_cast<sockaddr*>(untyped), sizeof address) != 0) {
      fail("capture", options.interface, errno);
    }
  } catch (const std::runtime_error&) {
    if (!ring_.empty()) (void)::munmap(ring_.data(), ring_.size());
    ::close(fd_);
    throw;
  }
}

PacketRing::~PacketRing() {
  (void)::munmap(ring_.data(), ring_.size());
  ::close(fd_);
}

void PacketRing::set_up(const RingOptions& options) {
  const std::string& name = options.interface;
  index_ = static_cast<int>(::if_nametoindex(name.c_str()));
  if (index_ == 0) fail("capture", name, errno);
  link_type_ = link_type_of(fd_, name);
  attach({{.code = BPF_RET | BPF_K, .k = 0}});
  set(fd_, PACKET_VERSION, int{TPACKET_V3}, "use TPACKET_V3", name);
  set(fd_, PACKET_RESERVE, static_cast<unsigned>(kVlanTagBytes), "reserve room for VLAN tags", name);
  if (!options.outgoing) set(fd_, PACKET_IGNORE_OUTGOING, int{1}, "leave out what is sent", name);
  // So a packet is stamped as it arrives, and once for all that capture it, not when it is copied into each ring.
  const int stamped = 1;
  if (::setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPNS, &stamped, sizeof stamped) != 0)
    fail("have timestamps", name, errno);
  if (options.hardware_time && stamp_in_hardware(fd_, name)) {
    set(fd_, PACKET_TIMESTAMP, int{SOF_TIMESTAMPING_RAW_HARDWARE}, "have the NIC's timestamps", name);
    hardware_time_ = true;
  }
  if (!options.promiscuous) return;
  packet_mreq request{};
  request.mr_ifindex = index_;
  request.mr_type = PACKET_MR_PROMISC;
  set(fd_, PACKET_ADD_MEMBERSHIP, request, "be promiscuous", name);
}

void PacketRing::attach(const BpfProgram& filter) {
  std::vector<sock_filter> instructions = to_kernel(filter);
  const sock_fprog program{static_cast<unsigned short>(instructions.size()), instructions.data()};
  if (::setsockopt(fd_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) {
    fail("set a filter", name_, errno);
  }
}

void PacketRing::start(const BpfProgram& filter) {
  attach(filter);
  (void)take_tally();
}

void PacketRing::map_ring(const RingOptions& options) {
  const std::size_t blocks = std::max(kFewestBlocks, options.bytes / kBlockBytes);
  tpacket_req3 request{};
  request.tp_block_size = kBlockBytes;
  request.tp_block_nr = static_cast<unsigned>(blocks);
  request.tp_frame_size = kFrameBytes;
  request.tp_frame_nr = static_cast<unsigned>(blocks * (kBlockBytes / kFrameBytes));
  request.tp_retire_blk_tov = static_cast<unsigned>(options.block_time.count());
  set(fd_, PACKET_RX_RING, request, "make a ring", options.interface);
  void* const memory = ::mmap(nullptr, blocks * kBlockBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (memory == MAP_FAILED) fail("map the ring", options.interface, errno);
  ring_ = {static_cast<std::uint8_t*>(memory), blocks * kBlockBytes};
}

bool PacketRing::next(Frame& frame) {
  while (left_ == 0) {
    if (!take_block()) return false;
  }
  const auto header = load<tpacket3_hdr>(Bytes(ring_).subspan(at_, sizeof(tpacket3_hdr)));
  frame.time = Time(std::chrono::seconds(header.tp_sec)) + Duration(header.tp_nsec);
  frame.link_type = link_type_;
  frame.original_length = header.tp_len;
  Bytes bytes = Bytes(ring_).subspan(at_ + header.tp_mac, header.tp_snaplen);
  if ((header.tp_status & TP_STATUS_VLAN_VALID) != 0 && link_type_ == link::kEthernet) [[unlikely]] {
    const bool told = (header.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
    bytes = restore_vlan_tag(ring_.subspan(at_ + header.tp_mac - kVlanTagBytes, header.tp_snaplen + kVlanTagBytes),
                             told ? header.hv1.tp_vlan_tpid : std::uint16_t{ETH_P_8021Q},
                             static_cast<std::uint16_t>(header.hv1.tp_vlan_tci));
    frame.original_length += static_cast<std::uint32_t>(bytes.size() - header.tp_snaplen);
  }
  frame.data = bytes;
  hardware_stamped_ += (header.tp_status & TP_STATUS_TS_RAW_HARDWARE) != 0 ? 1U : 0U;
  at_ += header.tp_next_offset;
  --left_;
  return true;
}

bool PacketRing::take_block() noexcept {
  if (owned_) release_block();
  const std::size_t begin = block_ * kBlockBytes;
  const std::atomic_ref<std::uint32_t> status(word_at(ring_, begin + kStatusAt));
  if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return false;
  const auto block = load<tpacket_block_desc>(Bytes(ring_).subspan(begin, sizeof(tpacket_block_desc)));
  owned_ = true;
  left_ = block.hdr.bh1.num_pkts;
  at_ = begin + block.hdr.bh1.offset_to_first_pkt;
  return true;
}

void PacketRing::release_block() noexcept {
  const std::atomic_ref<std::uint32_t> status(word_at(ring_, block_ * kBlockBytes + kStatusAt));
  status.store(TP_STATUS_KERNEL, std::memory_order_release);
  block_ = (block_ + 1) % (ring_.size() / kBlockBytes);
  owned_ = false;
}

std::uint16_t PacketRing::join_fanout(std::uint16_t group, const BpfProgram& program) {
  constexpr const char* kWhat = "divide packets among rings";
  const int unique = group == 0 ? PACKET_FANOUT_FLAG_UNIQUEID : 0;
  const int asked = int{group} | (PACKET_FANOUT_CBPF | unique) << 16;
  set(fd_, PACKET_FANOUT, asked, kWhat, name_);
  int joined = 0;
  socklen_t length = sizeof joined;
  if (::getsockopt(fd_, SOL_PACKET, PACKET_FANOUT, &joined, &length) != 0) fail(kWhat, name_, errno);
  if (group == 0) {
    std::vector<sock_filter> filter = to_kernel(program);
    set(fd_, PACKET_FANOUT_DATA, sock_fprog{static_cast<unsigned short>(filter.size()), filter.data()}, kWhat, name_);
  }
  return static_cast<std::uint16_t>(joined & 0xffff);
}

RingTally PacketRing::take_tally() noexcept {
  int error = 0;
  socklen_t length = sizeof error;
  (void)::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length);
  tpacket_stats_v3 stats{};
  length = sizeof stats;
  if (::getsockopt(fd_, SOL_PACKET, PACKET_STATISTICS, &stats, &length) != 0) return {};
  return {stats.tp_packets, stats.tp_drops, stats.tp_freeze_q_cnt};
}

std::optional<InterfaceState> interface_state(const std::string& name) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return std::nullopt;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, ::freeifaddrs);
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_PACKET || name != one->ifa_name) continue;
    InterfaceState state;
    state.index = static_cast<int>(::if_nametoindex(name.c_str()));
    state.up = (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_RUNNING) != 0;
    if (one->ifa_data != nullptr) {
      rtnl_link_stats stats{};
      std::memcpy(&stats, one->ifa_data, sizeof stats);
      state.missed = stats.rx_missed_errors + stats.rx_fifo_errors;
      state.dropped = stats.rx_dropped;
    }
    return state;
  }
  return std::nullopt;
}

}  // namespace tapestry::capture
