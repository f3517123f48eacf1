#include "mux/sndfile_writer.h"

#include <sndfile.h>

#include <type_traits>
#include <vector>

#include "mux/output_file.h"

namespace tapestry::mux {
namespace {

struct Close {
  void operator()(SNDFILE* file) const noexcept { (void)sf_close(file); }
};

template <class Sample>
class SndfileWriter final : public Writer<Sample> {
 public:
  SndfileWriter(const std::filesystem::path& path, int format, const FileTags& tags, Rate rate) : output_(path) {
    SF_INFO info{};
    info.samplerate = static_cast<int>(rate.hz);
    info.channels = 2;
    info.format = format;
    file_.reset(sf_open_fd(output_.descriptor(), SFM_WRITE, &info, SF_FALSE));
    if (!file_) output_.fail(sf_strerror(nullptr));
    const std::string start = to_rfc3339(tags.start);
    set(SF_STR_TITLE, tags.title);
    set(SF_STR_COMMENT, "vcon " + tags.uuid + " start " + start);
    set(SF_STR_DATE, start);
  }

  void write(std::span<const Sample> left, std::span<const Sample> right) override {
    both_.resize(2 * left.size());
    // Codes are bytes, and bytes may alias anything: without a local view the buffer's address is loaded for each.
    const std::span<Sample> both(both_);
    for (std::size_t i = 0; i < left.size(); ++i) {
      both[2 * i] = left[i];
      both[2 * i + 1] = right[i];
    }
    const auto count = static_cast<sf_count_t>(both_.size());
    sf_count_t done = 0;
    if constexpr (std::is_same_v<Sample, std::uint8_t>) {
      done = sf_write_raw(file_.get(), both_.data(), count);
    } else {
      done = sf_write_short(file_.get(), both_.data(), count);
    }
    if (done != count) output_.fail(sf_strerror(file_.get()));
  }

  void finish() override {
    const int error = sf_close(file_.release());
    if (error != 0) output_.fail(sf_error_number(error));
    output_.sync();
  }

 private:
  void set(int tag, const std::string& text) {
    if (!text.empty() && sf_set_string(file_.get(), tag, text.c_str()) != 0) output_.fail(sf_strerror(file_.get()));
  }

  OutputFile output_;
  std::unique_ptr<SNDFILE, Close> file_;
  std::vector<Sample> both_;
};

}  // namespace

std::unique_ptr<Writer<std::int16_t>> make_wav_writer(const std::filesystem::path& path, const FileTags& tags,
                                                      Rate rate) {
  return std::make_unique<SndfileWriter<std::int16_t>>(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, tags, rate);
}

std::unique_ptr<Writer<std::int16_t>> make_flac_writer(const std::filesystem::path& path, const FileTags& tags,
                                                       Rate rate) {
  return std::make_unique<SndfileWriter<std::int16_t>>(path, SF_FORMAT_FLAC | SF_FORMAT_PCM_16, tags, rate);
}

std::unique_ptr<Writer<std::uint8_t>> make_g711_writer(const std::filesystem::path& path, const FileTags& tags,
                                                       Law law) {
  const int codes = law == Law::Mu ? SF_FORMAT_ULAW : SF_FORMAT_ALAW;
  return std::make_unique<SndfileWriter<std::uint8_t>>(path, SF_FORMAT_WAV | codes, tags, kNarrowband);
}

}  // namespace tapestry::mux
