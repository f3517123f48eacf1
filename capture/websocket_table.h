#pragma once
#include <unordered_map>

#include "capture/datagram.h"
#include "capture/websocket_stream.h"
#include "core/counter.h"

namespace tapestry::capture {

/// As the decoder's counters.
void append(Counters& out, const WebSocketTally& tally);

/// Stands between the TCP streams and their receiver: messages of WebSockets go on as such (StreamBytes::message), all
/// other bytes, and all of text connections, as they are. As many streams as TcpTable has.
class WebSocketTable final : public Receiver {
 public:
  explicit WebSocketTable(Receiver& receiver) : receiver_(receiver) {}

  FrameEnd on_datagram(const Datagram& datagram) override { return receiver_.on_datagram(datagram); }
  void on_stream(const StreamBytes& bytes) override;
  [[nodiscard]] const WebSocketTally& tally() const noexcept { return tally_; }

 private:
  Receiver& receiver_;
  WebSocketTally tally_;
  std::unordered_map<std::uint64_t, WebSocketStream> streams_;
};

}  // namespace tapestry::capture
