#include "web/site.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/web/site_fixture.h"
#include "web/manners.h"

namespace tapestry::web::test {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;

}  // namespace

TEST_CASE("media is served whole, with what a player needs to seek") {
  Fixture fixture;
  const Response response = fixture.get(kMedia, "listen");
  CHECK(response.status == 200);
  CHECK(body_of(response) == kAudio);
  CHECK(field_of(response, "Content-Type") == "audio/ogg");
  CHECK(field_of(response, "Accept-Ranges") == "bytes");
  CHECK(field_of(response, "ETag").size() > 2);
  CHECK(field_of(response, "X-Content-Type-Options") == "nosniff");
  CHECK(field_of(response, "Strict-Transport-Security").empty());
  Request secure = ask(kMedia, "listen");
  secure.secure = true;
  CHECK_FALSE(field_of(fixture.site.answer(secure, Time{}), "Strict-Transport-Security").empty());
}

TEST_CASE("media is served in parts") {
  Fixture fixture;
  const Response part = fixture.get(kMedia, "listen", {{"Range", "bytes=2-4"}});
  CHECK(part.status == 206);
  CHECK(body_of(part) == "234");
  CHECK(field_of(part, "Content-Range") == "bytes 2-4/10");
  const Response none = fixture.get(kMedia, "listen", {{"Range", "bytes=10-"}});
  CHECK(none.status == 416);
  CHECK(field_of(none, "Content-Range") == "bytes */10");
  CHECK(json::parse(none.body)["error"]["code"] == "range_not_satisfiable");
  Request head = ask(kMedia, "listen", {{"Range", "bytes=2-4"}});
  head.method = "HEAD";
  CHECK(fixture.site.answer(head, Time{}).status == 200);
}

TEST_CASE("conditions are kept: If-Range, If-None-Match, If-Modified-Since") {
  Fixture fixture;
  const Response whole = fixture.get(kMedia, "listen");
  const std::string tag = field_of(whole, "ETag");
  const std::string date = field_of(whole, "Last-Modified");
  const Field range{"Range", "bytes=0-0"};
  CHECK(fixture.get(kMedia, "listen", {range, {"If-Range", tag}}).status == 206);
  CHECK(fixture.get(kMedia, "listen", {range, {"If-Range", date}}).status == 206);
  CHECK(fixture.get(kMedia, "listen", {range, {"If-Range", "\"other\""}}).status == 200);
  const Response known = fixture.get(kMedia, "listen", {{"If-None-Match", tag}});
  CHECK(known.status == 304);
  CHECK(field_of(known, "ETag") == tag);
  CHECK(fixture.get(kMedia, "listen", {{"If-Modified-Since", date}}).status == 304);
  CHECK(fixture.get(kMedia, "listen", {{"If-Modified-Since", date}, {"If-None-Match", "\"x\""}}).status == 200);
}

TEST_CASE("nothing outside of the media folder is served") {
  Fixture fixture;
  for (const char* target : {"/media/../keys/key.pem", "/media/%2e%2e/keys/key.pem", "/media/..%2fkeys%2fkey.pem",
                             "/media//keys/key.pem", "/media/2026/../../keys/key.pem", "/media/", "/media/2026",
                             "/media/2026/11/20/", "/quarantine/key.pem", "/keys/key.pem", "/catalog.sqlite", "/"}) {
    INFO(target);
    CHECK(fixture.get(target).status == 404);
  }
}

TEST_CASE("a vCon is served by its uuid, and kept by no cache") {
  Fixture fixture;
  const Response response = fixture.get("/v1/conversations/" + kUuid, "read");
  CHECK(response.status == 200);
  CHECK(field_of(response, "Content-Type") == "application/vcon");
  CHECK(field_of(response, "Cache-Control") == "no-store");
  CHECK(body_of(response) == "{\"payload\":\"\"}");
  CHECK(fixture.get("/v1/conversations/019f15a6-a752-826f-bb82-000000000000").status == 404);
  CHECK(fixture.get("/v1/conversations/..%2f..%2fkeys%2fkey.pem").status == 404);
}

