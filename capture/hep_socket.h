#pragma once
#include <memory>

#include "capture/live_options.h"
#include "capture/live_source.h"

namespace tapestry::capture {

/// HEP3 packets that agents send to a UDP socket. Each becomes a frame of raw IP (link::kRaw), with the addresses that
/// it came with and the kernel's time of arrival, and the decoder does with it what it does with one from a mirror
/// port: so it may also be anything else over UDP. One thread. Linux only.
class HepSocket final : public LiveSource, public LiveLane {
 public:
  /// Throws std::runtime_error when the address cannot be listened at.
  explicit HepSocket(const HepOptions& options);
  ~HepSocket() override;
  HepSocket(const HepSocket&) = delete;
  HepSocket& operator=(const HepSocket&) = delete;

  [[nodiscard]] const std::string& name() const noexcept override;
  /// The port, for one that the system chose.
  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::vector<LiveLane*> lanes() override { return {this}; }
  [[nodiscard]] std::vector<int> descriptors() const override;
  bool next(Frame& frame) override;
  void look(Time now, std::vector<Drops>& drops, std::vector<std::string>& news) override;
  [[nodiscard]] Counters counters() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tapestry::capture
