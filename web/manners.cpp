#include "web/manners.h"

namespace tapestry::web {
namespace {

std::optional<Response> bad_content(const Request& request, const Route* route) {
  if (!request.has_body || request.body) {
    if (request.body && (route == nullptr || !route->post)) {
      return refusal(413, "content_too_large", "this request can have no content");
    }
    return std::nullopt;
  }
  if (route != nullptr && route->post && find_field(request.fields, "Transfer-Encoding")) {
    return refusal(411, "length_required", "the content's length must be told beforehand");
  }
  return refusal(413, "content_too_large", "the content is too long, or the request can have none");
}

}  // namespace

std::optional<Response> malformed(const Request& request, const std::optional<Target>& target, const Route* route) {
  if (request.head_bytes > kMostHead) return refusal(431, "header_too_large", "the header fields are too long");
  if (request.target.size() > kMostTarget) return refusal(414, "target_too_long", "the request target is too long");
  if (!target) return refusal(400, "bad_request", "the request target is not well-formed");
  return bad_content(request, route);
}

Response not_found() { return refusal(404, "not_found", "there is no such thing here"); }

std::optional<Response> wrong_method(const Request& request, const Route& route) {
  if (route.post ? request.method == "POST" : request.method == "GET" || request.method == "HEAD") return std::nullopt;
  Response response = refusal(405, "method_not_allowed",
                              route.post ? "only POST is answered here" : "only GET and HEAD are answered here");
  response.fields.push_back({"Allow", route.post ? "POST" : "GET, HEAD"});
  return response;
}

std::expected<PauseBody, Response> pause_body_of(const Request& request, Resource resource) {
  const std::string_view type = find_field(request.fields, "Content-Type").value_or("");
  if (type.substr(0, type.find(';')) != "application/json") {
    return std::unexpected(refusal(415, "unsupported_media_type", "the content must be application/json"));
  }
  auto body = parse_pause_body(request.body.value_or(""), resource == Resource::Resume);
  if (!body) return std::unexpected(refusal(400, "bad_request", body.error()));
  return std::move(*body);
}

void add_guards(const Request& request, Response& response) {
  response.fields.push_back({"X-Content-Type-Options", "nosniff"});
  response.fields.push_back({"Content-Security-Policy", "default-src 'none'"});
  if (request.secure) response.fields.push_back({"Strict-Transport-Security", "max-age=31536000"});
}

}  // namespace tapestry::web
