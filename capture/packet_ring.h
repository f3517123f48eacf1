#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "capture/live_source.h"
#include "capture/packet_socket.h"

namespace tapestry::capture {

/// Reads the ring of a packet socket. Tags that the kernel took off are put back. It goes on when its interface goes
/// down and comes up again, not when that goes away. One thread. Linux only.
///
/// With RingOptions::keep blocks that were read stay in the ring until they are released, so that another process that
/// has the socket as well may read them again after this one was killed.
class PacketRing final : public LiveLane {
 public:
  /// Of the ring's blocks, one in so many is kept at most: losing packets now would be worse than losing them should
  /// the process be killed.
  static constexpr std::size_t kKeptShare = 2;

  /// Nothing comes before start(). Throws NotPermitted, or std::runtime_error that names the interface and the reason.
  explicit PacketRing(const RingOptions& options);
  /// Goes on with the ring of a socket that a process that is gone made with the same options, `keep` aside: the oldest
  /// block that it did not give back comes first. Neither join_fanout() nor start() is for it. Throws
  /// std::runtime_error when the socket does not fit.
  PacketRing(const RingOptions& options, Descriptor socket);
  ~PacketRing() override;
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;

  /// The next frame of a block that the kernel handed over; its bytes lie in the ring. A block is done with at the call
  /// after its last frame's: it goes back to the kernel then, or is kept.
  bool next(Frame& frame) override;

  /// Gives kept blocks back to the kernel, oldest first, up to the first one with a frame that is newer than `safe`.
  void release(Time safe) noexcept;

  [[nodiscard]] PacketSocket& socket() noexcept { return socket_; }
  [[nodiscard]] const PacketSocket& socket() const noexcept { return socket_; }
  /// What waited in a ring that was taken over.
  struct Waiting {
    std::uint64_t frames = 0;
    Time since{};  ///< time of the first one
  };
  /// Nothing when no frame waited, and for a ring of one's own.
  [[nodiscard]] std::optional<Waiting> taken_over() const noexcept { return taken_over_; }
  /// Frames whose time is the NIC's.
  [[nodiscard]] std::uint64_t hardware_stamped() const noexcept { return hardware_stamped_; }
  /// Blocks that were given back unreleased, for too many were kept.
  [[nodiscard]] std::uint64_t released_early() const noexcept { return released_early_; }

 private:
  [[nodiscard]] std::size_t blocks() const noexcept { return newest_.size(); }
  [[nodiscard]] bool is_ours(std::size_t block) const noexcept;
  bool find_oldest() noexcept;
  void count_waiting() noexcept;
  bool take_block() noexcept;
  void finish_block() noexcept;
  void give_back_oldest() noexcept;

  PacketSocket socket_;
  std::span<std::uint8_t> ring_;
  std::uint32_t link_type_;
  std::size_t most_kept_;
  std::size_t block_ = 0;     ///< that is read, or comes next
  bool placed_ = true;        ///< `block_` is that; nobody knows after a takeover until there is a block
  bool owned_ = false;        ///< the block is ours, and being read
  std::uint32_t left_ = 0;    ///< frames of it that were not given out
  std::size_t at_ = 0;        ///< the next frame, in the ring
  Time newest_read_;          ///< of the block's frames that were given out
  std::size_t kept_ = 0;      ///< blocks before `block_` that were read and not given back
  std::vector<Time> newest_;  ///< by block, of those
  std::uint64_t hardware_stamped_ = 0;
  std::uint64_t released_early_ = 0;
  std::optional<Waiting> taken_over_;
};

}  // namespace tapestry::capture