TEST_CASE("conversations are listed, filtered, and paged by a cursor") {
  Fixture fixture;
  const auto list = [&](const std::string& query) {
    return json::parse(fixture.get("/v1/conversations" + query, "read").body);
  };
  const json all = list("");
  REQUIRE(all["conversations"].size() == 1);
  CHECK(all["conversations"][0]["uuid"] == kUuid);
  CHECK(all["conversations"][0]["parties"].size() == 2);
  CHECK(all["more"] == false);
  CHECK(list("?cursor=" + all["cursor"].get<std::string>())["conversations"].empty());
  CHECK(list("?from=2026-11-20T08:00:00.5Z&to=2026-11-20T08:00:01Z")["conversations"].size() == 1);
  CHECK(list("?from=2026-11-20T08:00:01Z")["conversations"].empty());
  CHECK(list("?to=2026-11-20T08:00:00.5Z")["conversations"].empty());
  CHECK(list("?party=sip:+15550100@customer.example.net")["conversations"].size() == 1);
  CHECK(list("?party=sip:+15550100@customer.example")["conversations"].empty());
  CHECK(list("?agent=sip:1001@agents.example.com&limit=1")["conversations"].size() == 1);
  CHECK(list("?agent=sip:+15550100@customer.example.net")["conversations"].empty());
}

TEST_CASE("a bad query is refused, and what it said is not repeated") {
  Fixture fixture;
  for (const char* query : {"?limit=0", "?limit=1001", "?limit=x", "?cursor=-1", "?from=yesterday",
                            "?to=", "?party=", "?color=red", "?limit=1&limit=2", "?party=%"}) {
    INFO(query);
    const Response response = fixture.get(std::string("/v1/conversations") + query, "read");
    CHECK(response.status == 400);
    CHECK(response.body.find("red") == std::string::npos);
  }
}

TEST_CASE("an output folder without a catalog has no conversations") {
  Fixture fixture;
  std::filesystem::remove(fixture.folder / "catalog.sqlite");
  CHECK(json::parse(fixture.get("/v1/conversations").body)["conversations"].empty());
  CHECK(fixture.get("/v1/conversations/" + kUuid).status == 404);
  CHECK(json::parse(fixture.get("/v1/status").body)["conversations"] == 0);
}

TEST_CASE("status and metrics tell what was done") {
  Fixture fixture;
  (void)fixture.get(kMedia, "listen");
  const json status = json::parse(fixture.get("/v1/status", "metrics").body);
  CHECK(status["version"] == "1.2.3");
  CHECK(status["uptime"] == 7200.0);
  CHECK(status["conversations"] == 1);
  CHECK(status["requests"] == 1);
  const std::string metrics = fixture.get("/metrics", "metrics").body;
  CHECK_THAT(metrics, Contains("tapestry_http_requests_total{route=\"/media/{path}\",status=\"200\"} 1\n"));
  CHECK_THAT(metrics, Contains("tapestry_http_body_bytes_total{route=\"/media/{path}\",status=\"200\"} 10\n"));
}

TEST_CASE("no token is 401, a token for something else 403, before anything is told of what is there") {
  Fixture fixture;
  for (const std::string& target : {kMedia, std::string("/v1/status"), std::string("/nowhere")}) {
    const Response response = fixture.get(target, "");
    CHECK(response.status == 401);
    CHECK_THAT(field_of(response, "WWW-Authenticate"), Contains("Bearer"));
    CHECK(json::parse(response.body)["error"]["code"] == "unauthorized");
  }
  CHECK(fixture.get(kMedia, "wrong").status == 401);
  CHECK(fixture.get(kMedia, "read").status == 403);
  CHECK(fixture.get("/media/none", "read").status == 403);
  CHECK(fixture.get("/v1/conversations", "listen").status == 403);
  CHECK(fixture.get("/metrics", "read").status == 403);
}

TEST_CASE("other methods, bodies and heads that are too long are refused") {
  Fixture fixture;
  Request request = ask(kMedia);
  request.method = "DELETE";
  const Response response = fixture.site.answer(request, Time{});
  CHECK(response.status == 405);
  CHECK(field_of(response, "Allow") == "GET, HEAD");
  request = ask(kMedia);
  request.has_body = true;
  CHECK(fixture.site.answer(request, Time{}).status == 413);
  request = ask(kMedia);
  request.head_bytes = kMostHead + 1;
  CHECK(fixture.site.answer(request, Time{}).status == 431);
  CHECK(fixture.get("/" + std::string(kMostTarget, 'a')).status == 414);
  CHECK(fixture.get("/media/%zz").status == 400);
}

