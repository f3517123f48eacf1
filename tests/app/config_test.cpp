#include "app/config.h"

#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"

using namespace tapestry;
using app::ConfigError;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {
app::Config parsed(const std::string& text) { return app::parse_config(text, "t.toml"); }
}  // namespace

TEST_CASE("an empty configuration means the defaults") {
  const app::Config config = parsed("");
  CHECK(config.vcon.host == "recorder.example.com");
  CHECK(config.vcon.base_url == "https://recorder.example.com/media/");
  CHECK(config.recording.format == mux::Format::Opus);
  CHECK(config.recording.complexity == std::nullopt);
  CHECK(config.recording.bitrate_bps == std::nullopt);
  CHECK(config.recording.gating);
  CHECK_FALSE(config.rules.record_unsignalled);
  CHECK_FALSE(config.rules.keep_hold_audio);
  CHECK(config.rules.whisper == calls::WhisperPolicy::Separate);
  CHECK(config.rules.parties.empty());
  CHECK(config.keys.key.empty());
  CHECK_FALSE(config.keys.es256);
  CHECK(config.rules.pauses.markers.size() == pause::presets().size());
  CHECK(config.key_log.empty());
}

TEST_CASE("every key of a configuration is read") {
  const app::Config config = parsed(R"(
[recorder]
host = "tap.example.org"
[[party]]
uri = "^sip:1[0-9]{3}@"
ip = "10.1.0.0/16"
role = "agent"
name = "Alex"
uuid = "0a1b2c3d-0000-4000-8000-0123456789ab"
type = "person"
[[party]]
role = "bot"
uri = "^sip:ivr@"
[recording]
format = "flac"
gap = "silence"
beep = true
hold = "keep"
whisper = "leave-out"
complexity = 10
bitrate = 24000
gating = false
record_unsignalled = true
[media]
base_url = "https://media.example.org/calls"
[keys]
algorithm = "es256"
)");
  CHECK(config.vcon.host == "tap.example.org");
  REQUIRE(config.rules.parties.size() == 2);
  const calls::PartyRule& party = config.rules.parties[0];
  CHECK(party.uri == "^sip:1[0-9]{3}@");
  REQUIRE(party.ip);
  CHECK(party.ip->contains(*IpAddress::parse("10.1.200.3")));
  CHECK(party.role == calls::Role::Agent);
  CHECK(party.name == "Alex");
  CHECK(party.uuid == "0a1b2c3d-0000-4000-8000-0123456789ab");
  CHECK(party.type == "person");
  CHECK(config.rules.parties[1].role == calls::Role::Bot);
  CHECK_FALSE(config.rules.parties[1].ip);
  CHECK(config.recording.format == mux::Format::Flac);
  CHECK(config.rules.keep_hold_audio);
  CHECK(config.rules.whisper == calls::WhisperPolicy::LeaveOut);
  CHECK(config.recording.complexity == 10);
  CHECK(config.recording.bitrate_bps == 24'000);
  CHECK_FALSE(config.recording.gating);
  CHECK(config.rules.record_unsignalled);
  CHECK_FALSE(config.cut_pauses);
  CHECK(config.recording.beep);
  CHECK(config.vcon.base_url == "https://media.example.org/calls/");
  CHECK(config.keys.es256);
}

TEST_CASE("recordings are silent in pauses, without beeps, unless configured") {
  const app::Config config = parsed("");
  CHECK_FALSE(config.cut_pauses);
  CHECK_FALSE(config.recording.beep);
  CHECK(parsed("[recording]\ngap = \"cut\"").cut_pauses);
}

TEST_CASE("the recorder's host names the media when no base_url does") {
  CHECK(parsed("[recorder]\nhost = \"tap.example.org\"\n").vcon.base_url == "https://tap.example.org/media/");
}

TEST_CASE("an unknown key is an error with file, line, column and its name") {
  const std::string text =
      GENERATE(as<std::string>(), "\nspeed = 3\n", "[recorder]\nspeed = 3\n", "[recording]\nspeed = 3\n",
               "[media]\nspeed = 3\n", "[keys]\nspeed = 3\n", "[[party]]\nspeed = 3\n");
  CHECK_THROWS_WITH(parsed(text), StartsWith("t.toml:2:1: unknown key \"speed\""));
  CHECK_THROWS_AS(parsed(text), ConfigError);
}

TEST_CASE("a wrong type or value is an error that says what is wanted") {
  const auto [text, wanted] = GENERATE(table<std::string, std::string>({
      {"[recorder]\nhost = 1", "\"host\" must be a string"},
      {"[recorder]\nhost = \"a b\"", "\"host\" must be a host name"},
      {"recorder = 1", "\"recorder\" must be a table"},
      {"[party]\nrole = \"agent\"", "\"party\" must be written as [[party]]"},
      {"[[party]]\nip = \"10.1\"", "\"ip\" must be an address or a range"},
      {"[[party]]\nrole = \"boss\"", "\"role\" must be one of"},
      {"[[party]]\nuuid = \"12\"", "\"uuid\" must be a UUID"},
      {"[[party]]\ntype = \"cat\"", "\"type\" must be one of person, bot, organization"},
      {"[recording]\nformat = \"mp3\"", "\"format\" must be one of opus, wav, g711, flac"},
      {"[recording]\ngap = \"loud\"", "\"gap\" must be one of silence, cut"},
      {"[recording]\ngap = \"cut\"\nbeep = true", "\"beep\" needs gap = \"silence\""},
      {"[recording]\nhold = \"yes\"", "\"hold\" must be one of"},
      {"[recording]\nwhisper = \"yes\"", "\"whisper\" must be one of separate, keep, leave-out"},
      {"[recording]\ncomplexity = 11", "\"complexity\" must be a whole number from 0 to 10"},
      {"[recording]\nbitrate = \"fast\"", "\"bitrate\" must be a whole number"},
      {"[recording]\nrecord_unsignalled = 1", "must be true or false"},
      {"[media]\nbase_url = \"http://a.example/\"", "must be an https:// URL"},
      {"[media]\nbase_url = \"https://a.example/?x\"", "must be an https:// URL"},
      {"[keys]\nkey = \"k.pem\"", "needs both"},
      {"[keys]\nchain = \"k.pem\"", "\"chain\" needs"},
      {"[keys]\nalgorithm = \"none\"", "\"algorithm\" must be one of"},
      {"[keys]\nkey = \"k\"\ncertificate = \"c\"\nalgorithm = \"rs256\"", "the key itself decides"},
  }));
  CAPTURE(text);
  CHECK_THROWS_WITH(parsed(text), StartsWith("t.toml:") && Contains(wanted));
  CHECK_THROWS_AS(parsed(text), ConfigError);
}

TEST_CASE("broken TOML is an error with its place") {
  CHECK_THROWS_WITH(parsed("[recorder]\nhost = \n"), StartsWith("t.toml:2:"));
  CHECK_THROWS_AS(parsed("[[["), ConfigError);
}

TEST_CASE("key files are looked for beside the configuration") {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "c.toml", "[keys]\ncertificate = \"c.pem\"\nkey = \"/k.pem\"\n");
  const app::Config config = app::load_config(folder / "c.toml");
  CHECK(config.keys.certificate == folder / "c.pem");
  CHECK(config.keys.key == "/k.pem");
}

