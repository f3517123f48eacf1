#include "mux/resampler.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libswresample/swresample.h>
}

#include <stdexcept>
#include <string>

namespace tapestry::mux {
namespace {

constexpr std::uint32_t kSilenceParts = 100;  ///< of a second: longer than any filter's reach

void check(int status, const char* what) {
  if (status < 0) throw std::runtime_error(std::string("mux: libswresample, ") + what + " failed");
}

}  // namespace

void Resampler::Free::operator()(SwrContext* context) const noexcept { swr_free(&context); }

Resampler::Resampler(std::uint32_t from_hz, std::uint32_t to_hz)
    : from_hz_(from_hz), to_hz_(to_hz), silence_(from_hz / kSilenceParts) {
  AVChannelLayout mono{};
  av_channel_layout_default(&mono, 1);
  SwrContext* made = nullptr;
  const int status = swr_alloc_set_opts2(&made, &mono, AV_SAMPLE_FMT_S16, static_cast<int>(to_hz), &mono,
                                         AV_SAMPLE_FMT_S16, static_cast<int>(from_hz), 0, nullptr);
  context_.reset(made);
  check(status, "options");
  check(swr_init(context_.get()), "start");
  restart();
}

void Resampler::restart() {
  unused_.clear();
  append(silence_, unused_);
  delay_ = swr_get_delay(context_.get(), to_hz_);
}

void Resampler::convert(std::span<const std::int16_t> in, bool ends, std::vector<std::int16_t>& out) {
  out.clear();
  append(in, out);
  if (!ends) return;
  const std::size_t whole = out.size() + static_cast<std::size_t>(delay_);
  append(silence_, out);
  out.resize(whole);
}

void Resampler::append(std::span<const std::int16_t> in, std::vector<std::int16_t>& out) {
  const std::size_t before = out.size();
  const std::size_t most = in.size() * to_hz_ / from_hz_ + silence_.size() * 2 + to_hz_ / kSilenceParts;
  out.resize(before + most);
  void* const to = out.data() + before;
  const void* const from = in.data();
  auto* to_plane = static_cast<std::uint8_t*>(to);
  const auto* from_plane = static_cast<const std::uint8_t*>(from);
  const int count =
      swr_convert(context_.get(), &to_plane, static_cast<int>(most), &from_plane, static_cast<int>(in.size()));
  check(count, "conversion");
  out.resize(before + static_cast<std::size_t>(count));
}

}  // namespace tapestry::mux
