#include "app/run_service.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/app/temporary_folder.h"

using namespace tapestry;
using namespace tapestry::app;
using Catch::Matchers::Contains;
using testing::TemporaryFolder;
using testing::write_file;

namespace {

const std::string kBefore = "[recorder]\nhost = \"tap.example.org\"\n[[party]]\nuri = \"^sip:1\"\nrole = \"agent\"\n";

/// A recorder that captures nothing, and what it tells.
struct Recording {
  explicit Recording(const std::string& text) {
    write_file(folder / "t.toml", text);
    config = load_config(folder / "t.toml");
  }
  std::string reload(const std::string& text) {
    std::ostringstream err;
    service::Journal journal(err, "");
    RunService service(folder / "t.toml", testing::read_file(folder / "t.toml"), journal);
    RunHooks hooks;
    service.join(hooks);
    write_file(folder / "t.toml", text);
    LiveWork work(config, folder / "out", nullptr);
    LiveCaptures captures(config.capture, folder / "out");
    RunView view{work, captures};
    hooks.reload(view);
    return err.str();
  }
  TemporaryFolder folder;
  Config config;
};

}  // namespace

TEST_CASE("SIGHUP takes the new parties and markers, and refuses a wrong configuration") {
  Recording recording("[keys]\nalgorithm = \"es256\"\n" + kBefore);
  const std::string same = testing::read_file(recording.folder / "t.toml");
  CHECK(recording.reload(same) == "tapestry: configuration read again\n");
  CHECK(recording.reload(same + "[[party]]\nrole = \"bot\"\n") ==
        "tapestry: configuration read again; from now on: party\n");
  CHECK(recording.reload(same +
                         "[[marker]]\nname = \"m\"\nheader = \"X\"\npause = \"y\"\n[pause]\ndelay = 5\nfail_closed "
                         "= \"^sip:q@\"\n") ==
        "tapestry: configuration read again; from now on: marker, party, pause.fail_closed; only after a restart: "
        "pause.delay\n");
  CHECK_THAT(recording.reload(same + "[recording]\nformat = \"mp3\"\n"),
             Contains("the old one goes on") && Contains("t.toml:9"));
  CHECK_THAT(recording.reload(same + "[[party]]\nuri = \"(\"\n"), Contains("the old one goes on"));
}

TEST_CASE("the service ends with a status of its own only when an interface was lost") {
  std::ostringstream err;
  service::Journal journal(err, "");
  const RunService service("t.toml", "", journal);
  CHECK(service.status_after(0) == 0);
  CHECK(service.status_after(1) == 1);
}