TEST_CASE("a configuration that cannot be read is an error") {
  CHECK_THROWS_AS(app::load_config("/nowhere/c.toml"), ConfigError);
}

TEST_CASE("a key log is named relative to the configuration's folder") {
  const std::string text = "[keylog]\nfile = \"keys.log\"\n";
  CHECK(app::parse_config(text, "t.toml", "/etc/tapestry").key_log == "/etc/tapestry/keys.log");
  CHECK(parsed("[keylog]\nfile = \"/run/keys.log\"\n").key_log == "/run/keys.log");
  CHECK_THROWS_WITH(parsed("[keylog]\n"), Contains("[keylog] needs \"file\""));
  CHECK_THROWS_WITH(parsed("[keylog]\nfile = \"\"\n"), Contains("\"file\" must name a file"));
  CHECK(parsed("[keylog]\nfile = \"k\"\nsecrets = 1000000\n").key_log_secrets == 1'000'000);
  CHECK_THROWS_WITH(parsed("[keylog]\nfile = \"k\"\nsecrets = 0\n"), Contains("must be a whole number from 1"));
  CHECK_THROWS_WITH(parsed("[keylog]\nfile = 3\n"), Contains("\"file\" must be a string"));
  CHECK_THROWS_WITH(parsed("[keylog]\npath = \"x\"\n"), Contains("unknown key \"path\" in [keylog]"));
}

