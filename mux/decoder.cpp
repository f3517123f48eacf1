#include "mux/decoder.h"

#include "mux/g711.h"
#include "mux/position.h"

namespace tapestry::mux {
namespace {

class G711Decoder final : public Decoder {
 public:
  explicit G711Decoder(Law law) : law_(law) {}
  bool decode(Bytes payload, std::vector<std::int16_t>& samples) override {
    samples.resize(payload.size());
    mux::decode(law_, payload, samples);
    return true;
  }

 private:
  Law law_;
};

}  // namespace

std::unique_ptr<Decoder> make_decoder(std::string_view encoding, std::uint32_t clock_hz) {
  if (clock_hz != kRateHz) return nullptr;
  if (encoding == "PCMU") return std::make_unique<G711Decoder>(Law::Mu);
  if (encoding == "PCMA") return std::make_unique<G711Decoder>(Law::A);
  return nullptr;
}

}  // namespace tapestry::mux
