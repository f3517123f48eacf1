#pragma once
#include <filesystem>
#include <string>

#include "core/time.h"

namespace tapestry::vconout {

/// What a certificate says.
struct CertificateFacts {
  Time not_after;           ///< RFC 5280 §4.1.2.5; what is beyond Time's range is its end
  bool names_host = false;  ///< RFC 6125: by subjectAltName, or by its common name without one
};

/// Of the first certificate in a PEM file. Throws std::runtime_error that names the file.
[[nodiscard]] CertificateFacts read_certificate(const std::filesystem::path& file, const std::string& host);

}  // namespace tapestry::vconout
