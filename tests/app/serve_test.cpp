#include "app/serve.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/audit.h"
#include "app/replay.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/http_client.h"
#include "tests/support/sample_call.h"
#include "vconout/digest.h"
#include "vconout/hex.h"

namespace tapestry::app {
namespace {

using nlohmann::json;

std::string hash_of(const std::string& token) {
  return vconout::hex(vconout::digest(vconout::Digest::Kind::Sha256, as_bytes(token)));
}

/// `tapestry serve` as a process of its own; standard output and error together go to a file.
class Serving {
 public:
  Serving(const testing::TemporaryFolder& folder, const std::string& config) : log_(folder / "serve.log") {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    std::vector<std::string> words = {TAPESTRY_PROGRAM, "serve", "--config", config, "--out", folder / "out"};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    REQUIRE(posix_spawn(&process_, words[0].c_str(), &actions, nullptr, arguments.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Serving() { (void)stop(SIGKILL); }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  /// The port that its first line tells; waits for it for at most 60 s.
  std::uint16_t port() const {
    for (int n = 0; n < 1200; ++n) {
      const std::string text = testing::read_file(log_);
      const std::size_t at = text.find("127.0.0.1:");
      if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
        return static_cast<std::uint16_t>(std::stoi(text.substr(at + 10)));
      }
      usleep(50'000);
    }
    FAIL(testing::read_file(log_));
    return 0;
  }
  /// What it said so far; waits for `text` to be in it, for at most 60 s.
  std::string wait_for(const std::string& text) const {
    for (int n = 0; n < 1200; ++n) {
      const std::string said = testing::read_file(log_);
      if (said.find(text) != std::string::npos) return said;
      usleep(50'000);
    }
    FAIL(testing::read_file(log_));
    return {};
  }
  void reload() const { kill(process_, SIGHUP); }
  /// Its exit status; -1 when the signal ended it.
  int stop(int signal) {
    if (process_ == 0) return -1;
    kill(process_, signal);
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  std::filesystem::path log_;
  pid_t process_ = 0;
};

void record(const testing::TemporaryFolder& folder, const Config& config) {
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z");
  call.talk_seconds = 2;
  call.hold_seconds = 0;
  call.loss_at = -1;
  {
    std::ofstream file(folder / "a.pcap", std::ios::binary);
    testing::write_pcap(file, testing::frames_of(call));
  }
  ReplaySettings settings;
  settings.captures = {folder / "a.pcap"};
  settings.out = folder / "out";
  settings.config = config;
  std::ostringstream out;
  REQUIRE(replay_and_print(settings, true, out, out) == 0);
}

}  // namespace

TEST_CASE("what was recorded is fetched by the urls in its vCon, over TLS, and every access is in the log") {
  const testing::TemporaryFolder folder;
  testing::make_identity(folder.path(), "ca");
  testing::make_identity(folder.path(), "server", "ca");
  const std::string config = folder / "serve.toml";
  testing::write_file(config,
                      "[keys]\nalgorithm = \"es256\"\n[media]\nbase_url = \"https://localhost/calls/media/\"\n"
                      "[serve]\nlisten = \"127.0.0.1:0\"\ncertificate = \"server.pem\"\nkey = \"server-key.pem\"\n"
                      "[[token]]\nname = \"auditor\"\nrole = \"admin\"\nsha256 = \"" +
                          hash_of("open sesame") + "\"\n");
  record(folder, load_config(config));
  Serving serving(folder, config);
  testing::HttpPlace place{.port = serving.port(), .ca = folder / "ca.pem"};
  testing::HttpClient client(place);
  const std::string token = "Authorization: Bearer open sesame\r\n";
  const json list = json::parse(client.ask("GET", "/v1/conversations", token).body);
  REQUIRE(list["conversations"].size() == 1);
  const std::string uuid = list["conversations"][0]["uuid"];
  const testing::HttpAnswer vcon = client.ask("GET", "/v1/conversations/" + uuid, token);
  CHECK(vcon.fields.at("content-type") == "application/vcon");
  CHECK(json::parse(vcon.body)["signatures"].size() == 1);
  const auto media =
      *std::filesystem::directory_iterator(*std::filesystem::directory_iterator(folder / "out/media/2026/03/02"));
  const std::string path = "/calls/media/" + std::filesystem::relative(media.path(), folder / "out/media").string();
  const std::string whole = testing::read_file(media.path());
  CHECK(client.ask("GET", path, token).body == whole);
  CHECK(client.ask("GET", path, token + "Range: bytes=10-19\r\n").body == whole.substr(10, 10));
  CHECK(client.ask("GET", "/media/" + uuid, token).status == 404);
  CHECK(client.ask("GET", path).status == 401);
  CHECK(serving.stop(SIGTERM) == 0);
  std::ostringstream out;
  std::ostringstream err;
  CHECK(audit({.log = folder / "out", .json = true, .kind = AuditKind::Access}, out, err) == 0);
  const json log = json::parse(out.str());
  REQUIRE(log["entries"].size() == 6);
  CHECK(log["entries"][3]["who"] == "auditor");
  CHECK(log["entries"][3]["range"] == "bytes=10-19");
  CHECK(log["entries"][3]["status"] == 206);
  CHECK(log["entries"][5]["by"] == "nothing");
  CHECK(log["answered"] == 4);
  CHECK(log["first_fault"].is_null());
  CHECK(out.str().find("sesame") == std::string::npos);
  std::ostringstream table;
  CHECK(audit({.log = folder / "out", .kind = AuditKind::Access}, table, err) == 0);
  CHECK(table.str().find("auditor") != std::string::npos);
}

TEST_CASE("a server in the clear on loopback ends by SIGINT, too") {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "serve.toml",
                      "[serve]\nlisten = \"127.0.0.1:0\"\nplain_http = true\n"
                      "[[token]]\nname = \"m\"\nrole = \"metrics\"\nsha256 = \"" +
                          hash_of("m") + "\"\n");
  Serving serving(folder, folder / "serve.toml");
  testing::HttpClient client({.port = serving.port()});
  CHECK(client.ask("GET", "/metrics", "Authorization: Bearer m\r\n").status == 200);
  CHECK(serving.stop(SIGINT) == 0);
}

TEST_CASE("SIGHUP takes tokens and the certificate, and drops no connection, what is wrong changes nothing") {
  const testing::TemporaryFolder folder;
  testing::make_identity(folder.path(), "ca");
  testing::make_identity(folder.path(), "server", "ca");
  testing::make_identity(folder.path(), "other-ca");
  const auto configure = [&](const std::string& token, const std::string& serve) {
    testing::write_file(folder / "serve.toml", "[serve]\n" + serve +
                                                   "certificate = \"server.pem\"\nkey = \"server-key.pem\"\n[[token]]\n"
                                                   "name = \"m\"\nrole = \"metrics\"\nsha256 = \"" +
                                                   hash_of(token) + "\"\n");
  };
  const std::string here = "listen = \"127.0.0.1:0\"\n";
  configure("old", here);
  Serving serving(folder, folder / "serve.toml");
  const testing::HttpPlace place{.port = serving.port(), .ca = folder / "ca.pem"};
  const auto ask = [](testing::HttpClient& client, const std::string& token) {
    return client.ask("GET", "/metrics", "Authorization: Bearer " + token + "\r\n").status;
  };
  testing::HttpClient open(place);
  CHECK(ask(open, "old") == 200);

  configure("new", here);
  serving.reload();
  serving.wait_for("configuration read again; from now on: token\n");
  CHECK(ask(open, "old") == 401);
  CHECK(ask(open, "new") == 200);

  testing::write_file(folder / "serve.toml", "[serve]\nlisten = 3\n");
  serving.reload();
  serving.wait_for("the old one goes on");
  CHECK(ask(open, "new") == 200);

  // A new certificate of another authority: who is connected stays, who comes sees it.
  configure("new", here);
  testing::make_identity(folder.path(), "server", "other-ca");
  serving.reload();
  serving.wait_for("from now on: serve.certificate, serve.key\n");
  CHECK(ask(open, "new") == 200);
  CHECK_THROWS(testing::HttpClient(place));
  testing::HttpPlace after = place;
  after.ca = folder / "other-ca.pem";
  testing::HttpClient fresh(after);
  CHECK(ask(fresh, "new") == 200);

  // A key that does not fit.
  const std::string key = testing::read_file(folder / "server-key.pem");
  testing::write_file(folder / "server-key.pem", testing::read_file(folder / "ca-key.pem"));
  serving.reload();
  serving.wait_for("do certificate and key fit?");
  CHECK(ask(fresh, "new") == 200);

  testing::write_file(folder / "server-key.pem", key);
  configure("newest", "listen = \"127.0.0.2:0\"\n");
  serving.reload();
  const std::string said = serving.wait_for("from now on: token; only after a restart: serve.listen\n");
  CHECK(ask(fresh, "newest") == 200);
  CHECK(said.find("PRIVATE KEY") == std::string::npos);
  CHECK(serving.stop(SIGTERM) == 0);
}

TEST_CASE("another client CA cuts the connections of those whom the old one vouched for") {
  const testing::TemporaryFolder folder;
  for (const char* name : {"ca", "other-ca"}) testing::make_identity(folder.path(), name);
  testing::make_identity(folder.path(), "server", "ca");
  testing::make_identity(folder.path(), "player", "ca");
  const auto configure = [&](const std::string& authority) {
    testing::write_file(folder / "serve.toml",
                        "[serve]\nlisten = \"127.0.0.1:0\"\ncertificate = \"server.pem\"\nkey = \"server-key.pem\"\n"
                        "client_ca = \"" +
                            authority + ".pem\"\nclient_role = \"metrics\"\n");
  };
  configure("ca");
  Serving serving(folder, folder / "serve.toml");
  const testing::HttpPlace place{
      .port = serving.port(), .ca = folder / "ca.pem", .identity = folder / "player-both.pem"};
  testing::HttpClient open(place);
  CHECK(open.ask("GET", "/metrics").status == 200);
  configure("other-ca");
  serving.reload();
  serving.wait_for("from now on: serve.client_ca\n");
  (void)std::signal(SIGPIPE, SIG_IGN);
  CHECK_THROWS(open.ask("GET", "/metrics"));
  CHECK(testing::HttpClient(place).ask("GET", "/metrics").status == 401);
}

TEST_CASE("a server that nobody could ask does not start") {
  ServeCommand command;
  std::ostringstream out;
  CHECK_THROWS_AS(serve(command, out, out), ConfigError);
  command.config.serve.socket = "/nowhere/s";
  CHECK_THROWS_AS(serve(command, out, out), ConfigError);
}

}  // namespace tapestry::app
