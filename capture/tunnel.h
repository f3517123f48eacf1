#pragma once
#include "capture/layer.h"
#include "core/bytes.h"

namespace tapestry::capture {

// Encapsulations that stand behind an EtherType or an IP protocol number. As in link_layer.h: the result tells what is
// left in `bytes`; nothing is taken off what is Malformed.

/// A label stack of any depth (RFC 3032). What is below has no type: IP by its version, else an Ethernet pseudowire
/// with or without control word (RFC 4448).
[[nodiscard]] LayerKind peel_mpls(Bytes& bytes) noexcept;

/// GRE with checksum, key and sequence number (RFC 2784, RFC 2890), and PPTP's with acknowledgement (RFC 2637 §4.1):
/// whatever an EtherType names, Ethernet (transparent bridging, NVGRE), ERSPAN, PPP. Source routes (RFC 1701) are
/// OtherProtocol.
[[nodiscard]] LayerKind peel_gre(Bytes& bytes) noexcept;

/// The header of ERSPAN type II and III (draft-foschiano-erspan), III's platform subheader too. Type I has none.
[[nodiscard]] LayerKind peel_erspan(Bytes& bytes) noexcept;

/// PPP (RFC 1661 §2), with or without address and control field, with or without compressed protocol field.
[[nodiscard]] LayerKind peel_ppp(Bytes& bytes) noexcept;

}  // namespace tapestry::capture
