#pragma once
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "core/bytes.h"
#include "core/time.h"

namespace tapestry::mux {

/// Takes a recording's two channels from beginning to end; 16-bit samples or G.711 codes. Throws std::runtime_error.
template <class Sample>
class Writer {
 public:
  virtual ~Writer() = default;
  /// Both spans are equally long.
  virtual void write(std::span<const Sample> left, std::span<const Sample> right) = 0;
  /// Once, after the last write(): all is in the file then, which who puts it into its place must sync.
  virtual void finish() = 0;
};

/// Sees a file's bytes from the first to the last, as they are written.
using ByteObserver = std::function<void(Bytes)>;

struct Destination {
  std::filesystem::path path;
  ByteObserver observer;  ///< may be empty
};

/// What a file says about itself.
struct FileTags {
  std::string uuid;
  std::string title;
  Time start;
};

}  // namespace tapestry::mux
