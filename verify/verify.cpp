#include "verify/verify.h"

#include <fmt/format.h>

#include <fstream>
#include <optional>
#include <stdexcept>

#include "verify/check.h"
#include "verify/faults.h"
#include "verify/gaps.h"
#include "verify/json.h"
#include "verify/jws.h"
#include "verify/lint.h"
#include "verify/media.h"
#include "verify/schema.h"
#include "verify/tombstone.h"

namespace tapestry::verify {
namespace {

/// The file's text; nothing when it cannot be read or is longer than a vCon may be.
std::optional<std::string> text_of(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || size > kMaxJsonBytes) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string text(size, '\0');
  file.read(text.data(), static_cast<std::streamsize>(size));
  if (!file) return std::nullopt;
  return text;
}

void check_vcon(Json vcon, const std::filesystem::path& media, Faults& faults) {
  check_schema(vcon, faults);
  check_lint(vcon, faults);
  const Silences silences = check_gaps(vcon, faults);
  if (!media.empty()) check_media(vcon, media, silences, faults);
}

}  // namespace

std::vector<std::string> faults_in_payload(std::string_view vcon, const std::filesystem::path& media) {
  Faults faults;
  if (const auto document = Document::parse(vcon)) {
    check_vcon(document->root(), media, faults);
  } else {
    faults.add("form", "payload", document.error());
  }
  return faults.take();
}

std::vector<std::string> faults_in(std::string_view signed_vcon, const Options& options) {
  Faults faults;
  const auto document = Document::parse(signed_vcon);
  if (!document) {
    faults.add("form", "", document.error());
    return faults.take();
  }
  const auto payload = payload_text(document->root(), faults);
  if (!payload) return faults.take();
  const auto vcon = Document::parse(*payload);
  if (!vcon) {
    faults.add("form", "payload", vcon.error());
    return faults.take();
  }
  check_signatures(document->root(), vcon->root(), options.ca, faults);
  if (is_tombstone(vcon->root())) {
    check_tombstone(vcon->root(), faults);
  } else {
    check_vcon(vcon->root(), options.media, faults);
  }
  return faults.take();
}

std::vector<std::string> faults_of(const std::filesystem::path& vcon, const Options& options) {
  const auto text = text_of(vcon);
  if (!text) return {fmt::format("form: cannot be read, or longer than {} bytes", kMaxJsonBytes)};
  return faults_in(*text, options);
}

std::string payload_of(const std::filesystem::path& vcon) {
  const auto text = text_of(vcon);
  if (!text)
    throw std::runtime_error(fmt::format("{}: cannot be read, or longer than {} bytes", vcon.string(), kMaxJsonBytes));
  const auto document = Document::parse(*text);
  if (!document) throw std::runtime_error(fmt::format("{}: {}", vcon.string(), document.error()));
  Faults faults;
  auto payload = payload_text(document->root(), faults);
  if (!payload) throw std::runtime_error(fmt::format("{}: {}", vcon.string(), faults.take().front()));
  return std::move(*payload);
}

}  // namespace tapestry::verify
