#include "app/web_service.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/app/temporary_folder.h"
#include "tests/support/http_client.h"
#include "vconout/digest.h"
#include "vconout/hex.h"
#include "web/server.h"

namespace tapestry::app {
namespace {

using namespace std::chrono_literals;

/// A control socket whose reads, or whose commands, stand still for as long as it is told.
class Stuck {
 public:
  explicit Stuck(const std::filesystem::path& socket)
      : listener_(socket),
        server_({.listener = listener_.descriptor(),
                 .certificate = {},
                 .key = {},
                 .client_ca = {},
                 .limits = {},
                 .most_body = web::kMostContent},
                [this](const web::Request& request) { return answer(request); }) {}
  ~Stuck() { let_go(); }
  Stuck(const Stuck&) = delete;
  Stuck& operator=(const Stuck&) = delete;

  void let_go() { reads_ = commands_ = false; }
  void hold_commands() { commands_ = true; }
  /// Waits until so many requests stand still, for at most 5 s.
  [[nodiscard]] bool has_waiting(int count) const {
    for (int n = 0; n < 500 && waiting_ != count; ++n) std::this_thread::sleep_for(10ms);
    return waiting_ == count;
  }

 private:
  web::Response answer(const web::Request& request) {
    const std::atomic<bool>& held = request.method == "POST" ? commands_ : reads_;
    ++waiting_;
    while (held) std::this_thread::sleep_for(5ms);
    --waiting_;
    return web::json_response(R"({"effective":true})");
  }

  std::atomic<bool> reads_ = true;
  std::atomic<bool> commands_ = false;
  std::atomic<int> waiting_ = 0;
  web::Listener listener_;
  web::Server server_;
};

/// A server over an empty output folder, in front of such a socket.
struct Served {
  Served() {
    command.out = folder / "out";
    std::filesystem::create_directories(command.out);
    const auto hash = vconout::digest(vconout::Digest::Kind::Sha256, as_bytes("secret"));
    command.config = parse_config(
        "[control]\nsocket = \"control.sock\"\n[serve]\nlisten = \"127.0.0.1:0\"\nplain_http = true\n"
        "[[token]]\nname = \"desk\"\nrole = \"admin\"\nsha256 = \"" +
            vconout::hex(hash) + "\"\n",
        "test", folder.path());
    service.emplace(command, out, err);
    const std::string said = out.str();
    port = static_cast<std::uint16_t>(std::stoi(said.substr(said.find("127.0.0.1:") + 10)));
  }
  [[nodiscard]] testing::HttpAnswer ask(const std::string& method, const std::string& target) const {
    testing::HttpClient client({.port = port});
    const std::string token = "Authorization: Bearer secret\r\n";
    if (method == "GET") return client.ask("GET", target, token);
    const std::string body = R"({"agent":"1001"})";
    client.send("POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n" + token + "\r\n" + body);
    return client.receive();
  }
  [[nodiscard]] std::future<testing::HttpAnswer> begin(const std::string& method, const std::string& target) const {
    return std::async(std::launch::async, [this, method, target] { return ask(method, target); });
  }

  testing::TemporaryFolder folder;
  Stuck stuck{folder / "control.sock"};
  std::ostringstream out;
  std::ostringstream err;
  ServeCommand command;
  std::optional<WebService> service;
  std::uint16_t port = 0;
};

}  // namespace

TEST_CASE("a pause reaches the running service while readers wait for it") {
  Served served;
  auto first = served.begin("GET", "/v1/calls");
  REQUIRE(served.stuck.has_waiting(1));
  auto second = served.begin("GET", "/v1/calls");
  REQUIRE(served.stuck.has_waiting(2));
  const testing::HttpAnswer paused = served.ask("POST", "/v1/pause");
  CHECK(paused.status == 200);
  CHECK(paused.body == R"({"effective":true})");
  served.stuck.let_go();
  CHECK(first.get().status == 200);
  CHECK(second.get().status == 200);
}

TEST_CASE("commands beyond those that go on at once wait a moment, then are told that nothing was done") {
  Served served;
  served.stuck.let_go();
  served.stuck.hold_commands();
  auto first = served.begin("POST", "/v1/pause");
  REQUIRE(served.stuck.has_waiting(1));
  auto second = served.begin("POST", "/v1/pause");
  REQUIRE(served.stuck.has_waiting(2));
  const testing::HttpAnswer third = served.ask("POST", "/v1/resume");
  CHECK(third.status == 503);
  const auto error = nlohmann::json::parse(third.body)["error"];
  CHECK(error["code"] == "busy");
  CHECK_THAT(error["message"].get<std::string>(), Catch::Contains("nothing was done"));
  auto fourth = served.begin("POST", "/v1/pause");
  std::this_thread::sleep_for(100ms);
  served.stuck.let_go();
  CHECK(fourth.get().status == 200);
  CHECK(first.get().status == 200);
  CHECK(second.get().status == 200);
}

}  // namespace tapestry::app
