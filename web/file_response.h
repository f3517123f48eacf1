#pragma once
#include <memory>
#include <string_view>

#include "web/message.h"

namespace tapestry::web {

/// How a file is told about.
struct FileKind {
  std::string_view content_type;
  std::string_view cache_control;
};

/// `audio/ogg` of `x.ogg`; `application/octet-stream` where the name says nothing.
[[nodiscard]] std::string_view content_type_of(std::string_view name) noexcept;

/// Answers a GET or HEAD with a file (RFC 9110 §13, §14): 200, 206, 304 or 416. Throws std::system_error when the file
/// fails.
[[nodiscard]] Response file_response(const Request& request, std::unique_ptr<vconout::File> file, FileKind kind);

}  // namespace tapestry::web
