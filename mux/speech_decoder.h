#pragma once
#include <memory>

#include "mux/codec.h"
#include "mux/decoder.h"

namespace tapestry::mux {

/// G.722, G.726 and Speex: FFmpeg takes a payload as it is.
std::unique_ptr<Decoder> make_whole_decoder(const Codec& codec);
/// G.729, G.723.1, GSM and iLBC: frame by frame; silence descriptors of G.729 are silence.
std::unique_ptr<Decoder> make_frame_decoder(const Codec& codec);
/// AMR and AMR-WB (RFC 4867); frames that are damaged, not sent, or silence descriptors are silence.
std::unique_ptr<Decoder> make_amr_decoder(const Codec& codec);
/// DVI4 (RFC 3551 §4.5.1), which is IMA ADPCM with another header and order of nibbles than FFmpeg's.
std::unique_ptr<Decoder> make_dvi4_decoder(const Codec& codec);

}  // namespace tapestry::mux
