// Conversations whose signalling is encrypted, from captures that others made and their key logs.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "app/replay.h"
#include "tests/app/temporary_folder.h"

using namespace tapestry;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

const fs::path kCaptures = fs::path(TAPESTRY_SHARED) / "captures/srtp";

bool has_captures() {
  if (fs::exists(kCaptures)) return true;
  WARN("the shared captures are not here");
  return false;
}

struct Outcome {
  int status = 0;
  Json report;
};

Outcome replayed(const std::string& name, const fs::path& key_log, const fs::path& out) {
  app::ReplaySettings settings;
  settings.captures = {kCaptures / (name + ".pcap")};
  settings.out = out;
  settings.config = app::parse_config("[keys]\nalgorithm = \"es256\"\n", "test");
  settings.config.key_log = key_log;
  settings.finishers = 1;
  std::ostringstream text;
  std::ostringstream err;
  const int status = app::replay_and_print(settings, true, text, err);
  INFO(err.str());
  return {status, Json::parse(text.str())};
}

/// All that a replay wrote, whatever the file.
std::string everything_below(const fs::path& folder) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) all += testing::read_file(entry.path());
  }
  return all;
}

/// Whether a secret of the key log, as text or as bytes, is in what was written or reported.
bool tells_a_secret(const fs::path& key_log, const std::string& written) {
  std::istringstream lines(testing::read_file(key_log));
  std::string label;
  std::string random;
  std::string secret;
  while (lines >> label >> random >> secret) {
    std::string bytes;
    for (std::size_t n = 0; n + 1 < secret.size(); n += 2) {
      bytes += static_cast<char>(std::stoi(secret.substr(n, 2), nullptr, 16));
    }
    if (written.find(secret) != std::string::npos || written.find(bytes) != std::string::npos) return true;
  }
  return secret.empty();
}

std::multiset<std::string> reasons(const Json& dialog) {
  std::multiset<std::string> found;
  for (const Json& gap : dialog["gaps"]) found.insert(gap["reason"].get<std::string>());
  return found;
}

}  // namespace

TEST_CASE("SIP over TLS becomes a conversation when its keys are there") {
  if (!has_captures()) return;
  const testing::TemporaryFolder folder;
  const Outcome with = replayed("gen_tls_sdes", kCaptures / "gen_tls_sdes.keylog", folder / "with");
  CHECK(with.status == 0);
  REQUIRE(with.report["conversations"].size() == 1);
  const Json& conversation = with.report["conversations"][0];
  CHECK(conversation["call_ids"] == Json{"7faa101ac2368374"});
  CHECK(conversation["dialogs"][0]["start"] == "2026-11-20T09:36:46.810322Z");
  CHECK(conversation["dialogs"][0]["codecs"] == Json{"PCMU"});
  CHECK(with.report["counters"]["sip.messages_over_tls"] == 6);
  CHECK(with.report["counters"]["tls.opened"] == 1);
  const std::string written = everything_below(folder / "with") + with.report.dump();
  const bool told = tells_a_secret(kCaptures / "gen_tls_sdes.keylog", written);
  CHECK_FALSE(told);
  CHECK(written.find("a=crypto") == std::string::npos);
  CHECK(written.find("inline:") == std::string::npos);

  testing::write_file(folder / "empty.log", "# nothing yet\n");
  const Outcome without = replayed("gen_tls_sdes", folder / "empty.log", folder / "without");
  CHECK(without.status == 0);
  CHECK(without.report["conversations"].empty());
  CHECK(without.report["counters"]["tls.no_key"] == 1);
}

TEST_CASE("DTLS-SRTP is heard when the key log has its handshakes, and is a gap that says so when it has not") {
  if (!has_captures()) return;
  const testing::TemporaryFolder folder;
  const Outcome with = replayed("gen_dtls_srtp_pcma", kCaptures / "gen_dtls_srtp_pcma.keylog", folder / "with");
  CHECK(with.status == 0);
  CHECK(with.report["counters"]["dtls.handshakes"] == 2);
  CHECK(with.report["counters"]["dtls.keyed"] == 2);
  REQUIRE(with.report["conversations"].size() == 1);
  const Json dialog = with.report["conversations"][0]["dialogs"][0];
  CHECK(dialog["codecs"] == Json{"PCMA"});
  CHECK(reasons(dialog).count("undecryptable") == 0);
  const std::string written = everything_below(folder / "with") + with.report.dump();
  const bool told = tells_a_secret(kCaptures / "gen_dtls_srtp_pcma.keylog", written);
  CHECK_FALSE(told);

  testing::write_file(folder / "empty.log", "");
  const Outcome without = replayed("gen_dtls_srtp_pcma", folder / "empty.log", folder / "without");
  CHECK(without.status == 0);
  CHECK(without.report["counters"]["dtls.no_key"] == 2);
  const Json mute = without.report["conversations"][0]["dialogs"][0];
  CHECK(mute["codecs"].empty());
  CHECK(reasons(mute).count("undecryptable") == 2);
  for (const Json& gap : mute["gaps"]) {
    if (gap["reason"] == "undecryptable") CHECK(gap["detail"] == "DTLS-SRTP");
  }
}

TEST_CASE("a key log that is not there is an error of the configuration") {
  if (!has_captures()) return;
  const testing::TemporaryFolder folder;
  CHECK_THROWS_AS(replayed("gen_tls_sdes", folder / "none.log", folder / "out"), app::ConfigError);
  CHECK_THROWS_WITH(replayed("gen_tls_sdes", folder / "none.log", folder / "out"),
                    Contains("none.log: the key log cannot be read: No such file"));
}
