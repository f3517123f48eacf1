#include "mux/ogg_opus_writer.h"

#include <ogg/ogg.h>
#include <opus/opus.h>

#include <array>
#include <string_view>
#include <vector>

#include "mux/output_file.h"

namespace tapestry::mux {
namespace {

constexpr std::int64_t kGranuleHz = 48'000;  ///< of granule positions: RFC 7845 §4
constexpr int kPacketsPerPage = 50;
constexpr int kFullPage = 65'025;

/// FNV-1a: stable, unlike core's hashes.
std::uint32_t serial_number(std::string_view uuid) noexcept {
  std::uint32_t hash = 2'166'136'261U;
  for (const std::uint8_t byte : as_bytes(uuid)) hash = (hash ^ byte) * 16'777'619U;
  return hash;
}

void append_little(std::vector<std::uint8_t>& out, std::uint32_t value, unsigned octets) {
  for (unsigned i = 0; i < octets; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8U * i));
}

void append_text(std::vector<std::uint8_t>& out, std::string_view text) {
  append_little(out, static_cast<std::uint32_t>(text.size()), 4);
  out.insert(out.end(), text.begin(), text.end());
}

/// RFC 7845 §5.1
std::vector<std::uint8_t> make_head(std::uint32_t pre_skip, Rate rate) {
  constexpr std::string_view kMagic = "OpusHead";
  std::vector<std::uint8_t> head(kMagic.begin(), kMagic.end());
  append_little(head, 1, 1);  // version
  append_little(head, 2, 1);  // channels
  append_little(head, pre_skip, 2);
  append_little(head, rate.hz, 4);
  append_little(head, 0, 2);                 // output gain
  head.insert(head.end(), {1, 2, 0, 0, 1});  // mapping family, streams, coupled streams, stream of each channel
  return head;
}

/// RFC 7845 §5.2
std::vector<std::uint8_t> make_tags(const FileTags& tags) {
  constexpr std::string_view kMagic = "OpusTags";
  std::vector<std::uint8_t> out(kMagic.begin(), kMagic.end());
  const std::array comments{"TITLE=" + tags.title, "VCON_UUID=" + tags.uuid, "DATE=" + to_rfc3339(tags.start)};
  append_text(out, opus_get_version_string());
  append_little(out, comments.size(), 4);
  for (const std::string& comment : comments) append_text(out, comment);
  return out;
}

/// Packets of one logical stream into pages.
class OggStream {
 public:
  OggStream(OutputFile& output, std::uint32_t serial) : output_(output) {
    if (ogg_stream_init(&stream_, static_cast<int>(serial)) != 0) output_.fail("out of memory");
  }
  ~OggStream() { ogg_stream_clear(&stream_); }
  OggStream(const OggStream&) = delete;
  OggStream& operator=(const OggStream&) = delete;

  void put(std::vector<std::uint8_t>& bytes, std::int64_t granule, bool last) {
    ogg_packet packet{};
    packet.packet = bytes.data();
    packet.bytes = static_cast<long>(bytes.size());
    packet.b_o_s = number_ == 0 ? 1 : 0;
    packet.e_o_s = last ? 1 : 0;
    packet.granulepos = granule;
    packet.packetno = number_++;
    if (ogg_stream_packetin(&stream_, &packet) != 0) output_.fail("libogg takes no packet");
    ogg_page page{};
    while (ogg_stream_pageout_fill(&stream_, &page, kFullPage) != 0) write(page);
  }
  void end_page() {
    ogg_page page{};
    while (ogg_stream_flush_fill(&stream_, &page, kFullPage) != 0) write(page);
  }

 private:
  void write(const ogg_page& page) {
    output_.write({page.header, static_cast<std::size_t>(page.header_len)});
    output_.write({page.body, static_cast<std::size_t>(page.body_len)});
  }

  OutputFile& output_;
  ogg_stream_state stream_{};
  std::int64_t number_ = 0;
};

class OggOpusWriter final : public Writer<std::int16_t> {
 public:
  OggOpusWriter(const Destination& to, const FileTags& tags, Rate rate, const OpusSettings& settings)
      : output_(to),
        ogg_(output_, serial_number(tags.uuid)),
        channels_{Pending(rate, settings), Pending(rate, settings)},
        frame_(channels_[0].encoder.frame()),
        granules_(kGranuleHz / rate.hz),
        pre_skip_(channels_[0].encoder.lookahead() * granules_) {
    auto head = make_head(static_cast<std::uint32_t>(pre_skip_), rate);
    ogg_.put(head, 0, false);
    ogg_.end_page();
    auto comments = make_tags(tags);
    ogg_.put(comments, 0, false);
    ogg_.end_page();
  }

  void write(std::span<const std::int16_t> left, std::span<const std::int16_t> right) override {
    samples_ += static_cast<Position>(left.size());
    channels_[0].samples.insert(channels_[0].samples.end(), left.begin(), left.end());
    channels_[1].samples.insert(channels_[1].samples.end(), right.begin(), right.end());
    // The last frame is held back: only finish() knows that it is the last.
    std::size_t done = 0;
    for (; done + frame_ < channels_[0].samples.size(); done += frame_) put_frame(done, false);
    for (Pending& channel : channels_) {
      channel.samples.erase(channel.samples.begin(), channel.samples.begin() + static_cast<std::ptrdiff_t>(done));
    }
  }

  void finish() override {
    const auto tail = channels_[0].samples.size() + static_cast<std::size_t>(channels_[0].encoder.lookahead());
    const std::size_t frames = (tail + frame_ - 1) / frame_;
    for (Pending& channel : channels_) channel.samples.resize(frames * frame_);
    for (std::size_t i = 0; i < frames; ++i) put_frame(i * frame_, i + 1 == frames);
    ogg_.end_page();
  }

 private:
  struct Pending {
    Pending(Rate rate, const OpusSettings& settings) : encoder(rate, settings) {}
    OpusChannel encoder;
    std::vector<std::int16_t> samples;
  };

  void put_frame(std::size_t at, bool last) {
    packet_.clear();
    append_self_delimited(channels_[0].encoder.encode(std::span(channels_[0].samples).subspan(at, frame_)), packet_);
    const Bytes second = channels_[1].encoder.encode(std::span(channels_[1].samples).subspan(at, frame_));
    packet_.insert(packet_.end(), second.begin(), second.end());
    ++frames_;
    const std::int64_t granule =
        last ? pre_skip_ + samples_ * granules_ : frames_ * static_cast<Position>(frame_) * granules_;
    ogg_.put(packet_, granule, last);
    if (frames_ % kPacketsPerPage == 0) ogg_.end_page();
  }

  OutputFile output_;
  OggStream ogg_;
  std::array<Pending, 2> channels_;
  std::size_t frame_;
  std::int64_t granules_;  ///< of a sample
  std::int64_t pre_skip_;
  Position samples_ = 0;
  std::int64_t frames_ = 0;
  std::vector<std::uint8_t> packet_;
};

}  // namespace

std::unique_ptr<Writer<std::int16_t>> make_ogg_opus_writer(const Destination& to, const FileTags& tags, Rate rate,
                                                           const OpusSettings& settings) {
  return std::make_unique<OggOpusWriter>(to, tags, rate, settings);
}

}  // namespace tapestry::mux
