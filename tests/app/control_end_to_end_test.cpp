// A running service on its control socket: a thread that records a call, and clients that pause it meanwhile.
#include <catch2/catch.hpp>
#include <future>
#include <sstream>

#include "app/assembly.h"
#include "app/control_client.h"
#include "app/control_commands.h"
#include "app/control_server.h"
#include "app/run_control.h"
#include "tests/app/paused_conversation.h"
#include "tests/support/http_client.h"
#include "tests/support/sample_call.h"
#include "vconout/digest.h"
#include "verify/verify.h"
#include "web/site.h"

namespace tapestry::app {
namespace {

using Catch::Matchers::Contains;
using nlohmann::json;
using testing::HttpClient;

testing::SampleCall sample() {
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-11-20T08:00:00Z");
  call.talk_seconds = 16;
  call.hold_seconds = 0;
  call.loss_at = -1;
  return call;
}

Config config_of() {
  return parse_config("[[party]]\nuri = \"^sip:1[0-9]{3}@\"\nrole = \"agent\"\n[recording]\nformat = \"wav\"\n",
                      "test");
}

/// What `tapestry run` is made of, but for the interface: packets come from a call that is made up.
class Service {
 public:
  Service() : frames_(testing::frames_of(sample())) {}

  [[nodiscard]] std::filesystem::path socket() const { return folder_ / "control.sock"; }
  [[nodiscard]] std::filesystem::path out() const { return folder_ / "out"; }

  /// Packets until so many seconds after the answer.
  void play_until(double seconds) {
    const Time end = sample().start + from_seconds(testing::answer_offset(sample()) + seconds);
    for (; next_ < frames_.size() && frames_[next_].time < end; ++next_) {
      const testing::TimedFrame& one = frames_[next_];
      work_.pipeline.add({.time = one.time,
                          .link_type = 1,
                          .original_length = static_cast<std::uint32_t>(one.frame.size()),
                          .data = one.frame});
    }
    desk_.note(work_.pipeline);
  }

  /// What a client does, while the service goes on.
  template <class Client>
  auto meanwhile(Client client) {
    auto done = std::async(std::launch::async, client);
    while (done.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
      queue_.serve([this](const ControlRequest& request) {
        return desk_.carry_out(request, work_.pipeline, {{"live.ring_drops", 3}}, [] { return StorageStatus{}; });
      });
    }
    return done.get();
  }

  web::LiveAnswer post(const std::string& target, const std::string& body) {
    return meanwhile([&] { return ask_control(socket(), {.method = "POST", .target = target, .body = body}); });
  }
  json get(const std::string& target) {
    return json::parse(meanwhile([&] { return ask_control(socket(), {.method = "GET", .target = target}).body; }));
  }

  void finish() {
    play_until(1000);
    work_.pipeline.finish();
    work_.recorder.finish();
  }

  /// The only vCon's payload.
  [[nodiscard]] json vcon() const { return json::parse(verify::payload_of(file("vcon"))); }
  /// The loudest sample of the only recording, in seconds after its beginning.
  [[nodiscard]] int peak(double from, double to) const { return testing::peak(file("media"), from, to); }

 private:
  [[nodiscard]] std::filesystem::path file(const std::string& kind) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(out() / kind)) {
      if (entry.is_regular_file()) return entry.path();
    }
    throw std::runtime_error("no " + kind + " was written");
  }

  testing::TemporaryFolder folder_;
  std::vector<testing::TimedFrame> frames_;
  std::size_t next_ = 0;
  Config config_ = config_of();
  std::ostringstream err_;
  Assembly work_{{config_, out(), 1, false}, nullptr, [](const ConversationReport&) {}, err_};
  ControlDesk desk_{"1.2.3", out(), Time{}};
  ControlQueue queue_;
  ControlServer server_{socket(), queue_};
};

