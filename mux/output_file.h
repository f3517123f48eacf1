#pragma once
#include <string>

#include "mux/writer.h"

namespace tapestry::mux {

/// A file being made. Throws std::runtime_error with the path when the disk fails.
class OutputFile {
 public:
  /// Made anew, or emptied; readable by owner and group.
  explicit OutputFile(const Destination& to);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// For libraries that write by themselves, past the observer.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  void write(Bytes bytes);
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string path_;
  ByteObserver observer_;
  int descriptor_;
};

}  // namespace tapestry::mux
