#include <catch2/catch.hpp>

#include "app/config.h"

namespace tapestry::app {
namespace {

using Catch::Matchers::Contains;

const std::string kHash(64, 'a');
const std::string kTls = "certificate = \"c.pem\"\nkey = \"k.pem\"\n";

Config parse(const std::string& text) { return parse_config(text, "test", "/etc/tapestry"); }

}  // namespace

TEST_CASE("[serve] and [[token]] are read, paths relative to the file") {
  const Config config = parse("[serve]\nlisten = \"[::]:8443\"\n" + kTls +
                              "client_ca = \"ca.pem\"\nclient_role = \"read\"\nidle = 5\nconnections = 9\n"
                              "[[token]]\nname = \"player\"\nrole = \"listen\"\nsha256 = \"" +
                              kHash + "\"\n");
  REQUIRE(config.serve.listen);
  CHECK(config.serve.listen->port == 8443);
  CHECK(config.serve.certificate == "/etc/tapestry/c.pem");
  CHECK(config.serve.client_ca == "/etc/tapestry/ca.pem");
  CHECK(config.serve.client_role == web::Role::Read);
  CHECK(config.serve.limits.idle == std::chrono::seconds(5));
  CHECK(config.serve.limits.connections == 9);
  REQUIRE(config.serve.tokens.size() == 1);
  CHECK(config.serve.tokens[0].name == "player");
  CHECK(config.serve.tokens[0].sha256[0] == 0xaa);
  CHECK(parse("[serve]\nsocket = \"s\"\n").serve.socket == "/etc/tapestry/s");
  CHECK(parse("[serve]\nlisten = \"127.0.0.1:0\"\nplain_http = true\n").serve.plain_http);
}

TEST_CASE("[control] names the running service's socket, and a token may be for control") {
  CHECK(parse("").control.socket.empty());
  CHECK(parse("[control]\nsocket = \"c.sock\"\n").control.socket == "/etc/tapestry/c.sock");
  CHECK_THROWS_WITH(parse("[control]\nsocket = \"\"\n"), Contains("test:2") && Contains("Unix socket"));
  CHECK_THROWS_WITH(parse("[control]\nlisten = \"0.0.0.0:1\"\n"), Contains("[control]"));
  const Config config =
      parse("[[token]]\nname = \"desk\"\nrole = \"control\"\nsha256 = \"" + std::string(kHash) + "\"\n");
  CHECK(config.serve.tokens.at(0).role == web::Role::Control);
}

TEST_CASE("nothing is served in the clear but on loopback, and when it is asked for") {
  CHECK_THROWS_WITH(parse("[serve]\nlisten = \"127.0.0.1:80\"\n"), Contains("plain_http"));
  CHECK_THROWS_WITH(parse("[serve]\nlisten = \"0.0.0.0:80\"\nplain_http = true\n"), Contains("loopback"));
  CHECK_NOTHROW(parse("[serve]\nlisten = \"[::1]:80\"\nplain_http = true\n"));
}

TEST_CASE("contradictions in [serve] and [[token]] are errors with their place") {
  for (const std::string& text :
       {std::string("[serve]\n"), std::string("[serve]\nlisten = \"x\"\n"),
        std::string("[serve]\nlisten = \"::1:80\"\nplain_http = true\n"),
        "[serve]\nlisten = \"0.0.0.0:1\"\nsocket = \"s\"\n" + kTls,
        std::string("[serve]\nlisten = \"0.0.0.0:1\"\ncertificate = \"c\"\n"), "[serve]\nsocket = \"s\"\n" + kTls,
        std::string("[serve]\nsocket = \"s\"\nclient_ca = \"c\"\n"),
        "[serve]\nlisten = \"0.0.0.0:1\"\nclient_role = \"read\"\n" + kTls,
        std::string("[serve]\nsocket = \"s\"\nport = 1\n"), std::string("[[token]]\nname = \"a\"\nrole = \"read\"\n"),
        "[[token]]\nname = \"a\"\nrole = \"root\"\nsha256 = \"" + kHash + "\"\n",
        std::string("[[token]]\nname = \"a\"\nrole = \"read\"\nsha256 = \"abc\"\n"),
        "[[token]]\nname = \"\"\nrole = \"read\"\nsha256 = \"" + kHash + "\"\n"}) {
    INFO(text);
    CHECK_THROWS_WITH(parse(text), Contains("test:"));
  }
}

}  // namespace tapestry::app
