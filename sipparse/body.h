#pragma once
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "sipparse/message.h"

namespace tapestry::sip {

/// One part of a message's body: the whole body, or a leaf of a multipart (RFC 2046 §5.1), nested to a depth of 4.
struct BodyPart {
  std::string_view type;         ///< `application/sdp`, as written, without parameters; empty when not told
  std::string_view parameters;   ///< of Content-Type
  std::string_view disposition;  ///< Content-Disposition, empty when not told
  Bytes bytes;
};

/// Bounds: what lies deeper is one leaf as it is, what comes later is left out.
inline constexpr std::size_t kMaxBodyDepth = 4;
inline constexpr std::size_t kMaxBodyParts = 32;

/// All leaves, at most 32, as views into the message's body. Preambles and epilogues are left out, a missing last
/// boundary is tolerated; a multipart without its boundary is one leaf.
std::vector<BodyPart> body_parts(const Message& message);

/// The first application/sdp part (or a body without a type that begins with `v=`); empty when there is none.
Bytes sdp_body(const Message& message);

}  // namespace tapestry::sip
