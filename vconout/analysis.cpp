#include "vconout/analysis.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace tapestry::vconout {
namespace {

constexpr const char* kSchema = "stream-quality-1";
constexpr std::uint8_t kUnknown = 127;  ///< RFC 3611 §4.7.5: of R and MOS

/// Three decimals: more is noise.
double rounded(double value) { return std::round(value * 1e3) / 1e3; }

double milliseconds(Duration duration) { return rounded(to_seconds(duration) * 1e3); }

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Json packets_of(const mux::StreamQuality& stream) {
  const mux::PacketCounts& packets = stream.packets;
  return {{"expected", packets.expected},  {"received", packets.received},   {"lost", packets.lost},
          {"discarded", stream.discarded}, {"reordered", packets.reordered}, {"duplicates", packets.duplicate}};
}

Json bursts_of(const mux::StreamQuality& stream) {
  const mux::Bursts& bursts = stream.bursts;
  const double packet_ms = to_seconds(stream.packet_time) * 1e3;
  return {{"count", bursts.count},
          {"burst_density", rounded(bursts.burst_density)},
          {"gap_density", rounded(bursts.gap_density)},
          {"burst_ms", rounded(bursts.burst_packets * packet_ms)},
          {"gap_ms", rounded(bursts.gap_packets * packet_ms)}};
}

Json metrics_of(const rtp::VoipMetrics& metrics) {
  Json object = {{"loss_ratio", rounded(metrics.loss_rate / 256.0)},
                 {"discard_ratio", rounded(metrics.discard_rate / 256.0)},
                 {"burst_density", rounded(metrics.burst_density / 256.0)},
                 {"gap_density", rounded(metrics.gap_density / 256.0)},
                 {"burst_ms", metrics.burst_ms},
                 {"gap_ms", metrics.gap_ms},
                 {"round_trip_ms", metrics.round_trip_ms},
                 {"end_system_ms", metrics.end_system_ms}};
  if (metrics.r_factor != kUnknown) object["r_factor"] = metrics.r_factor;
  if (metrics.mos_lq != kUnknown) object["mos_lq"] = rounded(metrics.mos_lq / 10.0);
  if (metrics.mos_cq != kUnknown) object["mos_cq"] = rounded(metrics.mos_cq / 10.0);
  return object;
}

Json rtcp_of(const mux::StreamQuality& stream) {
  const rtp::RtcpView& view = stream.rtcp;
  Json object = Json::object();
  object["reports"] = view.reports;
  if (view.reports > 0) {
    object["fraction_lost"] = rounded(view.last.fraction_lost / 256.0);
    object["cumulative_lost"] = view.last.cumulative_lost;
    object["highest_sequence"] = view.last.highest_sequence;
    if (stream.clock_hz > 0) object["jitter_ms"] = rounded(view.last.jitter * 1e3 / stream.clock_hz);
  }
  if (view.round_trip) object["round_trip_ms"] = milliseconds(*view.round_trip);
  if (view.metrics) object["voip_metrics"] = metrics_of(*view.metrics);
  return object;
}

Json stream_of(const mux::StreamQuality& stream) {
  Json object = Json::object();
  object["ssrc"] = fmt::format("0x{:08x}", stream.flow.ssrc);
  object["channel"] = stream.channel;
  object["source"] = stream.flow.source.to_string();
  object["destination"] = stream.flow.destination.to_string();
  add_text(object, "codec", join(stream.codecs));
  object["packets"] = packets_of(stream);
  object["jitter_ms"] = rounded(stream.jitter.mean_ms);
  object["jitter_max_ms"] = rounded(stream.jitter.most_ms);
  object["bursts"] = bursts_of(stream);
  if (stream.e_model) {
    object["model"] = "G.107";
    object["r_factor"] = rounded(stream.e_model->r);
    object["mos"] = rounded(stream.e_model->mos);
  }
  if (stream.rtcp.reports > 0 || stream.rtcp.metrics) object["rtcp"] = rtcp_of(stream);
  return object;
}

Json report_of(const std::vector<mux::StreamQuality>& streams, std::size_t dialog) {
  Json list = Json::array();
  for (const mux::StreamQuality& stream : streams) list.push_back(stream_of(stream));
  Json object = Json::object();
  object["type"] = "report";
  object["dialog"] = dialog;
  object["mediatype"] = "application/json";
  object["vendor"] = "Tapestry";
  object["product"] = "tapestry";
  object["schema"] = kSchema;
  object["encoding"] = "json";
  object["body"] = {{"jitter_buffer_ms", milliseconds(mux::kJitterBuffer)}, {"gmin", mux::kGmin}, {"streams", list}};
  return object;
}

}  // namespace

Json analysis_of(const std::vector<FinishedDialog>& dialogs, const MemberNumbers& numbers) {
  Json list = Json::array();
  for (std::size_t i = 0; i < dialogs.size(); ++i) {
    for (std::size_t k = 0; k < dialogs[i].rendered.size(); ++k) {
      const mux::Rendered& rendered = dialogs[i].rendered[k];
      if (!rendered.streams.empty()) list.push_back(report_of(rendered.streams, numbers.of_media(i, k)));
    }
  }
  return list;
}

}  // namespace tapestry::vconout
