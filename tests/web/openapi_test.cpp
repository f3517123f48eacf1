// docs/openapi.yaml against the server: neither has what the other has not.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "tests/web/site_fixture.h"

namespace tapestry::web::test {
namespace {

using Statuses = std::map<std::string, std::set<unsigned>>;

std::string between(const std::string& line, std::size_t indent, const std::string& end) {
  const std::size_t at = line.find(end, indent);
  return line.find_first_not_of(' ') != indent || at == std::string::npos ? "" : line.substr(indent, at - indent);
}

/// Statuses by path, of the part of OpenAPI's YAML that the file keeps to.
Statuses documented() {
  std::istringstream yaml(testing::read_file(std::filesystem::path(TAPESTRY_SOURCE) / "docs/openapi.yaml"));
  Statuses found;
  std::string path;
  bool paths = false;
  for (std::string line; std::getline(yaml, line);) {
    if (!line.starts_with(' ')) paths = line == "paths:";
    if (!paths) continue;
    if (line.starts_with("  /")) path = between(line, 2, ":");
    if (const std::string status = between(line, 8, ":"); status.starts_with('"')) {
      found[path].insert(static_cast<unsigned>(std::stoul(status.substr(1))));
    }
  }
  return found;
}

std::string example(const std::string& path) {
  if (path == "/media/{path}") return kMedia;
  return path == "/v1/conversations/{uuid}" ? "/v1/conversations/" + kUuid : path;
}

/// What a path for POST answers to a request of each kind, the running service's own answers included.
std::set<unsigned> answered_to_post(Fixture& fixture, const std::string& path) {
  const std::string body = R"({"agent":"1001"})";
  std::set<unsigned> statuses{fixture.post(path, body).status, fixture.post(path, body, "").status,
                              fixture.post(path, body, "listen").status, fixture.get(path).status,
                              fixture.post(path, "{").status};
  Request request = ask(path);
  request.method = "POST";
  request.has_body = true;
  statuses.insert(fixture.site.answer(request, Time{}).status);
  request.fields.push_back({"Transfer-Encoding", "chunked"});
  statuses.insert(fixture.site.answer(request, Time{}).status);
  request.body = body;
  statuses.insert(fixture.site.answer(request, Time{}).status);
  for (const unsigned status : {404U, 409U}) {
    fixture.live_answer.status = status;
    statuses.insert(fixture.post(path, body).status);
  }
  fixture.live_is_gone = true;
  statuses.insert(fixture.post(path, body).status);
  return statuses;
}

/// What the path answers to a request of each kind.
std::set<unsigned> answered(Fixture& fixture, const std::string& path) {
  if (std::ranges::any_of(routes(), [&path](const Route& route) { return route.path == path && route.post; })) {
    return answered_to_post(fixture, path);
  }
  const std::string target = example(path);
  const std::string tag = field_of(fixture.get(target), "ETag");
  std::set<unsigned> statuses{fixture.get(target).status, fixture.get(target, "").status};
  for (const char* role : {"listen", "read", "metrics"}) statuses.insert(fixture.get(target, role).status);
  Request wrong = ask(target);
  wrong.method = "POST";
  statuses.insert(fixture.site.answer(wrong, Time{}).status);
  Request head = ask(target);
  head.method = "HEAD";
  statuses.insert(fixture.site.answer(head, Time{}).status);
  if (path == "/v1/conversations") statuses.insert(fixture.get(target + "?limit=x").status);
  if (path == "/v1/calls") {
    statuses.insert(fixture.get(target + "?limit=a%2fb").status);
    fixture.live_is_gone = true;
    statuses.insert(fixture.get(target).status);
  }
  if (path.ends_with('}')) statuses.insert(fixture.get(target + "x").status);
  if (path == "/v1/conversations/{uuid}") statuses.insert(fixture.get("/v1/conversations/" + kGone).status);
  if (path != "/media/{path}") return statuses;
  statuses.insert(fixture.get("/media/2026/11/20/" + kGone + "/agent-1001.ogg").status);
  statuses.insert(fixture.get("/media/%zz").status);
  statuses.insert(fixture.get(target, "admin", {{"Range", "bytes=0-1"}}).status);
  statuses.insert(fixture.get(target, "admin", {{"Range", "bytes=99-"}}).status);
  statuses.insert(fixture.get(target, "admin", {{"If-None-Match", tag}}).status);
  return statuses;
}

}  // namespace

TEST_CASE("docs/openapi.yaml has every route, and no other") {
  std::set<std::string> known;
  for (const Route& route : routes()) known.emplace(route.path);
  std::set<std::string> told;
  for (const auto& [path, statuses] : documented()) told.insert(path);
  CHECK(told == known);
}

TEST_CASE("every status that docs/openapi.yaml tells is answered, and no other") {
  for (const auto& [path, statuses] : documented()) {
    Fixture fixture;
    INFO(path);
    CHECK(answered(fixture, path) == statuses);
  }
}

}  // namespace tapestry::web::test
