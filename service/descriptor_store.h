#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/descriptor.h"

namespace tapestry::service {

/// Descriptors that the service manager keeps while the service is started again, however it ended (sd_listen_fds(3),
/// FDSTORE in sd_notify(3)): the next process gets them. Without a service manager (NOTIFY_SOCKET) nothing is kept.
/// Never throws: who cannot be told goes without. One thread; made before there are others, for it changes the
/// environment.
class DescriptorStore {
 public:
  /// Takes over what was kept; programs that are started get none of it.
  DescriptorStore();

  /// Whether somebody is there to keep any. How many (FileDescriptorStoreMax) is not known.
  [[nodiscard]] bool is_there() const noexcept { return is_there_; }
  /// What was kept by the start of the process; nothing afterwards. It goes on being kept until remove().
  [[nodiscard]] std::vector<NamedDescriptor> take() noexcept { return std::exchange(kept_, {}); }
  /// Has it kept from now on, as NamedDescriptor, whatever errors it shows; it may be closed here.
  void put(const std::string& name, int descriptor) const noexcept;
  /// Has nothing kept under that name any more.
  void remove(const std::string& name) const noexcept;

 private:
  bool is_there_;
  std::vector<NamedDescriptor> kept_;
};

}  // namespace tapestry::service
