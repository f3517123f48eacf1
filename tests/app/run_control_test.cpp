#include "app/run_control.h"

#include <catch2/catch.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/control_client.h"
#include "tests/app/temporary_folder.h"

namespace tapestry::app {
namespace {

/// A run without any interface.
struct Idle {
  explicit Idle(const std::string& control) {
    settings.out = folder / "out";
    settings.config = parse_config(control, "test", folder.path());
    std::filesystem::create_directories(settings.out);
  }
  testing::TemporaryFolder folder;
  RunSettings settings;
  std::ostringstream err;
};

}  // namespace

TEST_CASE("a run listens from its beginning to its end, and answers in its turns") {
  Idle idle("[control]\nsocket = \"control.sock\"\n");
  LiveWork work(idle.settings.config, idle.settings.out, nullptr);
  LiveCaptures captures(CaptureSettings{}, idle.settings.out);
  RunView view{work, captures};
  RunHooks hooks;
  int turns = 0;
  hooks.turn = [&turns](RunView&) { ++turns; };
  RunControl control(idle.settings, "1.2.3", idle.err);
  control.join(hooks);
  const std::filesystem::path socket = idle.folder / "control.sock";
  CHECK_FALSE(std::filesystem::exists(socket));
  hooks.ready(view);
  auto asked = std::async(std::launch::async,
                          [&socket] { return ask_control(socket, {.method = "GET", .target = "/v1/status"}); });
  while (asked.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) hooks.turn(view);
  const web::LiveAnswer answer = asked.get();
  CHECK(answer.status == 200);
  const auto status = nlohmann::json::parse(answer.body);
  CHECK(status["version"] == "1.2.3");
  CHECK(status["captured"]["dropped"]["kernel"] == 0);
  CHECK(status["disk"]["bytes"] > 0);
  CHECK(status["lag"].is_null());
  CHECK(turns > 0);
  hooks.stopping(view);
  CHECK_FALSE(std::filesystem::exists(socket));
}

TEST_CASE("a control socket that the configuration names must be made") {
  Idle idle("[control]\nsocket = \"none/control.sock\"\n");
  LiveWork work(idle.settings.config, idle.settings.out, nullptr);
  LiveCaptures captures(CaptureSettings{}, idle.settings.out);
  RunView view{work, captures};
  RunHooks hooks;
  RunControl control(idle.settings, "1.2.3", idle.err);
  control.join(hooks);
  CHECK_THROWS_AS(hooks.ready(view), std::runtime_error);
}

}  // namespace tapestry::app
