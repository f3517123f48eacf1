#include "mux/decoder.h"

#include "mux/opus_decoder.h"
#include "mux/pcm_decoder.h"
#include "mux/speech_decoder.h"

namespace tapestry::mux {

bool Decoder::recover(std::size_t, Bytes, std::vector<std::int16_t>&) { return false; }

std::unique_ptr<Decoder> make_decoder(const Codec& codec, Rate rate) {
  switch (codec.coding) {
    case Coding::PcmMu:
    case Coding::PcmA:
      return make_g711_decoder(codec);
    case Coding::G722:
    case Coding::G726:
    case Coding::G726Aal2:
    case Coding::Speex:
      return make_whole_decoder(codec);
    case Coding::G723:
    case Coding::G729:
    case Coding::Gsm:
    case Coding::Ilbc:
      return make_frame_decoder(codec);
    case Coding::Amr:
    case Coding::AmrWb:
      return make_amr_decoder(codec);
    case Coding::Opus:
      return make_opus_decoder(rate);
    case Coding::L16:
      return make_l16_decoder(codec);
    case Coding::Dvi4:
      return make_dvi4_decoder(codec);
    case Coding::None:
    case Coding::Red:
      break;
  }
  return nullptr;
}

}  // namespace tapestry::mux
