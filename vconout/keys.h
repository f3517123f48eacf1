#pragma once
#include <filesystem>
#include <string>

namespace tapestry::vconout {

/// Files of a trial identity below `folder`: ca.pem, certificate.pem, key.pem (mode 0600), ca-key.pem (0600).
struct KeyFiles {
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
};
KeyFiles key_files(const std::filesystem::path& folder);

/// Makes a trial CA and a signing certificate for `host` (X.509 v3, subjectAltName, RSA 2048 or P-256 with `es256`, 825
/// days). Never overwrites: throws std::runtime_error when one of the files is there. Files appear whole or not at all;
/// certificate.pem comes last.
KeyFiles make_trial_keys(const std::filesystem::path& folder, const std::string& host, bool es256);

}  // namespace tapestry::vconout
