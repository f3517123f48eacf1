// docs/openapi.yaml against the server: neither has what the other has not.
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

/// What the path answers to a request of each kind.
std::set<unsigned> answered(Fixture& fixture, const std::string& path) {
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
  Fixture fixture;
  for (const auto& [path, statuses] : documented()) {
    INFO(path);
    CHECK(answered(fixture, path) == statuses);
  }
}

}  // namespace tapestry::web::test
