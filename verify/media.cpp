#include "verify/media.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "verify/audio.h"
#include "verify/base64.h"
#include "verify/crypto.h"

namespace tapestry::verify {
namespace {

constexpr double kLengthLeewaySeconds = 0.10;
constexpr double kEdgeSeconds = 0.04;
constexpr int kSilentPeak = 8;

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// The decoded path's parts, empty ones left out; nothing when one of them could lead out of the folder.
std::optional<std::vector<std::string>> path_parts(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string path = percent_decoded(url.substr(slash));
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < path.size();) {
    const std::size_t to = std::min(path.find('/', from), path.size());
    std::string part = path.substr(from, to - from);
    if (part == ".." || part.contains('\0') || parts.size() == kMaxUrlParts) return std::nullopt;
    if (!part.empty()) parts.push_back(std::move(part));
    from = to + 1;
  }
  return parts;
}

/// Frames [from, to) of a file that must be silent, and how loud they were.
struct Watch {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  int peak = 0;
};

/// The stretches without their edges, in order, overlapping ones joined: linear work for the samples, however many gaps
/// there are.
std::vector<Watch> watches_of(std::vector<Stretch> stretches, unsigned rate_hz) {
  std::ranges::sort(stretches, {}, &Stretch::from);
  const auto frame = [&](double seconds) {
    constexpr double kEnd = static_cast<double>(kMaxAudioSeconds);
    return static_cast<std::uint64_t>(std::clamp(seconds, 0.0, kEnd) * rate_hz);
  };
  std::vector<Watch> watches;
  for (const Stretch& stretch : stretches) {
    const Watch watch{frame(stretch.from + kEdgeSeconds), frame(stretch.to - kEdgeSeconds), 0};
    if (watch.to <= watch.from) continue;
    if (!watches.empty() && watch.from <= watches.back().to) {
      watches.back().to = std::max(watches.back().to, watch.to);
    } else {
      watches.push_back(watch);
    }
  }
  return watches;
}

/// Notes the peak inside each watch while the samples pass by once.
class SilenceWatch {
 public:
  explicit SilenceWatch(std::vector<Stretch> stretches) : stretches_(std::move(stretches)) {}

  void take(const Audio& audio, std::span<const std::int16_t> pcm) {
    if (audio.frames == 0) watches_ = watches_of(stretches_, audio.rate_hz);
    const std::uint64_t end = audio.frames + pcm.size() / audio.channels;
    while (next_ < watches_.size() && watches_[next_].to <= audio.frames) ++next_;
    for (std::size_t n = next_; n < watches_.size() && watches_[n].from < end; ++n) {
      const std::uint64_t from = std::max(watches_[n].from, audio.frames) - audio.frames;
      const std::uint64_t to = std::min(watches_[n].to, end) - audio.frames;
      for (const std::int16_t sample : pcm.subspan(from * audio.channels, (to - from) * audio.channels)) {
        watches_[n].peak = std::max(watches_[n].peak, std::abs(int{sample}));
      }
    }
  }
  [[nodiscard]] const std::vector<Watch>& watches() const noexcept { return watches_; }

 private:
  std::vector<Stretch> stretches_;
  std::vector<Watch> watches_;
  std::size_t next_ = 0;
};

bool token_is(Json token, std::string_view digest) {
  constexpr std::string_view kPrefix = "sha512-";
  const std::string_view text = token.text_or_empty();
  return text.starts_with(kPrefix) && from_base64url(text.substr(kPrefix.size())) == digest;
}

bool hash_is(Json hash, std::string_view digest) {
  bool found = token_is(hash, digest);
  for (std::size_t n = 0; hash.is_array() && n < hash.size(); ++n) found |= token_is(hash.at(n), digest);
  return found;
}

void check_audio(Json dialog, const std::filesystem::path& path, const std::vector<Stretch>& stretches,
                 const std::string& where, Faults& faults) {
  const std::string name = in_quotes(path.filename().string());
  SilenceWatch watch(stretches);
  const auto audio =
      decode_audio(path, [&](const Audio& so_far, std::span<const std::int16_t> pcm) { watch.take(so_far, pcm); });
  if (!audio) return faults.add("media", where, fmt::format("{} {}", name, audio.error()));
  const double seconds = static_cast<double>(audio->frames) / audio->rate_hz;
  const auto duration = dialog["duration"].number();
  if (duration && std::abs(seconds - *duration) > kLengthLeewaySeconds) {
    faults.add("media", where, fmt::format("{:.3f} s of audio, duration says {}", seconds, *duration));
  }
  const Json listed = dialog["parties"];
  if (audio->channels > 1 && listed.is_array() && listed.size() != audio->channels) {
    faults.add("media", where, fmt::format("{} channels but {} entries in parties", audio->channels, listed.size()));
  }
  for (const Watch& one : watch.watches()) {
    if (one.peak <= kSilentPeak) continue;
    const double rate = audio->rate_hz;
    faults.add("gaps", where,
               fmt::format("peak {} inside the pci gap {:.2f}..{:.2f} s", one.peak,
                           static_cast<double>(one.from) / rate - kEdgeSeconds,
                           static_cast<double>(one.to) / rate + kEdgeSeconds));
  }
}

/// The vCon says that its media was written where only a release makes it free.
bool is_quarantined(Json vcon) {
  const Json attachments = vcon["attachments"];
  for (std::size_t n = 0; attachments.is_array() && n < attachments.size(); ++n) {
    const Json attachment = attachments.at(n);
    if (attachment["purpose"].text_or_empty() == "pci-suspected" && attachment["body"].has("quarantined")) return true;
  }
  return false;
}

void check_file(Json dialog, const std::filesystem::path& path, const std::vector<Stretch>& stretches,
                const std::string& where, Faults& faults) {
  const auto digest = sha512_of(path);
  if (!digest) return faults.add("media", where, in_quotes(path.filename().string()) + " cannot be read");
  if (!hash_is(dialog["content_hash"], *digest)) {
    faults.add("media", where, "content_hash is not that of " + in_quotes(path.filename().string()));
  }
  check_audio(dialog, path, stretches, where, faults);
}

}  // namespace

std::optional<std::filesystem::path> find_media(std::string_view url, const std::filesystem::path& root) {
  const auto parts = path_parts(url);
  for (std::size_t first = 0; parts && first < parts->size(); ++first) {
    std::filesystem::path path = root;
    for (std::size_t n = first; n < parts->size(); ++n) path /= (*parts)[n];
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return path;
  }
  return std::nullopt;
}

void check_media(Json vcon, const std::filesystem::path& root, const Silences& silences, Faults& faults) {
  const Json dialogs = vcon["dialog"];
  std::size_t files = 0;
  for (std::size_t n = 0; dialogs.is_array() && n < dialogs.size(); ++n) {
    const auto url = dialogs.at(n)["url"].text();
    if (!url) continue;
    if (++files > kMaxMediaFiles)
      return faults.add("media", "", fmt::format("more than {} media files", kMaxMediaFiles));
    const std::string where = path_join("dialog", n);
    const auto path = find_media(*url, root);
    if (!path) {
      faults.add("media", where,
                 (is_quarantined(vcon) ? "is in quarantine until it is released: nothing below the media folder for "
                                       : "nothing below the media folder for ") +
                     in_quotes(*url));
      continue;
    }
    const auto found = silences.find(n);
    check_file(dialogs.at(n), *path, found == silences.end() ? std::vector<Stretch>() : found->second, where, faults);
  }
}

}  // namespace tapestry::verify
