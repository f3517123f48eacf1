#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "capture/bpf_program.h"
#include "capture/live_options.h"
#include "capture/live_source.h"

namespace tapestry::capture {

/// This process may not open packet sockets.
class NotPermitted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What happened in the kernel since the last look.
struct RingTally {
  std::uint64_t packets = 0;  ///< that passed the filter, with those that were dropped
  std::uint64_t drops = 0;    ///< the ring was full
  std::uint64_t freezes = 0;  ///< how often it was
};

/// An AF_PACKET socket with a ring that the kernel fills (TPACKET_V3, packet(7)), bound to one interface. Never sets an
/// address, nor anything else of the interface but promiscuous mode, which ends with the socket. Tags that the kernel
/// took off are put back. It goes on when its interface goes down and comes up again, not when that goes away. One
/// thread. Linux only.
class PacketRing final : public LiveLane {
 public:
  /// Nothing comes before start(). Throws NotPermitted, or std::runtime_error that names the interface and the reason.
  explicit PacketRing(const RingOptions& options);
  ~PacketRing() override;
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;

  /// The next frame of a block that the kernel handed over; its bytes lie in the ring. A block goes back to the kernel
  /// with the call after its last frame's.
  bool next(Frame& frame) override;

  /// Joins the group of sockets among which the interface's packets are divided by `program` (its result modulo their
  /// number). `group` 0 makes a new one; the group's number comes back. Throws std::runtime_error.
  std::uint16_t join_fanout(std::uint16_t group, const BpfProgram& program);

  /// Frames that the filter wants come from now on (sockets that are to share an interface have joined before, so none
  /// comes twice). Throws std::runtime_error.
  void start(const BpfProgram& filter);

  [[nodiscard]] int descriptor() const noexcept { return fd_; }
  /// The interface's number when it was opened.
  [[nodiscard]] int interface_index() const noexcept { return index_; }
  /// Whether the NIC was made to stamp packets.
  [[nodiscard]] bool hardware_time() const noexcept { return hardware_time_; }
  /// Reads and resets the kernel's counts, and forgets an error that the socket holds (the interface went down).
  [[nodiscard]] RingTally take_tally() noexcept;
  /// Frames whose time is the NIC's.
  [[nodiscard]] std::uint64_t hardware_stamped() const noexcept { return hardware_stamped_; }

 private:
  void set_up(const RingOptions& options);
  void attach(const BpfProgram& filter);
  void map_ring(const RingOptions& options);
  bool take_block() noexcept;
  void release_block() noexcept;

  std::string name_;
  int fd_ = -1;
  int index_ = 0;
  std::uint32_t link_type_ = 0;
  bool hardware_time_ = false;
  std::span<std::uint8_t> ring_;
  std::size_t block_ = 0;   ///< that is read, or comes next
  bool owned_ = false;      ///< the block is ours
  std::uint32_t left_ = 0;  ///< frames of it that were not given out
  std::size_t at_ = 0;      ///< the next frame, in the ring
  std::uint64_t hardware_stamped_ = 0;
};

/// What the system says of an interface.
struct InterfaceState {
  int index = 0;
  bool up = false;            ///< by the administrator, and with a carrier
  std::uint32_t missed = 0;   ///< packets that the NIC had no room for (rx_missed_errors, rx_fifo_errors); wraps
  std::uint32_t dropped = 0;  ///< rx_dropped: also what nobody wanted; wraps
};

/// Nothing when there is no interface of that name.
[[nodiscard]] std::optional<InterfaceState> interface_state(const std::string& name);

}  // namespace tapestry::capture