TEST_CASE("a pause goes on to the running service, with who wants it") {
  Fixture fixture;
  fixture.live_answer.body = R"({"effective":true})";
  const Response response = fixture.post("/v1/pause", R"({ "agent": "1001", "seconds": 30 })", "control");
  CHECK(response.status == 200);
  CHECK(response.body == R"({"effective":true})");
  REQUIRE(fixture.lives.size() == 1);
  CHECK(fixture.lives[0].method == "POST");
  CHECK(fixture.lives[0].target == "/v1/pause");
  CHECK(fixture.lives[0].body == R"({"agent":"1001","reason":"pci","seconds":30})");
  CHECK(fixture.lives[0].by == "token control");
  REQUIRE(fixture.accesses.size() == 1);
  CHECK(fixture.accesses[0].path == "/v1/pause");
  CHECK(fixture.post("/v1/resume", R"({"call":"x"})").status == 200);
  CHECK(fixture.lives[1].body == R"({"call":"x"})");
}

TEST_CASE("who may not pause does not reach the running service, nor does what is malformed") {
  Fixture fixture;
  const std::string body = R"({"agent":"1001"})";
  for (const char* role : {"listen", "read", "metrics"}) CHECK(fixture.post("/v1/pause", body, role).status == 403);
  CHECK(fixture.post("/v1/pause", body, "").status == 401);
  CHECK(fixture.post("/v1/pause", R"({"agent":"1001","more":1})").status == 400);
  CHECK(fixture.post("/v1/pause", "").status == 400);
  CHECK(fixture.post("/v1/resume", R"({"agent":"1001","seconds":1})").status == 400);
  CHECK(fixture.post("/v1/calls", body).status == 413);
  CHECK(fixture.get("/v1/pause").status == 405);
  CHECK(field_of(fixture.get("/v1/pause"), "Allow") == "POST");
  CHECK(fixture.get("/v1/calls", "control").status == 403);
  CHECK(fixture.get("/v1/calls?limit=a%2fb").status == 400);
  Request request = ask("/v1/pause", "control", {{"Content-Type", "text/plain"}});
  request.method = "POST";
  request.has_body = true;
  CHECK(fixture.site.answer(request, Time{}).status == 413);
  request.body = body;
  CHECK(fixture.site.answer(request, Time{}).status == 415);
  request.body.reset();
  request.fields.push_back({"Transfer-Encoding", "chunked"});
  CHECK(fixture.site.answer(request, Time{}).status == 411);
  CHECK(fixture.lives.empty());
}

TEST_CASE("calls, status and metrics have what the running service says") {
  Fixture fixture;
  CHECK(fixture.get("/v1/calls?after=3&limit=5", "read").body == R"({"calls":[]})");
  CHECK(fixture.lives[0].target == "/v1/calls?after=3&limit=5");
  fixture.live_answer.body = R"({"lag":0.5})";
  CHECK(json::parse(fixture.get("/v1/status").body)["service"]["lag"] == 0.5);
  fixture.live_answer.body = "tapestry_lag_seconds 0.5\n";
  const std::string metrics = fixture.get("/metrics").body;
  CHECK_THAT(metrics, Contains("tapestry_service_up 1\n") && Contains("tapestry_lag_seconds 0.5\n"));
  fixture.live_answer = {.status = 404, .body = R"({"error":{}})"};
  CHECK(fixture.post("/v1/pause", R"({"agent":"1"})").status == 404);
}

TEST_CASE("without a running service the rest goes on") {
  Fixture fixture;
  fixture.live_is_gone = true;
  const Response response = fixture.post("/v1/pause", R"({"agent":"1001"})");
  CHECK(response.status == 503);
  CHECK(json::parse(response.body)["error"]["code"] == "no_service");
  CHECK(response.body.find("/run") == std::string::npos);
  CHECK(json::parse(fixture.get("/v1/status").body)["service"].is_null());
  CHECK_THAT(fixture.get("/metrics").body, Contains("tapestry_service_up 0\n"));
  CHECK(fixture.complaints.size() == 3);
}

TEST_CASE("every access to media or a vCon is recorded, refused ones too, and never a token") {
  Fixture fixture;
  (void)fixture.get(kMedia + "?token=secret-x", "listen", {{"Range", "bytes=0-3"}});
  (void)fixture.get("/v1/conversations/" + kUuid, "listen");
  (void)fixture.get(kMedia, "wrong");
  (void)fixture.get("/metrics", "metrics");
  (void)fixture.get("/metrics", "");
  REQUIRE(fixture.accesses.size() == 4);
  const Access& first = fixture.accesses[0];
  CHECK(first.who == "listen");
  CHECK(first.by == "token");
  CHECK(first.peer == "192.0.2.7");
  CHECK(first.method == "GET");
  CHECK(first.path == kMedia);
  CHECK(first.range == "bytes=0-3");
  CHECK(first.status == 206);
  CHECK(fixture.accesses[1].status == 403);
  CHECK(fixture.accesses[2].status == 401);
  CHECK(fixture.accesses[2].by == "nothing");
  CHECK(fixture.accesses[3].path == "/metrics");
  for (const Access& access : fixture.accesses) {
    CHECK((access.who + access.path + access.range).find("secret") == std::string::npos);
  }
}

