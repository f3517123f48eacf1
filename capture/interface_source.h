#pragma once
#include <deque>
#include <memory>
#include <optional>

#include "capture/interface_state.h"
#include "capture/packet_ring.h"

namespace tapestry::capture {

/// A network interface, captured whenever it is there: it may be missing at first, go down, come up, and go away and
/// come back under its name. One thread.
class InterfaceSource final : public LiveSource {
 public:
  /// Throws NotPermitted, std::runtime_error when the filter is wrong. That the interface is missing is news of the
  /// first look(). It goes on with the rings of a process that is gone when `stored` has all of them, and takes these
  /// out of it.
  explicit InterfaceSource(InterfaceOptions options, std::vector<NamedDescriptor>* stored = nullptr);

  [[nodiscard]] const std::string& name() const noexcept override { return options_.ring.interface; }
  [[nodiscard]] std::vector<LiveLane*> lanes() override;
  [[nodiscard]] std::vector<int> descriptors() const override;
  [[nodiscard]] bool is_always_readable() const noexcept override { return options_.ring.keep; }
  [[nodiscard]] bool goes_on() const noexcept override { return goes_on_; }
  void release(Time safe) override;
  void take_descriptors_to_store(std::vector<DescriptorToStore>& all) override;
  void look(Time now, std::vector<Drops>& drops, std::vector<std::string>& news) override;
  [[nodiscard]] Counters counters() const override;
  [[nodiscard]] bool needs_privileges() const noexcept override { return index_ == 0; }
  [[nodiscard]] bool is_denied() const noexcept override { return index_ == 0 && denied_; }

 private:
  /// A ring that may be missing.
  struct Lane final : LiveLane {
    bool next(Frame& frame) override {
      const bool given = ring && ring->next(frame);
      out = given;
      frames += given ? 1U : 0U;
      return given;
    }
    std::unique_ptr<PacketRing> ring{};
    bool out = false;  ///< a frame of it may be in use
    std::uint64_t frames = 0;
  };

  enum class Link : std::uint8_t { Unknown, Up, Down, Missing };

  void open(int index);
  void open_first(const InterfaceState& state);
  bool take_over(std::vector<NamedDescriptor>& stored);
  void close();
  void add_up(const PacketRing& ring);
  void follow(const std::optional<InterfaceState>& state, std::vector<std::string>& news);
  [[nodiscard]] std::uint64_t count_drops();
  [[nodiscard]] std::uint64_t count_missed(const InterfaceState& state);

  InterfaceOptions options_;
  BpfProgram filter_;
  std::vector<std::string> names_;  ///< of the lanes' rings, where they are stored
  std::deque<Lane> lanes_;
  int index_ = 0;  ///< of the interface that is open; 0: none
  Link link_ = Link::Unknown;
  bool denied_ = false;
  bool goes_on_ = false;
  std::string last_fault_;
  std::optional<Time> looked_;
  std::optional<InterfaceState> last_state_;
  int state_error_ = 0;            ///< that the last look at it had
  std::vector<std::string> news_;  ///< to be told at the next look
  std::vector<DescriptorToStore> to_store_;
  RingTally tally_;
  std::uint64_t nic_missed_ = 0;
  std::uint64_t nic_dropped_ = 0;
  std::uint64_t went_down_ = 0;
  std::uint64_t hardware_stamped_ = 0;  ///< by rings that are closed; so the others
  std::uint64_t released_early_ = 0;
  std::uint64_t taken_over_ = 0;
};

}  // namespace tapestry::capture