TEST_CASE("a map's entries are read in order") {
  const app::Config config = parsed(R"(
[[map]]
field = "campaign"
from = "header X-Campaign"
pattern = "^(\\w+)$"
[[map]]
field = "skill"
from = "dialled"
pattern = "^sip:88"
value = "support"
)");
  REQUIRE(config.rules.fields.size() == 2);
  CHECK(config.rules.fields[0].source == calls::MapSource::Header);
  CHECK(config.rules.fields[0].name == "X-Campaign");
  CHECK(config.rules.fields[0].pattern == "^(\\w+)$");
  CHECK(config.rules.fields[1].field == calls::MapField::Skill);
  CHECK(config.rules.fields[1].value == "support");
}

TEST_CASE("what a map's entry gets wrong is said with its line") {
  const std::string good = "[[map]]\nfield = \"skill\"\nfrom = \"uui\"\npattern = \"(a)\"\n";
  CHECK_NOTHROW(parsed(good));
  CHECK_THROWS_WITH(parsed(good + "role = \"x\"\n"), StartsWith("t.toml:5:1: unknown key \"role\" in [[map]]"));
  CHECK_THROWS_WITH(parsed("[[map]]\nfield = \"role\"\n"), Contains("\"field\" must be one of campaign"));
  CHECK_THROWS_WITH(parsed("[[map]]\nfrom = \"header\"\n"), Contains("\"from\" must be one of header NAME"));
  CHECK_THROWS_WITH(parsed("[[map]]\nfield = \"skill\"\nfrom = \"uui\"\n"), Contains("[[map]] needs \"pattern\""));
  CHECK_THROWS_WITH(parsed("[[map]]\nfield = \"skill\"\nfrom = \"uui\"\npattern = \"(\"\n"),
                    StartsWith("t.toml:1:1: regular expression \"(\""));
  CHECK_THROWS_WITH(parsed("[[map]]\nfield = \"skill\"\nfrom = \"uui\"\npattern = \"a\"\n"),
                    Contains("regular expression \"a\""));
}

TEST_CASE("a credential is looked for where the service has it") {
  app::Config config = app::parse_config(
      "[keys]\ncertificate = \"signer.pem\"\nkey = \"credential:keys_signer.key\"\n[keylog]\nfile = "
      "\"credential:log\"\n",
      "t.toml", "/etc/tapestry");
  CHECK(config.keys.key == "credential:keys_signer.key");
  app::find_credentials(config, "");
  CHECK(config.keys.key == "credential:keys_signer.key");
  app::find_credentials(config, "/run/credentials/tapestry.service");
  CHECK(config.keys.certificate == "/etc/tapestry/signer.pem");
  CHECK(config.keys.key == "/run/credentials/tapestry.service/keys_signer.key");
  CHECK(config.key_log == "/run/credentials/tapestry.service/log");
}

TEST_CASE("a credential's name is no path") {
  for (const char* name : {"", "../key", "a/b", ".", ".."}) {
    const std::string text = "[keylog]\nfile = \"credential:" + std::string(name) + "\"\n";
    CHECK_THROWS_WITH(parsed(text), Contains("must be credential:NAME"));
  }
}
