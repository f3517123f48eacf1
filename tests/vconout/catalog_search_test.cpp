#include "vconout/catalog_search.h"

#include <catch2/catch.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {
namespace {

CatalogRow row(int n) {
  const std::string number = std::to_string(n);
  CatalogRow row{.uuid = "u" + number,
                 .fingerprint = "f" + number,
                 .vcon_path = "vcon/2026/11/20/u.vcon",
                 .start = "2026-11-20T08:0" + number + ":00Z",
                 .duration = 60.0 * n,
                 .parties = {},
                 .agents = "sip:100" + number + "@agents.example.com",
                 .disposition = "answered",
                 .recordings = 1,
                 .gaps = 0};
  CatalogFacts facts;
  facts.parties.push_back({.uri = "sip:100" + number + "@agents.example.com", .role = "agent"});
  facts.parties.push_back({.uri = "tel:+1555010" + number, .role = "customer"});
  facts.keys = {{"call-id", "call_" + number + "@host"}, {"session-id", "abcdef0" + number}};
  facts.labels = {{"queue", "sip:sales@queue.example.com"}, {"campaign", "spring"}};
  if (n == 2)
    facts.gaps = {{.reason = "pci", .count = 2, .seconds = 4.5}, {.reason = "hold", .count = 1, .seconds = 1}};
  row.facts = facts;
  return row;
}

/// The catalog of rows 1 to 5.
class Filled {
 public:
  Filled() {
    Catalog catalog(file());
    for (int n = 1; n <= 5; ++n) {
      const CatalogRow one = row(n);
      catalog.add({&one, 1});
    }
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "catalog.sqlite"; }
  [[nodiscard]] std::string found(const CatalogQuery& query) const {
    std::string all;
    const bool more = search(file(), query, [&](const FoundConversation& one) { all += one.row.row.uuid; });
    return all + (more ? "+" : "");
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a search gives what all conditions hold for, the newest first") {
  const Filled catalog;
  CHECK(catalog.found({}) == "u5u4u3u2u1");
  CHECK(catalog.found({.limit = 2}) == "u5u4+");
  CHECK(catalog.found({.limit = 5}) == "u5u4u3u2u1");
  CHECK(catalog.found({.from = at("2026-11-20T08:02:00Z"), .to = at("2026-11-20T08:04:00Z")}) == "u3u2");
  CHECK(catalog.found({.at_least = std::chrono::minutes(2), .at_most = std::chrono::minutes(3)}) == "u3u2");
  CHECK(catalog.found({.gap = "pci"}) == "u2");
  CHECK(catalog.found({.gap = "loss"}).empty());
  CHECK(catalog.found({.key = "CALL_3@host"}) == "u3");
  CHECK(catalog.found({.key = "abcdef*"}) == "u5u4u3u2u1");
  CHECK(catalog.found({.key = "u4"}) == "u4");
  CHECK(catalog.found({.queue = "sales@queue.example.com"}) == "u5u4u3u2u1");
  CHECK(catalog.found({.queue = "support"}).empty());
  CHECK(catalog.found({.party = "+15550103", .agent = "1003"}) == "u3");
  CHECK(catalog.found({.party = "+15550103", .agent = "1004"}).empty());
}

TEST_CASE("addresses are found with and without scheme and host, in either case, and by patterns") {
  const Filled catalog;
  for (const char* name : {"1002", "1002@agents.example.com", "sip:1002@Agents.Example.COM", "sip:1002@*", "*1002*"}) {
    INFO(name);
    CHECK(catalog.found({.agent = name}) == "u2");
  }
  CHECK(catalog.found({.agent = "100"}).empty());
  CHECK(catalog.found({.agent = "100*"}) == "u5u4u3u2u1");
  // Who was not recorded is no agent, and what SQL has for patterns is none of ours.
  CHECK(catalog.found({.agent = "+1555*"}).empty());
  CHECK(catalog.found({.party = "100_"}).empty());
  CHECK(catalog.found({.party = "100%"}).empty());
  CHECK(catalog.found({.party = "'; DROP TABLE parties; --"}).empty());
  CHECK(catalog.found({}) == "u5u4u3u2u1");
}

TEST_CASE("what was found has all that the tables tell") {
  const Filled catalog;
  (void)search(catalog.file(), {.gap = "pci"}, [](const FoundConversation& one) {
    CHECK(one.facts.gaps == row(2).facts->gaps);
    CHECK(one.facts.keys == row(2).facts->keys);
    CHECK(one.facts.labels == row(2).facts->labels);
    REQUIRE(one.facts.parties.size() == 2);
    CHECK(one.facts.parties[0].recorded);
    CHECK_FALSE(one.facts.parties[1].recorded);
  });
}

TEST_CASE("a pattern's stars stand for any text") {
  CHECK(matches("a*c*e", "abcde"));
  CHECK(matches("*", ""));
  CHECK(matches("", ""));
  CHECK(matches("A*", "abc"));
  CHECK(matches("*b*b*", "abab"));
  CHECK_FALSE(matches("a", "ab"));
  CHECK_FALSE(matches("*b", "abc"));
  CHECK_FALSE(matches("", "a"));
  CHECK_FALSE(matches("a?", "ab"));
}

TEST_CASE("facts are read from a vCon, whatever it holds") {
  const CatalogFacts facts = facts_of(cut_scene().build());
  REQUIRE(facts.parties.size() == 2);
  CHECK(facts.parties[1].role == "agent");
  const auto has = [](const auto& list, const NamedFact& one) { return std::ranges::find(list, one) != list.end(); };
  CHECK(has(facts.labels, {"mark", "paused"}));
  CHECK(std::ranges::find(facts.gaps, "pci", &GapFact::reason) != facts.gaps.end());
  CHECK(facts.amends.empty());
  for (const char* odd :
       {"", "[]", "{\"parties\":1}", "{\"parties\":[1,{\"sip\":2}],\"dialog\":{},\"attachments\":[[]]}",
        "{\"amended\":{\"uuid\":\"../x\"}}",
        "{\"attachments\":[{\"purpose\":\"recording-gaps\",\"body\":{\"gaps\":[1,{\"reason\":2}]}}]}"}) {
    const CatalogFacts none = facts_of(odd);
    CHECK((none.parties.empty() && none.keys.empty() && none.gaps.empty() && none.amends.empty()));
  }
  const CatalogFacts chain =
      facts_of(R"({"attachments":[{"purpose":"amended-vcon","body":{"uuid":"019f15a6-a752-826f-bb82-041452eb9051"}},)"
               R"({"purpose":"amended-vcon","body":{"uuid":"019f15a6-a752-826f-bb82-041452eb9052"}}]})");
  CHECK(chain.amends == "019f15a6-a752-826f-bb82-041452eb9052");
}

}  // namespace tapestry::vconout::test