std::vector<json> pauses_in(const json& vcon) {
  std::vector<json> found;
  for (const json& attachment : vcon.at("attachments")) {
    if (attachment.value("purpose", "") != "recording-gaps") continue;
    const json body = attachment.at("body").is_string() ? json::parse(attachment.at("body").get<std::string>())
                                                        : attachment.at("body");
    for (const json& gap : body.at("gaps")) {
      if (gap.at("reason") == "pci" || gap.contains("pause")) found.push_back(gap);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("a pause that is given while a call runs is effective at once, and nothing of it is recorded") {
  Service service;
  service.play_until(4);
  const web::LiveAnswer paused = service.post("/v1/pause", R"({"agent":"1001","request_id":"p1"})");
  REQUIRE(paused.status == 200);
  const json effect = json::parse(paused.body);
  CHECK(effect["effective"] == true);
  CHECK(effect["state"] == "paused");
  CHECK(effect["call_ids"] == json::array({sample().call_id}));
  const Time answered = sample().start + from_seconds(testing::answer_offset(sample()));
  CHECK(to_seconds(*from_rfc3339(effect["since"].get<std::string>()) - answered) == Approx(4).margin(0.05));
  CHECK(service.get("/v1/calls")["calls"][0]["state"] == "paused");
  service.play_until(8);
  CHECK(service.post("/v1/pause", R"({"agent":"1001","request_id":"p1"})").body == paused.body);
  CHECK(service.post("/v1/resume", R"({"agent":"1001","request_id":"p1"})").status == 409);
  CHECK(service.post("/v1/resume", R"({"agent":"1001","request_id":"p2"})").status == 200);
  CHECK(service.get("/v1/calls")["calls"][0]["state"] == "talking");
  service.finish();
  CHECK(service.peak(0.5, 3.9) > 1000);
  CHECK(service.peak(4.05, 7.95) == 0);
  CHECK(service.peak(8.1, 15) > 1000);
  const std::vector<json> pauses = pauses_in(service.vcon());
  REQUIRE(pauses.size() == 1);
  CHECK(pauses[0]["reason"] == "pci");
  CHECK(pauses[0]["pause"]["from"] == "uid " + std::to_string(geteuid()));
  CHECK(pauses[0]["closed_by"] == "resume");
  const std::string audit = testing::read_file(service.out() / "audit/audit.jsonl");
  CHECK_THAT(audit, Contains("\"from\":\"uid " + std::to_string(geteuid()) + "\""));
}

TEST_CASE("a pause of some seconds ends by itself") {
  Service service;
  service.play_until(4);
  CHECK(service.post("/v1/pause", R"({"agent":"1001","seconds":3,"reason":"privacy"})").status == 200);
  service.finish();
  CHECK(service.peak(4.05, 6.9) == 0);
  CHECK(service.peak(7.2, 15) > 1000);
  const std::vector<json> pauses = pauses_in(service.vcon());
  REQUIRE(pauses.size() == 1);
  CHECK(pauses[0]["closed_by"] == "timeout");
}

TEST_CASE("the commands of the program talk to the service") {
  Service service;
  service.play_until(4);
  std::ostringstream out;
  std::ostringstream err;
  const auto pause = [&](const web::PauseBody& body, bool is_resume) {
    return service.meanwhile([&] { return command_pause(service.socket(), body, is_resume, out, err); });
  };
  CHECK(pause({.name = "1002"}, false) == 1);
  CHECK_THAT(err.str(), Contains("no open call is meant by that"));
  CHECK_THROWS_AS(pause({.name = "1001", .reason = "Not A Word"}, false), ConfigError);
  CHECK(pause({.name = "1001"}, false) == 0);
  CHECK_THAT(out.str(), Contains("paused since 2026-11-20T08:00:"));
  const WatchSettings once{.socket = service.socket()};
  out.str("");
  CHECK(service.meanwhile([&] { return show_calls(once, out); }) == 0);
  CHECK_THAT(out.str(), Contains("paused") && Contains("pci command (uid ") && Contains(sample().call_id));
  CHECK_THAT(out.str(), Contains("1001@agents.example.com") && Contains("+15550100@customer.example.net"));
  out.str("");
  CHECK(service.meanwhile([&] { return show_status(once, out); }) == 0);
  CHECK_THAT(out.str(), Contains("1 conversations (1 paused)") && Contains("3 by kernel"));
  CHECK(service.get("/v1/status")["open"]["conversations"] == 1);
  web::PauseBody resume{.target = web::PauseBody::Target::Conversation};
  resume.number = service.get("/v1/calls")["calls"][0]["conversation"].get<std::uint64_t>();
  CHECK(pause(resume, true) == 0);
}

TEST_CASE("a front end passes on what a token may do, and says whose it is") {
  Service service;
  service.play_until(4);
  web::SiteSettings settings;
  settings.out = service.out();
  settings.live = [&](const web::LiveRequest& request) { return ask_control(service.socket(), request); };
  web::Token token{.name = "desk", .role = web::Role::Control};
  const auto hash = vconout::digest(vconout::Digest::Kind::Sha256, as_bytes("secret"));
  std::copy(hash.begin(), hash.end(), token.sha256.begin());
  settings.access.tokens = {token};
  web::Site site(settings, [](const web::Access&) {}, [](std::string_view) {});
  web::Request request{.method = "POST", .target = "/v1/pause", .fields = {}, .peer = "192.0.2.7"};
  request.fields = {{"Content-Type", "application/json"}, {"Authorization", "Bearer secret"}};
  request.has_body = true;
  request.body = R"({"agent":"1001"})";
  CHECK(service.meanwhile([&] { return site.answer(request, Time{}); }).status == 200);
  const json call = service.get("/v1/calls")["calls"][0];
  CHECK(call["pauses"][0]["from"] == "token desk, by uid " + std::to_string(geteuid()));
}

TEST_CASE("a client of the control socket that is wrong, slow or huge harms nobody") {
  Service service;
  service.play_until(4);
  testing::HttpPlace place;
  place.socket = service.socket();
  service.meanwhile([&] {
    HttpClient slow(place);
    slow.send(
        "POST /v1/pause HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"ag");
    const std::string json_type = "Content-Type: application/json\r\n";
    CHECK(HttpClient(place).ask("POST", "/v1/pause", json_type + "Content-Length: 100000\r\n").status == 413);
    CHECK(HttpClient(place).ask("POST", "/v1/pause", json_type + "Transfer-Encoding: chunked\r\n").status == 411);
    CHECK(HttpClient(place).ask("GET", "/v1/pause").status == 405);
    CHECK(HttpClient(place).ask("GET", "/v1/nothing").status == 404);
    CHECK(HttpClient(place).ask("GET", "/v1/calls?limit=9999").status == 400);
    HttpClient(place).send("\x16\x03\x01\r\n\r\n");
    CHECK(HttpClient(place).ask("GET", "/v1/status").status == 200);
    slow.send("ent\": \"1001\" }  ");
    CHECK(slow.receive().status == 200);
    return 0;
  });
  CHECK(service.get("/v1/calls")["calls"][0]["state"] == "paused");
}

TEST_CASE("where no service listens the commands say so") {
  const testing::TemporaryFolder folder;
  std::ostringstream out;
  CHECK_THROWS_WITH(show_status({.socket = folder / "none.sock"}, out), Contains("no service answers on"));
}

}  // namespace tapestry::app
