#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "capture/bpf_program.h"
#include "capture/live_options.h"
#include "core/descriptor.h"

namespace tapestry::capture {

/// Octets of a ring's block. It holds the largest frame (64 KiB, made by GRO), and no more than that takes: on a quiet
/// port a block is used up by time, so the number of blocks is how long a stall may last.
inline constexpr std::size_t kBlockBytes = 256U << 10U;

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
/// address, nor anything else of the interface but promiscuous mode, which ends with the socket. One thread. Linux
/// only.
class PacketSocket {
 public:
  /// Nothing comes before start(). Throws NotPermitted, or std::runtime_error that names the interface and the reason.
  explicit PacketSocket(const RingOptions& options);
  /// Takes over one that another process made with the same options; what was set stays set. Takes no privileges.
  /// Throws std::runtime_error when it is no such socket, or not that interface's any more.
  PacketSocket(const RingOptions& options, Descriptor socket);

  /// Joins the group of sockets among which the interface's packets are divided by `program` (its result modulo their
  /// number). No `group` makes a new one; the group's number comes back, which may be any (since the system started the
  /// first is 0). Throws std::runtime_error.
  std::uint16_t join_fanout(std::optional<std::uint16_t> group, const BpfProgram& program);
  /// Frames that the filter wants come from now on (sockets that are to share an interface have joined before, so none
  /// comes twice). Throws std::runtime_error.
  void start(const BpfProgram& filter);

  /// The ring, of whole blocks, mapped; whoever maps it unmaps it. Throws std::runtime_error, also when it has not the
  /// size that the options ask for.
  [[nodiscard]] std::span<std::uint8_t> map() const;

  [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }
  /// The interface's number when it was opened.
  [[nodiscard]] int interface_index() const noexcept { return index_; }
  [[nodiscard]] std::uint32_t link_type() const noexcept { return link_type_; }
  /// Whether the NIC was made to stamp packets.
  [[nodiscard]] bool hardware_time() const noexcept { return hardware_time_; }
  /// Reads and resets the kernel's counts, and forgets an error that the socket holds (the interface went down).
  [[nodiscard]] RingTally take_tally() noexcept;

 private:
  void set_up(const RingOptions& options);
  void make_ring(const RingOptions& options);
  void bind();
  void check_binding() const;
  void attach(const BpfProgram& filter);

  std::string name_;
  Descriptor socket_;
  int index_ = 0;
  std::uint32_t link_type_ = 0;
  bool hardware_time_ = false;
  std::size_t blocks_ = 0;
};

}  // namespace tapestry::capture
