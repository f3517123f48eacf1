#include "web/server.h"

#include <openssl/ssl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/http_client.h"
#include "tests/web/site_fixture.h"
#include "web/listener.h"

namespace tapestry::web::test {
namespace {

using testing::HttpAnswer;
using testing::HttpClient;

const std::string kListen = "Authorization: Bearer secret-listen\r\n";
const std::string kAdmin = "Authorization: Bearer secret-admin\r\n";

Endpoint any_port() { return {*IpAddress::parse("127.0.0.1"), 0}; }

/// The fixture's site on a loopback port; with `secure`, by TLS with certificates that are made here.
struct Online {
  explicit Online(bool secure = false, bool mutual = false, ServerLimits limits = {}) : listener(any_port()) {
    ServerSettings settings{.listener = listener.descriptor(), .limits = limits};
    if (secure) {
      testing::make_identity(fixture.folder.path(), "ca");
      testing::make_identity(fixture.folder.path(), "server", "ca");
      settings.certificate = testing::read_file(fixture.folder / "server.pem");
      settings.key = testing::read_file(fixture.folder / "server-key.pem");
      if (mutual) settings.client_ca = testing::read_file(fixture.folder / "ca.pem");
      place.ca = fixture.folder / "ca.pem";
    }
    place.port = listener.port();
    server = std::make_unique<Server>(settings, [this](const Request& request) {
      return fixture.site.answer(request, *from_rfc3339("2026-11-20T09:00:00Z"));
    });
  }
  Fixture fixture;
  Listener listener;
  testing::HttpPlace place;
  std::unique_ptr<Server> server;
};

bool is_error(const HttpAnswer& answer, int status) {
  return answer.status == status && nlohmann::json::parse(answer.body).contains("error");
}

std::int64_t cpu_millis() {
  timespec spent{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return spent.tv_sec * 1000 + spent.tv_nsec / 1'000'000;
}

}  // namespace

TEST_CASE("one connection carries many requests: whole, part, head, known, refused") {
  Online online;
  HttpClient client(online.place);
  const HttpAnswer whole = client.ask("GET", kMedia, kListen);
  CHECK(whole.status == 200);
  CHECK(whole.body == kAudio);
  CHECK(whole.fields.at("content-type") == "audio/ogg");
  CHECK(whole.fields.at("accept-ranges") == "bytes");
  const HttpAnswer part = client.ask("GET", kMedia, kListen + "Range: bytes=3-5\r\n");
  CHECK(part.status == 206);
  CHECK(part.body == "345");
  CHECK(part.fields.at("content-range") == "bytes 3-5/10");
  const HttpAnswer head = client.ask("HEAD", kMedia, kListen);
  CHECK(head.status == 200);
  CHECK(head.fields.at("content-length") == "10");
  const HttpAnswer known = client.ask("GET", kMedia, kListen + "If-None-Match: " + whole.fields.at("etag") + "\r\n");
  CHECK(known.status == 304);
  CHECK(known.fields.at("content-length") == "10");
  CHECK(is_error(client.ask("GET", kMedia, kListen + "Range: bytes=10-\r\n"), 416));
  CHECK(is_error(client.ask("GET", kMedia), 401));
  CHECK(is_error(client.ask("GET", "/v1/conversations", kListen), 403));
  CHECK(is_error(client.ask("GET", "/media/%2e%2e/keys/key.pem", kAdmin), 404));
  CHECK(is_error(client.ask("DELETE", kMedia, kAdmin), 405));
  CHECK(is_error(client.ask("GET", "/v1/conversations?limit=x", kAdmin), 400));
  CHECK(is_error(client.ask("GET", "/" + std::string(5000, 'a'), kAdmin), 414));
  CHECK(is_error(client.ask("GET", kMedia, kAdmin + "X-Long: " + std::string(20'000, 'a') + "\r\n"), 431));
  const HttpAnswer vcon = client.ask("GET", "/v1/conversations/" + kUuid, kAdmin);
  CHECK(vcon.status == 200);
  CHECK(vcon.fields.at("content-type") == "application/vcon");
  CHECK(online.fixture.accesses.size() == 13);
  CHECK(online.fixture.accesses[0].peer == "127.0.0.1");
}

TEST_CASE("a file larger than any buffer comes whole, and an empty one, too") {
  Online online;
  std::string large(3'000'000, '\0');
  for (std::size_t n = 0; n < large.size(); ++n) large[n] = static_cast<char>(n * 7 >> 3);
  testing::write_file(online.fixture.folder / "media/large.wav", large);
  testing::write_file(online.fixture.folder / "media/empty.wav", "");
  HttpClient client(online.place);
  CHECK(client.ask("GET", "/media/large.wav", kListen).body == large);
  CHECK(client.ask("GET", "/media/large.wav", kListen + "Range: bytes=1000000-\r\n").body == large.substr(1'000'000));
  const HttpAnswer empty = client.ask("GET", "/media/empty.wav", kListen);
  CHECK(empty.status == 200);
  CHECK(empty.body.empty());
}

TEST_CASE("a body is refused before it is read") {
  Online online;
  HttpClient client(online.place);
  CHECK(is_error(client.ask("POST", kMedia, kAdmin + "Content-Length: 1000000\r\n"), 413));
  HttpClient other(online.place);
  CHECK(is_error(other.ask("PUT", kMedia, kAdmin + "Transfer-Encoding: chunked\r\n"), 413));
}

TEST_CASE("content is read up to its bound, and refused beyond it without being read") {
  Online online;
  const Listener listener(any_port());
  std::vector<std::optional<std::string>> bodies;
  const Server server({.listener = listener.descriptor(), .most_body = 4096}, [&bodies](const Request& request) {
    bodies.push_back(request.body);
    return request.has_body && !request.body ? refusal(413, "x", "y") : json_response(request.body.value_or("none"));
  });
  testing::HttpPlace place;
  place.port = listener.port();
  HttpClient client(place);
  const std::string most(4096, 'x');
  const auto head = [](std::size_t length) {
    return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
  };
  client.send(head(5) + "he");
  client.send("llo");
  CHECK(client.receive().body == "hello");
  client.send(head(4096) + most);
  CHECK(client.receive().body == most);
  CHECK(client.ask("POST", "/", "Content-Length: 0\r\n").body == "none");
  CHECK(client.ask("GET", "/").body == "none");
  CHECK(client.ask("POST", "/", "Content-Length: 4097\r\n").status == 413);
  HttpClient other(place);
  CHECK(other.ask("POST", "/", "Transfer-Encoding: chunked\r\n").status == 413);
  CHECK(bodies.size() == 6);
}

TEST_CASE("who sends content slowly is cut off, and others are served meanwhile") {
  Online online(false, false, {.idle = std::chrono::seconds(1)});
  const Listener listener(any_port());
  const Server server({.listener = listener.descriptor(), .limits = {.idle = std::chrono::seconds(1)}, .most_body = 64},
                      [](const Request&) { return json_response("{}"); });
  testing::HttpPlace place;
  place.port = listener.port();
  HttpClient slow(place);
  slow.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab");
  CHECK(HttpClient(place).ask("GET", "/").status == 200);
  CHECK_THROWS(slow.receive());
}

TEST_CASE("by TLS, 1.2 and above, with the server's own certificate") {
  Online online(true);
  HttpClient client(online.place);
  const HttpAnswer answer = client.ask("GET", kMedia, kListen + "Range: bytes=1-2\r\n");
  CHECK(answer.status == 206);
  CHECK(answer.body == "12");
  CHECK(answer.fields.contains("strict-transport-security"));
  testing::HttpPlace older = online.place;
  older.most_version = TLS1_2_VERSION;
  CHECK(HttpClient(older).ask("GET", kMedia, kListen).status == 200);
  older.most_version = TLS1_1_VERSION;
  CHECK_THROWS(HttpClient(older));
}

TEST_CASE("with a client CA, the subject is known of a certificate that it signed, and of no other") {
  Online online(true, true);
  CHECK(HttpClient(online.place).ask("GET", kMedia, kListen).status == 200);
  testing::make_identity(online.fixture.folder.path(), "player", "ca");
  testing::make_identity(online.fixture.folder.path(), "foreign-ca");
  testing::make_identity(online.fixture.folder.path(), "foreign", "foreign-ca");
  std::string subject;
  const Listener listener(any_port());
  ServerSettings settings{.listener = listener.descriptor()};
  settings.certificate = testing::read_file(online.fixture.folder / "server.pem");
  settings.key = testing::read_file(online.fixture.folder / "server-key.pem");
  settings.client_ca = testing::read_file(online.fixture.folder / "ca.pem");
  const Server server(settings,
                      [](const Request& request) { return json_response(request.subject.value_or("nobody")); });
  testing::HttpPlace place = online.place;
  place.port = listener.port();
  CHECK(HttpClient(place).ask("GET", "/").body == "nobody");
  place.identity = online.fixture.folder / "player-both.pem";
  CHECK(HttpClient(place).ask("GET", "/").body == "CN=tapestry test player");
  place.identity = online.fixture.folder / "foreign-both.pem";
  CHECK(HttpClient(place).ask("GET", "/").body == "nobody");
}

TEST_CASE("a server that takes nobody new goes on with who is there, and another one answers at the same socket") {
  const Listener listener(any_port());
  const auto says = [](const char* text) { return [text](const Request&) { return json_response(text); }; };
  auto first = std::make_unique<Server>(ServerSettings{.listener = listener.descriptor()}, says("first"));
  testing::HttpPlace place;
  place.port = listener.port();
  auto old = std::make_unique<HttpClient>(place);
  CHECK(old->ask("GET", "/").body == "first");
  const Server second({.listener = listener.descriptor()}, says("second"));
  first->refuse_new();
  for (int n = 0; n < 8; ++n) CHECK(HttpClient(place).ask("GET", "/").body == "second");
  CHECK(old->ask("GET", "/").body == "first");
  CHECK(first->connections() == 1);
  old.reset();
  for (int n = 0; n < 200 && first->connections() != 0; ++n) usleep(50'000);
  CHECK(first->connections() == 0);
  first.reset();
  CHECK(HttpClient(place).ask("GET", "/").body == "second");
}

TEST_CASE("a certificate and a key that do not fit are an error") {
  const testing::TemporaryFolder folder;
  testing::make_identity(folder.path(), "one");
  testing::make_identity(folder.path(), "two");
  const Listener listener(any_port());
  ServerSettings settings{.listener = listener.descriptor()};
  settings.certificate = testing::read_file(folder / "one.pem");
  settings.key = testing::read_file(folder / "two-key.pem");
  CHECK_THROWS_AS(Server(settings, [](const Request&) { return Response{}; }), std::runtime_error);
}

TEST_CASE("a Unix socket is for its owner and group, and is gone with the server") {
  Fixture fixture;
  const std::filesystem::path path = fixture.folder / "serve.sock";
  {
    const Listener listener(path);
    CHECK_THROWS(Listener(path));
    struct stat status{};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0660);
    const Server server({.listener = listener.descriptor()},
                        [&](const Request& request) { return fixture.site.answer(request, Time{}); });
    testing::HttpPlace place;
    place.socket = path;
    CHECK(HttpClient(place).ask("GET", kMedia, kListen).body == kAudio);
    CHECK(fixture.accesses.at(0).peer == "local");
    const Listener second(fixture.folder / "user.sock");
    const Server told({.listener = second.descriptor()},
                      [](const Request& request) { return json_response(std::to_string(request.user.value())); });
    place.socket = fixture.folder / "user.sock";
    CHECK(HttpClient(place).ask("GET", "/").body == std::to_string(geteuid()));
  }
  CHECK_FALSE(std::filesystem::exists(path));
  testing::write_file(path, "no socket");
  CHECK_THROWS(Listener(path));
}

TEST_CASE("who sends nothing is cut off, and an idle server does nothing") {
  Online online(false, false, {.idle = std::chrono::seconds(1)});
  HttpClient slow(online.place);
  slow.send("GET /v1/status HTTP/1.1\r\nHost:");
  const std::int64_t before = cpu_millis();
  CHECK_THROWS(slow.receive());
  CHECK(cpu_millis() - before < 500);
}

TEST_CASE("connections beyond the limit are closed, and the others go on") {
  Online online(false, false, {.connections = 8, .connections_per_address = 2});
  HttpClient first(online.place);
  HttpClient second(online.place);
  CHECK(first.ask("GET", kMedia, kListen).status == 200);
  CHECK(second.ask("GET", kMedia, kListen).status == 200);
  CHECK_THROWS(HttpClient(online.place).ask("GET", kMedia, kListen));
  CHECK(first.ask("GET", kMedia, kListen).status == 200);
}

TEST_CASE("a server ends with connections open, and its port is free") {
  Online online;
  HttpClient client(online.place);
  CHECK(client.ask("GET", kMedia, kListen).status == 200);
  online.server.reset();
  CHECK_THROWS(client.ask("GET", kMedia, kListen));
}

TEST_CASE("bytes that are no HTTP do no harm") {
  Online online;
  for (const char* bytes : {"\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "GET / HTTP/9.9\r\n\r\n",
                            "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n"}) {
    HttpClient client(online.place);
    client.send(bytes);
  }
  CHECK(HttpClient(online.place).ask("GET", kMedia, kListen).status == 200);
}

}  // namespace tapestry::web::test
