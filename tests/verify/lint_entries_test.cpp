#include "verify/lint_entries.h"

#include <catch2/catch.hpp>

#include "linted.h"

using namespace tapestry::verify;
using nlohmann::json;

namespace {

json with_entries(json entries, const char* purpose = "user-to-user") {
  json vcon = good_vcon();
  json attachment = vcon["attachments"][0];
  attachment["purpose"] = purpose;
  attachment["body"] = {{"entries", std::move(entries)}};
  vcon["attachments"].push_back(attachment);
  return vcon;
}

json entry(const char* time, const char* value) { return {{"time", time}, {"value", value}}; }

}  // namespace

TEST_CASE("entries have a time, in order, and there is one at least") {
  const json first = entry("2026-11-20T08:00:00Z", "01");
  const json second = entry("2026-11-20T08:00:01Z", "02");
  CHECK(lint_faults(with_entries({first, first, second})).empty());
  CHECK(tells(lint_faults(with_entries({second, first})), "not in order of time"));
  CHECK(tells(lint_faults(with_entries(json::array({entry("08:00", "01")}), "call-control")), "entries"));
  CHECK(tells(lint_faults(with_entries(json::array(), "redirection-history")), "has no entries"));
  CHECK(lint_faults(with_entries(json::array(), "other")).empty());
}

TEST_CASE("no entry holds what may be a card's number") {
  CHECK(tells(lint_faults(with_entries(json::array({entry("2026-11-20T08:00:00Z", "4111 1111 1111 1111")}))),
              "card's number"));
  CHECK(lint_faults(with_entries(json::array({entry("2026-11-20T08:00:00Z", "XXXX XXXX XXXX XXXX")}))).empty());
}