TEST_CASE("what cannot be recorded is not given") {
  Fixture fixture;
  fixture.log_fails = true;
  const Response response = fixture.get(kMedia, "listen");
  CHECK(response.status == 503);
  CHECK_FALSE(response.part);
  CHECK(fixture.complaints == std::vector<std::string>{"disk full"});
  CHECK(response.body.find("disk") == std::string::npos);
  CHECK(fixture.get("/v1/status").status == 200);
}

TEST_CASE("a catalog that is broken is 503, and recorded") {
  Fixture fixture;
  for (const char* file : {"catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"}) {
    std::filesystem::remove(fixture.folder / file);
  }
  testing::write_file(fixture.folder / "catalog.sqlite", std::string(4096, 'x'));
  CHECK(fixture.get("/v1/conversations").status == 503);
  CHECK(fixture.complaints.size() == 1);
  REQUIRE(fixture.accesses.size() == 1);
  CHECK(fixture.accesses[0].status == 503);
}

TEST_CASE("what was deleted is gone, and a stranger learns nothing of it") {
  Fixture fixture;
  for (const std::string& target : {"/v1/conversations/" + kGone, "/media/2026/11/20/" + kGone + "/agent-1001.ogg"}) {
    const Response response = fixture.get(target);
    CHECK(response.status == 410);
    CHECK(json::parse(response.body)["error"]["code"] == "gone");
    CHECK(fixture.get(target, "").status == 401);
    CHECK(fixture.get(target + "x").status == (target.ends_with("ogg") ? 410 : 404));
  }
  CHECK(fixture.accesses.front().status == 410);
}

TEST_CASE("what is recorded is the path that was answered, whatever stood before it or how it was written") {
  Fixture fixture;
  CHECK(fixture.get("http://?" + kMedia, "listen").status == 200);
  CHECK(fixture.get("http://" + std::string(600, 'x') + kMedia, "listen").status == 200);
  CHECK(fixture.get("/media/2026/11/20/%30" + kUuid.substr(1) + "/agent-1001.ogg", "listen").status == 200);
  CHECK(fixture.get("/media/%zz?token=secret-x", "listen").status == 400);
  REQUIRE(fixture.accesses.size() == 4);
  for (std::size_t n = 0; n < 3; ++n) CHECK(fixture.accesses[n].path == kMedia);
  CHECK(fixture.accesses[3].path == "/media/%zz");
}

TEST_CASE("a range is recorded of what was given alone") {
  Fixture fixture;
  const Field range{"Range", "bytes=0-3"};
  (void)fixture.get(kMedia, "listen", {range});
  (void)fixture.get(kMedia, "read", {range});
  (void)fixture.get(kMedia, "", {range});
  REQUIRE(fixture.accesses.size() == 3);
  CHECK(fixture.accesses[0].range == "bytes=0-3");
  CHECK(fixture.accesses[1].range.empty());
  CHECK(fixture.accesses[2].range.empty());
}

TEST_CASE("a command that was carried out is answered so, also when its line cannot be written") {
  Fixture fixture;
  fixture.log_fails = true;
  fixture.live_answer.body = R"({"effective":true})";
  const Response paused = fixture.post("/v1/pause", R"({"agent":"1001"})", "control");
  CHECK(paused.status == 200);
  CHECK(paused.body == R"({"effective":true})");
  CHECK(fixture.complaints == std::vector<std::string>{"disk full"});
  fixture.live_answer = {.status = 409, .body = R"({"error":{"code":"still_paused"}})"};
  CHECK(fixture.post("/v1/resume", R"({"agent":"1001"})", "control").status == 409);
  CHECK(fixture.lives.size() == 2);
  // Who may not give one is refused before, and not without a line.
  CHECK(fixture.post("/v1/pause", R"({"agent":"1001"})", "read").status == 503);
  CHECK(fixture.lives.size() == 2);
}

}  // namespace tapestry::web::test
