#include "gzipped.h"

#include <zlib.h>

#include <vector>

namespace tapestry::verify {

std::string gzipped(std::string_view text) {
  std::vector<Bytef> input(text.begin(), text.end());
  std::vector<Bytef> output(text.size() + 100);
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = output.data();
  stream.avail_out = static_cast<uInt>(output.size());
  deflate(&stream, Z_FINISH);
  std::string zipped(output.begin(), output.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
  deflateEnd(&stream);
  return zipped;
}

}  // namespace tapestry::verify
