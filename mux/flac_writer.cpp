#include "mux/flac_writer.h"

#include <sndfile.h>

#include <vector>

#include "mux/output_file.h"

namespace tapestry::mux {
namespace {

struct Close {
  void operator()(SNDFILE* file) const noexcept { (void)sf_close(file); }
};

class FlacWriter final : public Writer<std::int16_t> {
 public:
  FlacWriter(const Destination& to, const FileTags& tags, Rate rate) : output_(to) {
    SF_INFO info{};
    info.samplerate = static_cast<int>(rate.hz);
    info.channels = 2;
    info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    file_.reset(sf_open_fd(output_.descriptor(), SFM_WRITE, &info, SF_FALSE));
    if (!file_) output_.fail(sf_strerror(nullptr));
    const std::string start = to_rfc3339(tags.start);
    set(SF_STR_TITLE, tags.title);
    set(SF_STR_COMMENT, "vcon " + tags.uuid + " start " + start);
    set(SF_STR_DATE, start);
  }

  void write(std::span<const std::int16_t> left, std::span<const std::int16_t> right) override {
    both_.resize(2 * left.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
      both_[2 * i] = left[i];
      both_[2 * i + 1] = right[i];
    }
    const auto count = static_cast<sf_count_t>(both_.size());
    if (sf_write_short(file_.get(), both_.data(), count) != count) output_.fail(sf_strerror(file_.get()));
  }

  void finish() override {
    const int error = sf_close(file_.release());
    if (error != 0) output_.fail(sf_error_number(error));
  }

 private:
  void set(int tag, const std::string& text) {
    if (!text.empty() && sf_set_string(file_.get(), tag, text.c_str()) != 0) output_.fail(sf_strerror(file_.get()));
  }

  OutputFile output_;
  std::unique_ptr<SNDFILE, Close> file_;
  std::vector<std::int16_t> both_;
};

}  // namespace

std::unique_ptr<Writer<std::int16_t>> make_flac_writer(const Destination& to, const FileTags& tags, Rate rate) {
  return std::make_unique<FlacWriter>(to, tags, rate);
}

}  // namespace tapestry::mux
