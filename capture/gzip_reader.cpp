#include "capture/gzip_reader.h"

#include <algorithm>
#include <new>
#include <utility>

namespace tapestry::capture {
namespace {

constexpr std::size_t kInputBlock = 256U << 10U;
constexpr int kGzipWindow = 15 + 16;
constexpr std::uint8_t kGzipFirst = 0x1f;

}  // namespace

GzipReader::GzipReader(std::unique_ptr<ByteReader> compressed, Bytes begun)
    : compressed_(std::move(compressed)), input_(std::max(kInputBlock, begun.size())) {
  if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
  std::ranges::copy(begun, input_.begin());
  stream_.next_in = input_.data();
  stream_.avail_in = static_cast<uInt>(begun.size());
}

GzipReader::~GzipReader() { inflateEnd(&stream_); }

std::size_t GzipReader::read(std::span<std::uint8_t> into) {
  const auto room = static_cast<uInt>(into.size());
  stream_.next_out = into.data();
  stream_.avail_out = room;
  while (stream_.avail_out == room && !ended_) {
    if (stream_.avail_in == 0 && !refill()) {
      end(in_member_ ? "the gzip data ends too early" : "");
      break;
    }
    if (!in_member_ && !begin_member()) break;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      in_member_ = false;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      end("the gzip data is damaged");
    }
  }
  return room - stream_.avail_out;
}

bool GzipReader::refill() {
  stream_.next_in = input_.data();
  stream_.avail_in = static_cast<uInt>(compressed_->read(input_));
  return stream_.avail_in != 0;
}

bool GzipReader::begin_member() {
  if (*stream_.next_in != kGzipFirst) {
    end(*stream_.next_in == 0 ? "" : "the gzip data is followed by something else");
    return false;
  }
  inflateReset(&stream_);
  in_member_ = true;
  return true;
}

void GzipReader::end(std::string fault) {
  ended_ = true;
  fault_ = std::move(fault);
}

}  // namespace tapestry::capture
