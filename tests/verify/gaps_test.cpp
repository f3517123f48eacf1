#include "verify/gaps.h"

#include <catch2/catch.hpp>

#include "sealed.h"

using namespace tapestry::verify;
using nlohmann::json;

namespace {

struct Found {
  Silences silences;
  std::vector<std::string> faults;
};

Found gaps_of(const json& vcon) {
  const auto document = Document::parse(vcon.dump());
  REQUIRE(document);
  Faults faults;
  Silences silences = check_gaps(document->root(), faults);
  return {std::move(silences), faults.take()};
}

Found with(const std::string& pointer, const json& value) {
  json vcon = good_vcon();
  vcon[json::json_pointer(pointer)] = value;
  return gaps_of(vcon);
}

const std::string kGap = "/attachments/0/body/gaps/0/";

}  // namespace

TEST_CASE("a pci gap gives the stretch that must be silent") {
  const auto [silences, faults] = gaps_of(good_vcon());
  CHECK(faults.empty());
  REQUIRE(silences.size() == 1);
  REQUIRE(silences.at(1).size() == 1);
  CHECK(silences.at(1)[0].from == 20.0);
  CHECK(silences.at(1)[0].to == 30.25);
}

TEST_CASE("a gap lies in its dialog") {
  CHECK(with(kGap + "end", "2026-11-20T08:01:00.05Z").faults.empty());
  CHECK(tells(with(kGap + "end", "2026-11-20T08:01:00.06Z").faults, "is not inside the dialog"));
  CHECK(with("/attachments/0/body/gaps/1/start", "2026-11-20T07:59:59.96Z").faults.empty());
  CHECK(tells(with("/attachments/0/body/gaps/1/start", "2026-11-20T07:59:59.94Z").faults, "is not inside the dialog"));
  CHECK(tells(with("/attachments/0/body/gaps/1/end", "2026-11-20T08:00:39Z").faults, "is not inside the dialog"));
  CHECK(tells(with("/dialog/1/duration", 30).faults, "is not inside the dialog"));
}

TEST_CASE("a gap has start and end, its dialog a start") {
  CHECK(tells(with(kGap + "start", "x").faults, "a gap needs"));
  CHECK(tells(with(kGap + "end", nullptr).faults, "a gap needs"));
  CHECK(tells(with("/dialog/1/start", 5).faults, "a gap needs"));
  CHECK(tells(with("/attachments/0/dialog", 2).faults, "a gap needs"));
  CHECK(tells(with("/attachments/0/body/gaps", {5}).faults, "a gap needs"));
  CHECK(tells(with("/attachments/0/body/gaps", 5).faults, "body has no list of gaps"));
  CHECK(tells(with("/attachments/0/body", nullptr).faults, "body has no list of gaps"));
  CHECK(with("/attachments/0/purpose", "other").silences.empty());
}

TEST_CASE("a pci gap needs redacted.type PCI") {
  CHECK(tells(with("/redacted/type", "PII").faults, "without redacted.type PCI"));
  CHECK(tells(with("/redacted", nullptr).faults, "without redacted.type PCI"));
  json vcon = good_vcon();
  vcon["redacted"]["type"] = "PII";
  vcon["attachments"][0]["body"]["gaps"][0]["reason"] = "loss";
  CHECK(gaps_of(vcon).faults.empty());
}

TEST_CASE("no key event of any dialog lies inside a pci gap") {
  const std::string time = "/dialog/0/party_history/1/time";
  CHECK(with(time, "2026-11-20T08:00:19.999Z").faults.empty());
  CHECK(tells(with(time, "2026-11-20T08:00:20Z").faults, "a key event inside a pci gap"));
  CHECK(tells(with(time, "2026-11-20T08:00:30.25Z").faults, "a key event inside a pci gap"));
  CHECK(with(time, "2026-11-20T08:00:30.251Z").faults.empty());
  CHECK(with(time, "2026-11-20T08:00:40.5Z").faults.empty());
}

TEST_CASE("a policy gap is silent and without keys, too") {
  json vcon = good_vcon();
  vcon["attachments"][0]["body"]["gaps"][0]["reason"] = "policy";
  vcon["redacted"]["type"] = "policy";
  CHECK(gaps_of(vcon).faults.empty());
  CHECK(gaps_of(vcon).silences.at(1).size() == 1);
  vcon["dialog"][0]["party_history"][1]["time"] = "2026-11-20T08:00:20Z";
  CHECK(tells(gaps_of(vcon).faults, "a key event inside a policy gap"));
}
