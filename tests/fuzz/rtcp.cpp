// RTCP from any bytes: bounded, and what is read was there.
#include <cstdint>
#include <cstdlib>

#include "rtp/rtcp_book.h"
#include "tests/support/packet_builder.h"

namespace {

using namespace tapestry;

void require(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reports = rtp::parse_rtcp(Bytes(data, size));
  if (!reports) return 0;
  const std::size_t count = reports->senders.size() + reports->receptions.size() + reports->metrics.size();
  require(count <= rtp::kMaxRtcpReports && count * 24 <= size);
  for (const rtp::ReceptionReport& report : reports->receptions) {
    require(report.cumulative_lost >= -(1 << 23) && report.cumulative_lost < 1 << 23);
  }
  rtp::RtcpBook book;
  const Endpoint here = testing::endpoint("10.0.0.1:4001");
  const Endpoint there = testing::endpoint("10.0.0.2:5001");
  book.add({Time(), here, there, Bytes(data, size), false});
  book.add({Time(std::chrono::seconds(1)), there, here, Bytes(data, size), false});
  for (const rtp::ReceptionReport& report : reports->receptions) {
    const rtp::RtcpView* view = book.find({here, there, report.about});
    require(view != nullptr && (!view->round_trip || *view->round_trip >= Duration(0)));
  }
  return 0;
}
