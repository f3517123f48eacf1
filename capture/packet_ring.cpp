#include "capture/packet_ring.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "capture/link_type.h"
#include "capture/vlan_tag.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kStatusAt = offsetof(tpacket_block_desc, hdr) + offsetof(tpacket_hdr_v1, block_status);
// The kernel clears both, and nobody else has a use for them.
constexpr std::size_t kNoteAt = offsetof(tpacket3_hdr, hv1) + offsetof(tpacket_hdr_variant1, tp_padding);
static_assert(kNoteAt + kVlanNoteBytes == sizeof(tpacket3_hdr));

std::uint32_t& word_at(std::span<std::uint8_t> bytes, std::size_t at) noexcept {
  void* const untyped = &bytes[at];
  return *static_cast<std::uint32_t*>(untyped);
}

tpacket_hdr_v1 head_of(std::span<std::uint8_t> ring, std::size_t block) noexcept {
  return load<tpacket_block_desc>(Bytes(ring).subspan(block * kBlockBytes, sizeof(tpacket_block_desc))).hdr.bh1;
}

tpacket3_hdr frame_at(std::span<std::uint8_t> ring, std::size_t at) noexcept {
  return load<tpacket3_hdr>(Bytes(ring).subspan(at, sizeof(tpacket3_hdr)));
}

Time time_of(const tpacket3_hdr& frame) noexcept {
  return Time(std::chrono::seconds(frame.tp_sec)) + Duration(frame.tp_nsec);
}

}  // namespace

PacketRing::PacketRing(const RingOptions& options)
    : socket_(options),
      ring_(socket_.map()),
      link_type_(socket_.link_type()),
      most_kept_(options.keep ? ring_.size() / kBlockBytes / kKeptShare : 0),
      newest_(ring_.size() / kBlockBytes) {}

PacketRing::PacketRing(const RingOptions& options, Descriptor socket)
    : socket_(options, std::move(socket)),
      ring_(socket_.map()),
      link_type_(socket_.link_type()),
      most_kept_(options.keep ? ring_.size() / kBlockBytes / kKeptShare : 0),
      placed_(false),
      newest_(ring_.size() / kBlockBytes) {
  if (find_oldest()) count_waiting();
}

PacketRing::~PacketRing() { (void)::munmap(ring_.data(), ring_.size()); }

bool PacketRing::next(Frame& frame) {
  while (left_ == 0) {
    if (!take_block()) return false;
  }
  const tpacket3_hdr header = frame_at(ring_, at_);
  frame.time = time_of(header);
  newest_read_ = std::max(newest_read_, frame.time);
  frame.link_type = link_type_;
  frame.original_length = header.tp_len;
  Bytes bytes = Bytes(ring_).subspan(at_ + header.tp_mac, header.tp_snaplen);
  if ((header.tp_status & TP_STATUS_VLAN_VALID) != 0 && link_type_ == link::kEthernet) [[unlikely]] {
    const bool told = (header.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
    bytes = restore_vlan_tag(ring_.subspan(at_ + header.tp_mac - kVlanTagBytes, header.tp_snaplen + kVlanTagBytes),
                             ring_.subspan(at_ + kNoteAt).first<kVlanNoteBytes>(),
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

bool PacketRing::is_ours(std::size_t block) const noexcept {
  const std::atomic_ref<std::uint32_t> status(word_at(ring_, block * kBlockBytes + kStatusAt));
  return (status.load(std::memory_order_acquire) & TP_STATUS_USER) != 0;
}

// Blocks are filled and given back in their order, so those that are ours lie side by side, in the ring's circle.
bool PacketRing::find_oldest() noexcept {
  std::size_t first = 0;
  while (first < blocks() && !is_ours(first)) ++first;
  if (first == blocks()) return false;
  for (std::size_t n = 1; n < blocks(); ++n) {
    const std::size_t before = (first + blocks() - 1) % blocks();
    if (!is_ours(before) || head_of(ring_, before).seq_num + 1 != head_of(ring_, first).seq_num) break;
    first = before;
  }
  block_ = first;
  placed_ = true;
  return true;
}

void PacketRing::count_waiting() noexcept {
  for (std::size_t n = 0; n < blocks(); ++n) {
    const std::size_t block = (block_ + n) % blocks();
    if (!is_ours(block)) return;
    const tpacket_hdr_v1 head = head_of(ring_, block);
    if (head.num_pkts == 0) continue;
    if (!taken_over_)
      taken_over_ = Waiting{.since = time_of(frame_at(ring_, block * kBlockBytes + head.offset_to_first_pkt))};
    taken_over_->frames += head.num_pkts;
  }
}

bool PacketRing::take_block() noexcept {
  if (owned_) finish_block();
  if (!placed_ && !find_oldest()) return false;
  if (!is_ours(block_)) return false;
  const tpacket_hdr_v1 head = head_of(ring_, block_);
  owned_ = true;
  left_ = head.num_pkts;
  at_ = block_ * kBlockBytes + head.offset_to_first_pkt;
  newest_read_ = Time::min();
  return true;
}

void PacketRing::finish_block() noexcept {
  newest_[block_] = newest_read_;
  block_ = (block_ + 1) % blocks();
  owned_ = false;
  if (++kept_ <= most_kept_) return;
  give_back_oldest();
  released_early_ += most_kept_ > 0 ? 1U : 0U;
}

void PacketRing::give_back_oldest() noexcept {
  const std::size_t oldest = (block_ + blocks() - kept_) % blocks();
  const std::atomic_ref<std::uint32_t> status(word_at(ring_, oldest * kBlockBytes + kStatusAt));
  status.store(TP_STATUS_KERNEL, std::memory_order_release);
  --kept_;
}

void PacketRing::release(Time safe) noexcept {
  while (kept_ > 0 && newest_[(block_ + blocks() - kept_) % blocks()] <= safe) give_back_oldest();
}

}  // namespace tapestry::capture
