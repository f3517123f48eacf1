// The first byte chooses the link type; the rest is frames: two bytes of length, one of time step, then the bytes.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <string_view>

#include "capture/decoder.h"
#include "capture/link_type.h"

namespace {

using namespace tapestry;

const capture::DecoderLimits kLimits{.fragment_sets = 8,
                                     .fragment_bytes = 100'000,
                                     .fragment_age = std::chrono::seconds(30),
                                     .streams = 8,
                                     .stream_bytes = 2000,
                                     .http = true};

void require(bool holds) {
  if (!holds) std::abort();
}

class Checker final : public capture::Receiver {
 public:
  capture::FrameEnd on_datagram(const capture::Datagram& datagram) override {
    require(datagram.payload.size() <= 262144);
    ++datagrams;
    touch(datagram.payload);
    return capture::FrameEnd::OtherDatagram;
  }
  void on_stream(const capture::StreamBytes& bytes) override {
    require(!closed_.contains(bytes.stream));
    if (bytes.closed) closed_.insert(bytes.stream);
    touch(bytes.bytes);
  }
  unsigned sum = 0;
  std::uint64_t datagrams = 0;

 private:
  // Reads every byte, so that the sanitizer sees a view that left its owner.
  void touch(Bytes bytes) {
    for (const std::uint8_t byte : bytes) sum += byte;
  }
  std::set<std::uint64_t> closed_;
};

void check_balance(const Counters& counters, std::uint64_t datagrams) {
  const auto value = [&](std::string_view name) {
    for (const Counter& counter : counters) {
      if (counter.name == name) return counter.value;
    }
    std::abort();
  };
  require(value("capture.frames") + value("capture.packets_reassembled") ==
          value("capture.udp") + value("capture.tcp") + value("capture.fragments") + value("capture.not_ip") +
              value("capture.unknown_link_type") + value("capture.other_protocol") + value("capture.malformed") +
              value("capture.too_deep"));
  std::uint64_t ended = 0;
  for (const Counter& counter : counters) {
    if (counter.name.starts_with("frames.")) ended += counter.value;
  }
  require(ended == value("capture.frames") && value("frames.waiting") == 0);
  require(value("capture.udp") == datagrams + value("capture.mirror_copies"));
  require(value("capture.fragments") == value("capture.fragments_reassembled") + value("capture.fragments_duplicate") +
                                            value("capture.fragments_dropped"));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace link = capture::link;
  constexpr std::array kLinks{link::kEthernet, link::kRaw,  link::kCooked1, link::kCooked2, link::kNull,
                              link::kLoop,     link::kIpv4, link::kIpv6,    link::kErf,     std::uint32_t{147}};
  Cursor cursor(Bytes(data, size));
  const std::uint32_t link_type = kLinks.at(cursor.u8() % kLinks.size());
  Checker checker;
  capture::Decoder decoder(checker, kLimits);
  Time now{std::chrono::seconds(1'700'000'000)};
  while (cursor.left() > 3) {
    const std::size_t length = cursor.u16();
    now += std::chrono::milliseconds(10) * cursor.u8();
    const Bytes frame = cursor.take(std::min(length, cursor.left()));
    decoder.decode({now, link_type, static_cast<std::uint32_t>(length), frame});
  }
  decoder.finish();
  check_balance(decoder.counters(), checker.datagrams);
  return 0;
}
