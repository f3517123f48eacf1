#include "capture/websocket_table.h"

namespace tapestry::capture {

void append(Counters& out, const WebSocketTally& tally) {
  out.insert(out.end(), {{"capture.websocket_messages", tally.messages},
                         {"capture.websocket_lost", tally.lost},
                         {"capture.websocket_skipped_bytes", tally.skipped_bytes}});
}

void WebSocketTable::on_stream(const StreamBytes& bytes) {
  if (bytes.text) return receiver_.on_stream(bytes);
  const auto use = [this, &bytes](Bytes message) {
    StreamBytes whole = bytes;
    whole.bytes = message;
    whole.lost_before = false;
    whole.closed = false;
    whole.message = true;
    receiver_.on_stream(whole);
  };
  StreamBytes plain = bytes;
  plain.bytes = streams_[bytes.stream].add(bytes.bytes, bytes.lost_before, tally_, use);
  if (!plain.bytes.empty() || plain.closed) receiver_.on_stream(plain);
  if (bytes.closed) streams_.erase(bytes.stream);
}

}  // namespace tapestry::capture
