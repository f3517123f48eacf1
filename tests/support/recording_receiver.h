#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "capture/datagram.h"
#include "core/counter.h"

namespace tapestry::testing {

/// Keeps copies of all that a decoder hands over.
class RecordingReceiver final : public capture::Receiver {
 public:
  struct KeptDatagram {
    Time time;
    Endpoint source;
    Endpoint destination;
    std::string payload;
    bool snapped = false;
  };
  struct KeptStream {
    std::string bytes;  ///< all of them; `|` stands where some were lost
    std::size_t calls = 0;
    bool closed = false;
    bool text = false;
    Time last;  ///< time of the last bytes
    Endpoint source;
    Endpoint destination;
  };

  capture::FrameEnd on_datagram(const capture::Datagram& datagram) override {
    datagrams.push_back({datagram.time, datagram.source, datagram.destination, std::string(as_text(datagram.payload)),
                         datagram.snapped});
    return capture::FrameEnd::OtherDatagram;
  }
  void on_stream(const capture::StreamBytes& bytes) override {
    KeptStream& stream = streams[bytes.stream];
    if (bytes.lost_before) stream.bytes += '|';
    stream.bytes += as_text(bytes.bytes);
    stream.last = bytes.time;
    stream.source = bytes.source;
    stream.destination = bytes.destination;
    stream.closed = bytes.closed;
    stream.text = bytes.text;
    ++stream.calls;
  }

  std::vector<KeptDatagram> datagrams;
  std::map<std::uint64_t, KeptStream> streams;  ///< by StreamBytes::stream
};

/// The counter of that name; 0 when there is none.
inline std::uint64_t value_of(const Counters& counters, std::string_view name) {
  for (const Counter& counter : counters) {
    if (counter.name == name) return counter.value;
  }
  return 0;
}

}  // namespace tapestry::testing
