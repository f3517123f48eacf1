#include "web/file_response.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <utility>

#include "web/range.h"
#include "web/validators.h"

namespace tapestry::web {
namespace {

using Kind = RangeAnswer::Kind;

constexpr std::array kTypes{std::pair<std::string_view, std::string_view>{".ogg", "audio/ogg"},
                            std::pair<std::string_view, std::string_view>{".wav", "audio/x-wav"},
                            std::pair<std::string_view, std::string_view>{".flac", "audio/flac"}};

RangeAnswer wanted(const Request& request, const Validators& validators, std::uint64_t size) {
  const auto range = find_field(request.fields, "Range");
  if (!range || request.method != "GET") return {};
  const auto if_range = find_field(request.fields, "If-Range");
  if (if_range && !is_unchanged(*if_range, validators)) return {};
  return answer_range(*range, size);
}

bool is_known(const Request& request, const Validators& validators) {
  if (const auto tags = find_field(request.fields, "If-None-Match")) return names_tag(*tags, validators.etag);
  return find_field(request.fields, "If-Modified-Since") == validators.modified;
}

}  // namespace

std::string_view content_type_of(std::string_view name) noexcept {
  for (const auto& [end, type] : kTypes) {
    if (name.ends_with(end)) return type;
  }
  return "application/octet-stream";
}

Response file_response(const Request& request, std::unique_ptr<vconout::File> file, FileKind kind) {
  struct stat status{};
  if (::fstat(file->descriptor(), &status) != 0) vconout::fail_errno("look at", "a file that is served");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const Validators validators = validators_of(status);
  Response response;
  response.fields = {{"ETag", validators.etag},
                     {"Last-Modified", validators.modified},
                     {"Cache-Control", std::string(kind.cache_control)}};
  if (is_known(request, validators)) {
    response.status = 304;
    response.part = FilePart{.file = std::move(file), .offset = 0, .bytes = size};
    return response;
  }
  const RangeAnswer range = wanted(request, validators, size);
  if (range.kind == Kind::Unsatisfiable) {
    Response none = refusal(416, "range_not_satisfiable", "nothing of this range is there");
    none.fields.push_back({"Content-Range", fmt::format("bytes */{}", size)});
    return none;
  }
  response.fields.push_back({"Content-Type", std::string(kind.content_type)});
  response.fields.push_back({"Accept-Ranges", "bytes"});
  response.part = FilePart{.file = std::move(file), .offset = 0, .bytes = size};
  if (range.kind == Kind::Part) {
    response.status = 206;
    response.part->offset = range.first;
    response.part->bytes = range.bytes;
    const std::uint64_t last = range.first + range.bytes - 1;
    response.fields.push_back({"Content-Range", fmt::format("bytes {}-{}/{}", range.first, last, size)});
  }
  return response;
}

}  // namespace tapestry::web
