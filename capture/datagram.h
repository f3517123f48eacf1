#pragma once
#include <cstdint>

#include "capture/frame_end.h"
#include "core/address.h"
#include "core/bytes.h"
#include "core/time.h"

namespace tapestry::capture {

/// One UDP payload. A view: valid only inside the call that hands it over.
struct Datagram {
  Time time;
  Endpoint source;
  Endpoint destination;
  Bytes payload;
  bool snapped = false;  ///< the capture cut the frame: `payload` is only its beginning
};

/// Bytes of one direction of a TCP connection, in order, each byte once; or one message of a WebSocket that it is.
struct StreamBytes {
  Time time;
  Endpoint source;
  Endpoint destination;
  std::uint64_t stream = 0;  ///< one direction of one connection; never used again for another
  Bytes bytes;
  bool lost_before =
      false;  ///< bytes are missing between the previous call and this one (or this stream began in the middle)
  bool closed = false;   ///< FIN, RST or time-out: nothing more comes on this stream
  bool message = false;  ///< a whole WebSocket message (RFC 7118): SIP whose end needs no Content-Length
  bool tls = false;      ///< TLS carried them
  bool text = false;     ///< by its port (DecoderLimits::text_ports), or HTTP: commands, maybe; no SIP
};

/// Who takes what capture peels out of the frames. All calls come from the capture thread, in capture order.
class Receiver {
 public:
  virtual ~Receiver() = default;
  /// What became of it: an end of datagrams.
  virtual FrameEnd on_datagram(const Datagram& datagram) = 0;
  virtual void on_stream(const StreamBytes& bytes) = 0;
};

}  // namespace tapestry::capture
