#include "mux/wav_header.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace tapestry::mux {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint32_t>::max();

class Little {
 public:
  void text(std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); }
  void number(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  /// A chunk, padded to an even length.
  void chunk(std::string_view name, const Little& content) {
    text(name);
    number(content.bytes.size(), 4);
    bytes.insert(bytes.end(), content.bytes.begin(), content.bytes.end());
    if (bytes.size() % 2 != 0) bytes.push_back(0);
  }

  std::vector<std::uint8_t> bytes;
};

Little format_chunk(const WavFormat& format, std::uint64_t sample_bytes) {
  const std::uint64_t frame = format.channels * sample_bytes;
  Little chunk;
  chunk.number(static_cast<std::uint16_t>(format.coding), 2);
  chunk.number(format.channels, 2);
  chunk.number(format.rate_hz, 4);
  chunk.number(format.rate_hz * frame, 4);
  chunk.number(frame, 2);
  chunk.number(8 * sample_bytes, 2);
  if (format.coding != WavCoding::Pcm16) chunk.number(0, 2);  // no extension
  return chunk;
}

void add_text(Little& list, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  Little ended;
  ended.text(text);
  ended.number(0, 1);
  list.chunk(name, ended);
}

Little info_chunk(const FileTags& tags) {
  const std::string start = to_rfc3339(tags.start);
  Little list;
  list.text("INFO");
  add_text(list, "INAM", tags.title);
  add_text(list, "ICMT", "vcon " + tags.uuid + " start " + start);
  add_text(list, "ICRD", start);
  return list;
}

}  // namespace

std::vector<std::uint8_t> wav_header(const WavFormat& format, const FileTags& tags, std::uint64_t frames) {
  const std::uint64_t sample_bytes = format.coding == WavCoding::Pcm16 ? 2 : 1;
  const std::uint64_t data_bytes = frames * format.channels * sample_bytes;
  Little chunks;
  chunks.chunk("fmt ", format_chunk(format, sample_bytes));
  if (format.coding != WavCoding::Pcm16) {
    Little fact;
    fact.number(std::min(frames, kLargest), 4);
    chunks.chunk("fact", fact);
  }
  chunks.chunk("LIST", info_chunk(tags));
  constexpr std::uint64_t kNames = 4 + 8;  // WAVE, and the head of data
  constexpr std::uint64_t kDs64 = 8 + 28;
  const std::uint64_t riff_bytes = kNames + chunks.bytes.size() + data_bytes;
  const bool large = riff_bytes + kDs64 > kLargest;
  Little header;
  header.text(large ? "RF64" : "RIFF");
  header.number(large ? kLargest : riff_bytes, 4);
  header.text("WAVE");
  if (large) {
    Little sizes;
    sizes.number(riff_bytes + kDs64, 8);
    sizes.number(data_bytes, 8);
    sizes.number(frames, 8);
    sizes.number(0, 4);  // no table
    header.chunk("ds64", sizes);
  }
  header.bytes.insert(header.bytes.end(), chunks.bytes.begin(), chunks.bytes.end());
  header.text("data");
  header.number(large ? kLargest : data_bytes, 4);
  return header.bytes;
}

}  // namespace tapestry::mux
