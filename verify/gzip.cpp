#include "verify/gzip.h"

#include <zlib.h>

#include <array>
#include <limits>
#include <vector>

namespace tapestry::verify {

bool is_gzip(std::string_view data) noexcept { return data.starts_with("\x1f\x8b"); }

std::optional<std::string> gunzip(std::string_view data, std::size_t max_bytes) {
  if (data.size() > std::numeric_limits<uInt>::max()) return std::nullopt;
  std::vector<Bytef> input(data.begin(), data.end());
  z_stream stream{};
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return std::nullopt;
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  std::array<Bytef, 65536> raw{};
  std::string out;
  int state = Z_OK;
  while (state == Z_OK && out.size() <= max_bytes) {
    stream.next_out = raw.data();
    stream.avail_out = static_cast<uInt>(raw.size());
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t made = raw.size() - stream.avail_out;
    out.append(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(made));
  }
  const bool whole = state == Z_STREAM_END && stream.avail_in == 0 && out.size() <= max_bytes;
  inflateEnd(&stream);
  if (!whole) return std::nullopt;
  return out;
}

}  // namespace tapestry::verify
