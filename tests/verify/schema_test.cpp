#include "verify/schema.h"

#include <catch2/catch.hpp>

#include "sealed.h"

using namespace tapestry::verify;
using nlohmann::json;

namespace {

std::vector<std::string> schema_faults(const json& vcon) {
  const auto document = Document::parse(vcon.dump());
  REQUIRE(document);
  Faults faults;
  check_schema(document->root(), faults);
  return faults.take();
}

/// The good vCon with the value at `pointer` replaced or added.
std::vector<std::string> with(const std::string& pointer, const json& value) {
  json vcon = good_vcon();
  vcon[json::json_pointer(pointer)] = value;
  return schema_faults(vcon);
}

std::vector<std::string> without(const std::string& pointer, const std::string& name) {
  json vcon = good_vcon();
  vcon[json::json_pointer(pointer)].erase(name);
  return schema_faults(vcon);
}

struct Row {
  std::string pointer;
  json accepted;
  json rejected;
};

void check_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.pointer, row.accepted.dump(), row.rejected.dump());
    CHECK(with(row.pointer, row.accepted).empty());
    CHECK(tells(with(row.pointer, row.rejected), "schema: " + row.pointer.substr(1)));
  }
}

}  // namespace

TEST_CASE("a vCon with every kind of object fits the schema") { CHECK(schema_faults(good_vcon()).empty()); }

TEST_CASE("members of the vCon have their types") {
  check_rows({{"/vcon", "0.4.0", "0.3.0"},
              {"/vcon", "0.4.0", 4},
              {"/uuid", "any", 5},
              {"/extensions", json::array(), {5}},
              {"/critical", {"x"}, "x"},
              {"/created_at", "yesterday", 5},
              {"/updated_at", "", nullptr},
              {"/subject", "", json::array()},
              {"/parties", json::array(), json::object()},
              {"/dialog", json::array(), 0},
              {"/analysis", json::array(), "x"},
              {"/attachments", json::array(), nullptr},
              {"/redacted", {{"type", "x"}}, json::array()}});
  CHECK(tells(schema_faults(json::array()), "schema: top level: not an object"));
}

TEST_CASE("members that the draft does not define are allowed") {
  for (const char* pointer : {"/x", "/parties/0/x", "/dialog/0/x", "/dialog/0/session_id/x", "/analysis/0/x",
                              "/attachments/0/x", "/redacted/x", "/dialog/0/party_history/0/x"}) {
    CAPTURE(pointer);
    CHECK(with(pointer, 5).empty());
  }
}

TEST_CASE("members of parties have their types") {
  for (const char* name :
       {"tel", "sip", "stir", "mailto", "name", "did", "validation", "gmlpos", "uuid", "type", "org", "dept"}) {
    check_rows({{std::string("/parties/0/") + name, "x", 5}});
  }
  check_rows({{"/parties/2/civicaddress", json::object(), "x"},
              {"/parties/2/civicaddress/a1", "x", 1},
              {"/parties/0", json::object(), 0}});
}

TEST_CASE("members of dialogs have their types") {
  const json unsigned_faults[] = {-1, 1.5, true, "1", nullptr};
  for (const json& bad : unsigned_faults) {
    for (const char* name :
         {"/dialog/1/originator", "/dialog/1/recording_set", "/dialog/2/transferee", "/dialog/2/transferor",
          "/dialog/2/transfer_target", "/dialog/2/original", "/dialog/2/consultation", "/dialog/2/target_dialog",
          "/attachments/0/party", "/attachments/0/dialog", "/dialog/0/party_history/0/party"}) {
      check_rows({{name, 1, bad}, {name, 1.0, bad}, {name, 1e30, bad}});
    }
  }
  check_rows({{"/dialog/0/duration", 1.5, -0.5},
              {"/dialog/0/duration", 0, "1"},
              {"/dialog/0/duration", 1, true},
              {"/dialog/0/parties", 0, -1},
              {"/dialog/0/parties", {0, {1}, nullptr}, {0, {-1}}},
              {"/dialog/0/parties", json::array(), {{nullptr}}},
              {"/dialog/0/parties", json::array(), nullptr},
              {"/dialog/0/recordings", json::array(), {-1}},
              {"/dialog/0/recordings", {1}, 1},
              {"/dialog/0/session_id", json::object(), "x"},
              {"/dialog/0/session_id", {{{"local", "a"}}}, {5}},
              {"/dialog/0/session_id", json::array({json::array({json::object()})}), {{"local", 5}}},
              {"/dialog/0/session_id", json::array({json::array()}), json::array({json::array({json::array()})})},
              {"/dialog/1/content_hash", {"a", "b"}, {"a", 5}},
              {"/dialog/1/content_hash", "a", 5},
              {"/dialog/1/url", "any", 5},
              {"/dialog/1/application", "", 5},
              {"/dialog/1/message_id", "", 5},
              {"/dialog/1/filename", "", 5},
              {"/dialog/1/mediatype", "", 5},
              {"/dialog/3/disposition", "failed", "unknown"},
              {"/dialog/4/encoding", "base64url", "base64"},
              {"/dialog/4/start", "any", 5},
              {"/dialog/4/type", "text", "chat"}});
  CHECK(tells(without("/dialog/1", "type"), "schema: dialog/1: lacks type"));
}

