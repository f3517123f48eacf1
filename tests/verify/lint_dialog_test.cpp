#include "verify/lint_dialog.h"

#include <catch2/catch.hpp>

#include "linted.h"

using namespace tapestry::verify;
using nlohmann::json;

TEST_CASE("a dialog that is no transfer has a start in normal form") {
  CHECK(lint_with("/dialog/4/start", "2026-11-20T08:03:00Z").empty());
  CHECK(tells(lint_with("/dialog/4/start", "2026-11-20T08:03:00.0Z"), "lint: dialog/4/start"));
  CHECK(tells(lint_without("/dialog/4", "start"), "lint: dialog/4/start"));
}

TEST_CASE("a transfer names parties and dialogs that are there, and no duration") {
  for (const char* name : {"transferee", "transferor", "original", "target_dialog"}) {
    CHECK(tells(lint_without("/dialog/2", name), std::string("lint: dialog/2/") + name));
  }
  for (const char* name : {"transfer_target", "consultation"}) CHECK(lint_without("/dialog/2", name).empty());
  for (const char* name : {"transferee", "transferor", "transfer_target"}) {
    CHECK(lint_with(std::string("/dialog/2/") + name, 2).empty());
    CHECK(tells(lint_with(std::string("/dialog/2/") + name, 3), "index 3 out of range"));
  }
  for (const char* name : {"original", "target_dialog", "consultation"}) {
    CHECK(lint_with(std::string("/dialog/2/") + name, 4).empty());
    CHECK(tells(lint_with(std::string("/dialog/2/") + name, 5), "index 5 out of range"));
    CHECK(tells(lint_with(std::string("/dialog/2/") + name, 1.0), "not an index"));
  }
  CHECK(tells(lint_with("/dialog/2/duration", 5), "must not carry duration"));
}

TEST_CASE("a dialog's indices point at what is there") {
  for (const json& parties : {json(2), json{0, {1, 2}, nullptr}, json::array()})
    CHECK(lint_with("/dialog/1/parties", parties).empty());
  for (const json& parties : {json(3), json{0, 3}, json{0, {1, 3}}, json{1.0}}) {
    CHECK(tells(lint_with("/dialog/1/parties", parties), "lint: dialog/1/parties"));
  }
  CHECK(tells(lint_with("/dialog/1/originator", 3), "lint: dialog/1/originator"));
  CHECK(tells(lint_with("/dialog/1/recording_set", 5), "lint: dialog/1/recording_set"));
  CHECK(tells(lint_with("/dialog/0/recordings", {5}), "lint: dialog/0/recordings"));
}

TEST_CASE("external content is https with a SHA-512") {
  CHECK(lint_with("/dialog/1/url", "HTTPS://rec.example.com/x").empty());
  for (const char* url : {"http://rec.example.com/x", "file:///x", "x", "", "https:/x", "https://"}) {
    CHECK(tells(lint_with("/dialog/1/url", url), "url is not https"));
  }
  const std::string token = good_vcon()["dialog"][1]["content_hash"];
  CHECK(lint_with("/dialog/1/content_hash", {token, token}).empty());
  for (const std::string& bad :
       {std::string(), token.substr(1), token + "A", "sha256-" + token.substr(7), token.substr(0, 92) + "="}) {
    CHECK(tells(lint_with("/dialog/1/content_hash", bad), "content_hash token"));
    CHECK(tells(lint_with("/dialog/1/content_hash", {token, bad}), "content_hash token"));
  }
  CHECK(tells(lint_without("/dialog/1", "url"), "come together"));
  CHECK(tells(lint_without("/dialog/1", "content_hash"), "come together"));
  CHECK(tells(lint_with("/dialog/1/body", "x"), "both body and url"));
}

TEST_CASE("party_history is in order, in the dialog and about parties that are there") {
  const std::string at = "/dialog/0/party_history/";
  CHECK(lint_with(at + "1/time", "2026-11-20T08:00:00Z").empty());
  CHECK(tells(lint_with(at + "1/time", "2026-11-20T07:59:59.5Z"), "not in order of time"));
  CHECK(lint_with(at + "0/time", "2026-11-20T07:59:59Z").empty());
  CHECK(tells(lint_with(at + "0/time", "2026-11-20T07:59:58.9Z"), "'join' outside the dialog"));
  CHECK(lint_with(at + "2/time", "2026-11-20T08:01:01Z").empty());
  CHECK(tells(lint_with(at + "2/time", "2026-11-20T08:01:01.1Z"), "'drop' outside the dialog"));
  CHECK(tells(lint_with(at + "2/time", "soon"), "lint: dialog/0/party_history/2: not an RFC 3339"));
  CHECK(tells(lint_with(at + "0/party", 3), "index 3 out of range"));
  CHECK(lint_without("/dialog/0", "duration").empty());
}

TEST_CASE("keys that are pressed and released are events like others") {
  for (const char* button : {"0", "9", "*", "#", "A", "D"}) {
    CHECK(lint_with("/dialog/0/party_history/1/button", button).empty());
  }
  CHECK(lint_with("/dialog/0/party_history/1/event", "keyup").empty());
}
