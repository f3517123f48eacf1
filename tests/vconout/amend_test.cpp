#include "vconout/amend.h"

#include <catch2/catch.hpp>

#include "vconout/json.h"

namespace tapestry::vconout {
namespace {

constexpr const char* kEarlier = R"({"uuid":"one","created_at":"2026-01-01T00:00:00Z",
  "parties":[{"sip":"sip:c@x"},{"sip":"sip:1@x"},{"name":"recorder"}],
  "dialog":[{"type":"recording","parties":[0,1],"party_history":[{"party":1,"event":"join"}]}],
  "attachments":[{"purpose":"call-signalling","party":2,"dialog":0}]})";
constexpr const char* kLater = R"({"uuid":"two","created_at":"2026-01-02T00:00:00Z",
  "parties":[{"sip":"sip:c@x"},{"sip":"sip:2@x"},{"name":"recorder"}],
  "dialog":[{"type":"recording","parties":[[0,2],1],"originator":0,"party_history":[{"party":1,"event":"join"}]},
            {"type":"transfer","transferee":0,"transferor":1,"transfer_target":1,"original":0,"target_dialog":0}],
  "analysis":[{"dialog":0}],
  "attachments":[{"purpose":"recording-gaps","party":2,"dialog":1}]})";

}  // namespace

TEST_CASE("an amended vCon has all of the earlier one and what came later, with indexes that fit") {
  const Json whole = Json::parse(amend(kEarlier, kLater));
  CHECK(whole["uuid"] == "two");
  CHECK(whole["created_at"] == "2026-01-02T00:00:00Z");
  CHECK(whole["amended"] == Json{{"uuid", "one"}});
  CHECK(whole["parties"].size() == 4);
  CHECK(whole["parties"][3] == Json{{"sip", "sip:2@x"}});
  REQUIRE(whole["dialog"].size() == 3);
  CHECK(whole["dialog"][0]["parties"] == Json{0, 1});
  CHECK(whole["dialog"][1]["parties"] == Json{Json{0, 2}, 3});
  CHECK(whole["dialog"][1]["party_history"][0]["party"] == 3);
  CHECK(whole["dialog"][2]["transferor"] == 3);
  CHECK(whole["dialog"][2]["original"] == 1);
  CHECK(whole["dialog"][2]["target_dialog"] == 1);
  CHECK(whole["analysis"][0]["dialog"] == 1);
  REQUIRE(whole["attachments"].size() == 2);
  CHECK(whole["attachments"][1]["dialog"] == 2);
  CHECK(whole["attachments"][1]["party"] == 2);
}

TEST_CASE("a redacted vCon stays redacted and is not called amended") {
  Json earlier = Json::parse(kEarlier);
  earlier["redacted"] = {{"type", "PCI"}};
  const Json whole = Json::parse(amend(earlier.dump(), kLater));
  CHECK(whole.contains("redacted"));
  CHECK_FALSE(whole.contains("amended"));
  CHECK(whole["dialog"].size() == 3);
  const Json named = whole["attachments"].back();
  CHECK(named["purpose"] == "amended-vcon");
  CHECK(named["party"] == 2);
  CHECK(named["body"] == Json{{"uuid", "one"}});
}

TEST_CASE("a pause for card data is told of the whole, whatever a later one was for") {
  Json earlier = Json::parse(kEarlier);
  Json later = Json::parse(kLater);
  earlier["redacted"] = {{"type", "PCI"}};
  later["redacted"] = {{"type", "policy"}};
  CHECK(Json::parse(amend(earlier.dump(), later.dump()))["redacted"]["type"] == "PCI");
  CHECK(Json::parse(amend(later.dump(), earlier.dump()))["redacted"]["type"] == "PCI");
}

TEST_CASE("a recording that is cut keeps its members when it amends another conversation") {
  Json later = Json::parse(kLater);
  later["dialog"] = Json::parse(R"([{"type":"recording-set","parties":[0,1],"recordings":[1,2]},
    {"type":"recording","recording_set":0},{"type":"recording","recording_set":0}])");
  later["attachments"] = Json::parse(R"([{"purpose":"recording-gaps","party":2,"dialog":0,
      "body":{"gaps":[{"reason":"pci","recording":2,"channels":[0,1]}]}},
    {"purpose":"recording-gap","party":2,"dialog":2,"body":{"before":1,"parties":[0,1]}}])");
  const Json whole = Json::parse(amend(kEarlier, later.dump()));
  CHECK(whole["dialog"][1]["recordings"] == Json{2, 3});
  CHECK(whole["dialog"][3]["recording_set"] == 1);
  CHECK(whole["attachments"][1]["body"]["gaps"][0]["recording"] == 3);
  CHECK(whole["attachments"][1]["body"]["gaps"][0]["channels"] == Json{0, 1});
  CHECK(whole["attachments"][2]["dialog"] == 3);
  CHECK(whole["attachments"][2]["body"]["before"] == 2);
  CHECK(whole["attachments"][2]["body"]["parties"] == Json{0, 3});
}

TEST_CASE("what amends no vCon stays as it is") {
  CHECK(amend("{}", kLater) == kLater);
  CHECK(amend("no JSON", kLater) == kLater);
}

}  // namespace tapestry::vconout
