#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "app/control_site.h"
#include "core/bytes.h"
#include "vconout/digest.h"
#include "web/range.h"
#include "web/site.h"
#include "web/validators.h"

namespace {

using namespace tapestry;

/// The next line, taken off the text.
std::string next_line(std::string_view& text) {
  const std::string line(text.substr(0, text.find('\n')));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

web::SiteSettings settings() {
  web::SiteSettings made;
  made.out = std::filesystem::temp_directory_path() / "tapestry-fuzz-nothing";
  web::Token token{.name = "fuzz", .role = web::Role::Admin};
  const auto hash = vconout::digest(vconout::Digest::Kind::Sha256, as_bytes("t"));
  std::copy(hash.begin(), hash.end(), token.sha256.begin());
  made.access.tokens = {token};
  made.live = [](const web::LiveRequest& request) {
    assert(request.target.starts_with("/v1/") || request.target == "/metrics");
    return web::LiveAnswer{.status = 200, .body = request.body};
  };
  return made;
}

}  // namespace

/// A hostile request: method, target, then fields, a line each; behind an empty line its content. Whatever it is, there
/// is one whole answer, of a site and of a control socket.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text(Bytes(data, size));
  web::Request request;
  request.method = next_line(text);
  request.target = next_line(text);
  while (!text.empty() && request.fields.size() < 64) {
    const std::string line = next_line(text);
    if (line.empty()) {
      request.has_body = true;
      if (text.size() <= web::kMostContent) request.body = text;
      break;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    request.fields.push_back({line.substr(0, colon), line.substr(std::min(colon + 1, line.size()))});
  }
  web::Site site(settings(), [](const web::Access&) {}, [](std::string_view) { assert(false); });
  const web::Response response = site.answer(request, Time{});
  assert(response.status >= 200 && response.status < 600 && !response.part);
  app::ControlQueue queue;
  queue.close();
  const web::Response control = app::ControlSite(queue).answer(request, Time{});
  assert(control.status >= 400 && control.status < 600);
  const auto range = web::find_field(request.fields, "Range").value_or("");
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX}) {
    const web::RangeAnswer part = web::answer_range(range, bytes);
    if (part.kind != web::RangeAnswer::Kind::Part) continue;
    assert(part.bytes >= 1 && part.first < bytes && part.bytes <= bytes - part.first);
  }
  const auto tags = web::find_field(request.fields, "If-None-Match").value_or("");
  (void)web::names_tag(tags, "\"1-2-3.4\"");
  return 0;
}
