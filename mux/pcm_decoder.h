#pragma once
#include <memory>

#include "mux/codec.h"
#include "mux/decoder.h"

namespace tapestry::mux {

/// G.711 of either law.
std::unique_ptr<Decoder> make_g711_decoder(const Codec& codec);
/// 16-bit samples in network order (RFC 3551 §4.5.11); of two channels their mean.
std::unique_ptr<Decoder> make_l16_decoder(const Codec& codec);

}  // namespace tapestry::mux
