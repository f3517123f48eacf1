#include "verify/lint.h"

#include <catch2/catch.hpp>

#include "linted.h"

using namespace tapestry::verify;
using nlohmann::json;

TEST_CASE("a good vCon has nothing to lint") { CHECK(lint_faults(good_vcon()).empty()); }

TEST_CASE("the uuid is of version 8") {
  CHECK(lint_with("/uuid", "019f15a6-a752-8000-8b82-041452eb905f").empty());
  for (const json& uuid :
       {json("019f15a6-a752-726f-bb82-041452eb905f"), json("019f15a6-a752-826f-cb82-041452eb905f"),
        json("019F15A6-a752-826f-bb82-041452eb905f"), json("019f15a6a752826fbb82041452eb905f"), json(""), json(5)}) {
    CHECK(tells(lint_with("/uuid", uuid), "lint: uuid"));
  }
}

TEST_CASE("dates of the vCon are in normal form") {
  CHECK(lint_with("/created_at", "2026-11-20T08:00:00.5+01:00").empty());
  CHECK(tells(lint_with("/created_at", "2026-11-20T08:00:00.000Z"), "lint: created_at"));
  CHECK(tells(lint_with("/updated_at", "2026-11-20"), "lint: updated_at"));
  CHECK(lint_without("", "updated_at").empty());
  CHECK(tells(lint_without("", "created_at"), "lint: created_at"));
}

TEST_CASE("critical is empty") {
  CHECK(lint_with("/critical", json::array()).empty());
  CHECK(tells(lint_with("/critical", {"x"}), "lint: critical"));
}

TEST_CASE("CC parameters need CC in extensions") {
  CHECK(tells(lint_with("/extensions", json::array()), "lint: extensions"));
  CHECK(tells(lint_without("", "extensions"), "lint: extensions"));
  json vcon = good_vcon();
  vcon["extensions"] = {"sip-signaling"};
  vcon["parties"][0].erase("role");
  vcon["dialog"][1].erase("skill");
  CHECK(lint_faults(vcon).empty());
  for (const char* pointer :
       {"/parties/1/contact_list", "/dialog/0/campaign", "/dialog/0/interaction_type", "/dialog/0/interaction_id"}) {
    json one = vcon;
    one[json::json_pointer(pointer)] = "x";
    CHECK(tells(lint_faults(one), "lint: extensions"));
  }
}

TEST_CASE("each party carries an identity") {
  CHECK(lint_with("/parties/0", {{"did", "x"}}).empty());
  CHECK(tells(lint_with("/parties/0", {{"type", "person"}}), "lint: parties/0"));
}

TEST_CASE("attachments point at what is there and carry json as a value") {
  CHECK(lint_with("/attachments/1/party", 2).empty());
  CHECK(tells(lint_with("/attachments/1/party", 3), "lint: attachments/1/party"));
  CHECK(lint_with("/attachments/1/dialog", 4).empty());
  CHECK(tells(lint_with("/attachments/1/dialog", 5), "lint: attachments/1/dialog"));
  CHECK(tells(lint_with("/attachments/1/start", "x"), "lint: attachments/1/start"));
  CHECK(tells(lint_with("/attachments/0/body", "{}"), "a json body is the value"));
  for (const char* name : {"start", "party", "dialog"})
    CHECK(tells(lint_without("/attachments/1", name), "lint: attachments/1"));
}

TEST_CASE("analysis points at what is there") {
  CHECK(lint_with("/analysis/0/dialog", {4}).empty());
  CHECK(tells(lint_with("/analysis/0/dialog", {5}), "lint: analysis/0/dialog"));
  CHECK(tells(lint_with("/analysis/0/attachment", 2), "lint: analysis/0/attachment"));
}

TEST_CASE("values of the wrong type do not disturb the lint") {
  for (const json& odd : {json(), json(5), json("x"), json::array({5}), json::array({json::array()}), json{{"a", 1}}}) {
    for (const char* name : {"parties", "dialog", "attachments", "analysis", "extensions", "critical"}) {
      CHECK_NOTHROW(lint_with(std::string("/") + name, odd));
    }
    CHECK_NOTHROW(lint_faults(odd));
  }
}
