#include "app/cli_records.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <sstream>

#include "app/cli.h"
#include "tests/app/kept_conversations.h"
#include "vconout/signer.h"

namespace tapestry {
namespace {

namespace fs = std::filesystem;

/// A variable of the environment for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

/// Exit status, and what was printed.
std::pair<int, std::string> run(std::vector<std::string> words) {
  words.insert(words.begin(), "tapestry");
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::ostringstream out;
  const int status = app::run_program(static_cast<int>(argv.size()), argv.data(), out, out);
  return {status, out.str()};
}

/// The recorder's keys where systemd puts credentials, and a configuration that names them so, as the package's does.
fs::path with_credentials(const testing::KeptConversations& kept) {
  const vconout::KeyFiles files = vconout::key_files(kept.out() / "keys");
  const fs::path folder = kept.folder() / "credentials";
  fs::create_directories(folder);
  fs::rename(files.key, folder / "keys_signer.key");
  fs::rename(files.certificate, folder / "keys_signer.pem");
  testing::write_file(kept.folder() / "c.toml",
                      "[keys]\ncertificate = \"credential:keys_signer.pem\"\nkey = \"credential:keys_signer.key\"\n"
                      "[[retention]]\ndays = 30\n");
  return folder;
}

}  // namespace

TEST_CASE("a sweep and a deletion find the keys that are credentials") {
  const testing::KeptConversations kept;
  const auto [earlier, later, other] = kept.chain();
  const Variable clock("SOURCE_DATE_EPOCH", "1793318400");  // 2026-10-30
  const Variable credentials("CREDENTIALS_DIRECTORY", with_credentials(kept).string());
  const std::vector<std::string> where = {"--config", kept.folder() / "c.toml", "--out", kept.out()};
  const auto command = [&](std::vector<std::string> words) {
    words.insert(words.end(), where.begin(), where.end());
    return run(words);
  };
  const auto [deleted, told] = command({"delete", other, "--reason", "asked for"});
  INFO(told);
  CHECK(deleted == 0);
  CHECK(kept.uuids().size() == 2);
  const auto [swept, table] = command({"retain"});
  INFO(table);
  CHECK(swept == 0);
  CHECK(kept.uuids().empty());
  CHECK(kept.files("tombstones").size() == 3);
}

TEST_CASE("without a credentials folder a key that is a credential is a fault with its name") {
  const testing::KeptConversations kept;
  (void)with_credentials(kept);
  const Variable clock("SOURCE_DATE_EPOCH", "1793318400");
  const auto [status, told] = run({"retain", "--config", kept.folder() / "c.toml", "--out", kept.out()});
  CHECK(status == 1);
  CHECK_THAT(told, Catch::Contains("credential:keys_signer"));
  CHECK(kept.uuids().size() == 3);
}

}  // namespace tapestry
