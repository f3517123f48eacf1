#include "capture/window.h"

#include <algorithm>
#include <utility>

#include "capture/gzip_reader.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kBlock = 64U << 10U;  // read and parsed before it leaves the nearest caches
constexpr std::size_t kCapacity = kBlock + Window::kMaxPeek;

}  // namespace

Window::Window(std::unique_ptr<ByteReader> reader)
    : reader_(std::move(reader)), buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(kCapacity)) {}

void Window::refill(std::size_t count) {
  std::copy(buffer_.get() + begin_, buffer_.get() + end_, buffer_.get());
  base_ += begin_;
  end_ -= begin_;
  begin_ = 0;
  while (end_ < count && !ended_) {
    const std::size_t got = reader_->read({buffer_.get() + end_, std::min(kBlock, kCapacity - end_)});
    end_ += got;
    ended_ = got == 0;
  }
}

bool Window::discard(std::uint64_t count) {
  while (count > 0) {
    if (end_ == begin_) refill(1);
    const std::uint64_t step = std::min<std::uint64_t>(count, end_ - begin_);
    if (step == 0) return false;
    skip(static_cast<std::size_t>(step));
    count -= step;
  }
  return true;
}

void Window::gunzip() {
  assert(base_ == 0 && begin_ == 0);
  reader_ = std::make_unique<GzipReader>(std::move(reader_), Bytes(buffer_.get(), end_));
  end_ = 0;
  ended_ = false;
}

}  // namespace tapestry::capture
