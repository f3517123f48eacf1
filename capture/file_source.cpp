#include "capture/file_source.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "capture/fd_reader.h"
#include "capture/pcap_reader.h"
#include "capture/pcapng_reader.h"
#include "capture/wire.h"

namespace tapestry::capture {
namespace {

constexpr std::size_t kMagic = 4;
constexpr std::uint16_t kGzipMagic = 0x1f8b;

}  // namespace

std::unique_ptr<Source> open_file(const std::string& path) {
  return open_bytes(std::make_unique<FdReader>(path), path);
}

std::unique_ptr<Source> open_bytes(std::unique_ptr<ByteReader> bytes, const std::string& name) {
  Window window(std::move(bytes));
  Bytes magic = window.peek(kMagic);
  if (magic.size() >= 2 && big16(magic, 0) == kGzipMagic) {
    window.gunzip();
    magic = window.peek(kMagic);
  }
  if (PcapngReader::recognises(magic)) return std::make_unique<PcapngReader>(std::move(window), name);
  // Too short to be told apart: the reader says so as damage.
  if (PcapReader::recognises(magic) || magic.size() < kMagic) {
    return std::make_unique<PcapReader>(std::move(window), name);
  }
  throw std::runtime_error(fmt::format("{} is neither a pcap nor a pcapng capture", name));
}

}  // namespace tapestry::capture