TEST_CASE("party_history events are known and keys have a button") {
  check_rows({{"/dialog/0/party_history", json::array(), json::object()},
              {"/dialog/0/party_history/0/event", "mute", "pause"},
              {"/dialog/0/party_history/0/time", "x", 5},
              {"/dialog/0/party_history/1/button", "#", 5}});
  for (const char* name : {"party", "time", "event", "button"}) {
    CHECK(tells(without("/dialog/0/party_history/1", name), "schema: dialog/0/party_history/1: lacks"));
  }
  CHECK(without("/dialog/0/party_history/0", "button").empty());
}

TEST_CASE("attachments and analysis have their members") {
  for (const char* name : {"start", "party", "dialog"})
    CHECK(tells(without("/attachments/1", name), "schema: attachments/1: lacks"));
  for (const char* name : {"type", "vendor"}) CHECK(tells(without("/analysis/1", name), "schema: analysis/1: lacks"));
  check_rows({{"/attachments/0/purpose", "x", 5},
              {"/attachments/0/encoding", "json", "x"},
              {"/analysis/0/dialog", {0, 1}, {-1}},
              {"/analysis/0/dialog", 0, "0"},
              {"/analysis/0/attachment", json::array(), nullptr},
              {"/analysis/0/product", "x", 5},
              {"/analysis/0/schema", "x", 5}});
}

TEST_CASE("url comes with content_hash, body with encoding and mediatype") {
  for (const char* pointer : {"/dialog/1", "/attachments/1", "/analysis/1", "/redacted"}) {
    CAPTURE(pointer);
    CHECK(tells(without(pointer, "content_hash"), "lacks content_hash"));
    CHECK(without(pointer, "url").empty());
  }
  for (const char* pointer : {"/dialog/4", "/attachments/0", "/analysis/0"}) {
    CAPTURE(pointer);
    CHECK(tells(without(pointer, "encoding"), "lacks encoding"));
    CHECK(without(pointer, "mediatype").empty() == (std::string(pointer) == "/analysis/0"));
    json vcon = good_vcon();
    json& object = vcon[json::json_pointer(pointer)];
    object["body"] = "";
    object.erase("encoding");
    object.erase("mediatype");
    CHECK(schema_faults(vcon).empty());
  }
}

TEST_CASE("each kind of dialog carries what Table 1 lets it") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> refused{
      {"/dialog/0",
       {"message_id", "recording_set", "mediatype", "filename", "body", "encoding", "url", "content_hash", "transferee",
        "transferor", "transfer_target", "original", "consultation", "target_dialog"}},
      {"/dialog/1",
       {"recordings", "transferee", "transferor", "transfer_target", "original", "consultation", "target_dialog"}},
      {"/dialog/2",
       {"parties", "originator", "session_id", "party_history", "message_id", "recordings", "recording_set",
        "mediatype", "filename", "body", "encoding", "url", "content_hash"}},
      {"/dialog/3",
       {"message_id", "recordings", "recording_set", "mediatype", "filename", "body", "encoding", "url", "content_hash",
        "transferee", "transferor", "transfer_target", "original", "consultation", "target_dialog"}},
      {"/dialog/4",
       {"recordings", "recording_set", "transferee", "transferor", "transfer_target", "original", "consultation",
        "target_dialog"}}};
  for (const auto& [pointer, names] : refused) {
    for (const std::string& name : names) {
      CAPTURE(pointer, name);
      CHECK(tells(with(pointer + "/" + name, 0), "must not carry " + name));
    }
  }
  CHECK(tells(without("/dialog/0", "recordings"), "lacks recordings"));
  CHECK(tells(without("/dialog/3", "disposition"), "lacks disposition"));
  CHECK(with("/dialog/3/message", "x").empty());
}

TEST_CASE("redacted has a type, amended a uuid or url, and only one of them is there") {
  CHECK(tells(without("/redacted", "type"), "schema: redacted: lacks type"));
  CHECK(tells(with("/amended", {{"uuid", "x"}}), "both redacted and amended"));
  json vcon = good_vcon();
  vcon.erase("redacted");
  vcon["amended"] = {{"uuid", "x"}};
  CHECK(schema_faults(vcon).empty());
  vcon["amended"] = {{"url", "https://x.example/"}, {"content_hash", "x"}};
  CHECK(schema_faults(vcon).empty());
  vcon["amended"] = json::object();
  CHECK(tells(schema_faults(vcon), "schema: amended: lacks uuid"));
}
