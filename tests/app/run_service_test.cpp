#include "app/run_service.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "app/config_sections.h"
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
    std::ostringstream ignored;
    Assembly work({config, folder / "out", 1, true}, nullptr, [](const ConversationReport&) {}, ignored);
    LiveCaptures captures(config.capture, folder / "out");
    RunView view{work, captures};
    hooks.reload(view);
    return err.str();
  }
  TemporaryFolder folder;
  Config config;
};

}  // namespace

TEST_CASE("sections that differ are named, whatever their layout") {
  CHECK(changed_sections(kBefore, kBefore).empty());
  CHECK(changed_sections(
            kBefore, "# comment\nrecorder = { host = 'tap.example.org' }\n" + kBefore.substr(kBefore.find("[[party]]")))
            .empty());
  CHECK(changed_sections(kBefore, kBefore + "[[party]]\nrole = \"bot\"\n") == std::vector<std::string>{"party"});
  CHECK(changed_sections(kBefore, "") == std::vector<std::string>{"party", "recorder"});
  CHECK(changed_sections("", "[serve]\nidle = 3\n") == std::vector<std::string>{"serve"});
  CHECK(changed_sections("[a", "[b").empty());
}

TEST_CASE("a reload says what counts from now on, and what after a restart") {
  const Reload reload = read_again(kBefore,
                                   kBefore +
                                       "[recording]\nformat = \"wav\"\n[[party]]\nrole = \"bot\"\n[[map]]\nfield = "
                                       "\"campaign\"\nfrom = \"uui\"\npattern = \"(x)\"\n",
                                   "t.toml");
  CHECK(reload.taken == std::vector<std::string>{"map", "party"});
  CHECK(reload.restart == std::vector<std::string>{"recording"});
  CHECK(reload.config.rules.parties.size() == 2);
  CHECK_THROWS_AS(read_again(kBefore, "[nonsense]\n", "t.toml"), ConfigError);
}

TEST_CASE("SIGHUP takes the new parties, and refuses a wrong configuration") {
  Recording recording("[keys]\nalgorithm = \"es256\"\n" + kBefore);
  const std::string same = testing::read_file(recording.folder / "t.toml");
  CHECK(recording.reload(same) == "tapestry: configuration read again\n");
  CHECK(recording.reload(same + "[[party]]\nrole = \"bot\"\n") ==
        "tapestry: configuration read again; from now on: party\n");
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
