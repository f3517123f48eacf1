#pragma once
#include <string>
#include <utility>

#include <unistd.h>

namespace tapestry {

/// An open file descriptor, closed when it dies. Empty after it was moved from.
class Descriptor {
 public:
  Descriptor() = default;
  /// Takes it over; a negative one is none.
  explicit Descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) (void)::close(descriptor_);
  }
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }

  [[nodiscard]] int get() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// A descriptor under the name that it is kept by (sd_listen_fds_with_names(3)): ASCII without control characters and
/// colons, 255 octets at most.
struct NamedDescriptor {
  std::string name;
  Descriptor descriptor;
};

}  // namespace tapestry
