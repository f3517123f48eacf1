// With SoftHSM2, a token in software; its files lie in a folder of the test's.
#include "spool/token_key.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "spool/cipher.h"
#include "tests/app/temporary_folder.h"

using namespace tapestry;
using namespace tapestry::spool;
using Catch::Matchers::Contains;
using testing::TemporaryFolder;

namespace {

constexpr const char* kModule = "/usr/lib/softhsm/libsofthsm2.so";
const std::string kPin = "4711";

bool run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

/// A token with a key pair `spool`.
struct Token {
  Token() {
    std::filesystem::create_directories(folder / "tokens");
    testing::write_file(folder / "softhsm2.conf", "directories.tokendir = " + (folder / "tokens").string() + "\n");
    testing::write_file(folder / "pin", kPin + "\n");
    ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
    const std::string key = (folder / "key.pem").string();
    made = std::filesystem::exists(kModule) &&
           run("softhsm2-util --init-token --free --label tap --pin " + kPin + " --so-pin 12345678") &&
           run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + key) &&
           run("softhsm2-util --import " + key + " --token tap --label spool --id 01 --pin " + kPin);
    if (!made) WARN("skipped: softhsm2 makes no token here");
  }
  ~Token() { ::unsetenv("SOFTHSM2_CONF"); }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  [[nodiscard]] std::string uri(const std::string& object = "spool", const std::string& pin = "pin") const {
    return "pkcs11:token=tap;object=" + object + "?module-path=" + kModule + "&pin-source=" + (folder / pin).string();
  }
  TemporaryFolder folder;
  bool made = false;
};

}  // namespace

TEST_CASE("A token wraps a key that is made at first, and opens it again") {
  const Token token;
  if (!token.made) return;
  const Secret key = open_token_key(token.uri(), token.folder / "wrapped");
  CHECK(key.bytes().size() == kKeyBytes);
  const bool same = open_token_key(token.uri(), token.folder / "wrapped") == key;
  CHECK(same);
  const std::string wrapped = testing::read_file(token.folder / "wrapped");
  CHECK(wrapped.size() == 256);
  const bool clear = wrapped.find(as_text(key.bytes())) != std::string::npos;
  CHECK_FALSE(clear);
  const bool other = open_token_key(token.uri(), token.folder / "other") == key;
  CHECK_FALSE(other);
}

TEST_CASE("What a token refuses is told, without the PIN") {
  const Token token;
  if (!token.made) return;
  (void)open_token_key(token.uri(), token.folder / "wrapped");
  testing::write_file(token.folder / "wrong", "9999");
  testing::write_file(token.folder / "none", "");
  CHECK_THROWS_WITH(open_token_key(token.uri("spool", "wrong"), token.folder / "wrapped"),
                    Contains("refuses the PIN") && !Contains("9999"));
  CHECK_THROWS_WITH(open_token_key(token.uri("spool", "none"), token.folder / "wrapped"),
                    Contains("PIN cannot be read"));
  CHECK_THROWS_WITH(open_token_key(token.uri("else"), token.folder / "wrapped"), Contains("no such key"));
  testing::write_file(token.folder / "damaged", std::string(256, 'x'));
  CHECK_THROWS_WITH(open_token_key(token.uri(), token.folder / "damaged"), Contains("does not unwrap"));
  testing::write_file(token.folder / "empty", "");
  CHECK_THROWS_WITH(open_token_key(token.uri(), token.folder / "empty"), Contains("holds none"));
}

TEST_CASE("A token's name that cannot be used is told") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(open_token_key("pkcs11:no;uri", folder / "w"), Contains("RFC 7512"));
  CHECK_THROWS_WITH(open_token_key("pkcs11:token=tap", folder / "w"), Contains("no module-path"));
  CHECK_THROWS_WITH(open_token_key("pkcs11:token=tap?module-path=/none.so", folder / "w"),
                    Contains("cannot be loaded"));
}
