#include "vconout/catalog_facts.h"

#include <algorithm>
#include <set>

#include "vconout/json.h"
#include "vconout/uuid.h"

namespace tapestry::vconout {
namespace {

/// The member, or null, which has no members.
const Json& member(const Json& object, const char* name) {
  static const Json kNull;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : kNull;
}

std::string text(const Json& object, const char* name) {
  const Json& value = member(object, name);
  if (!value.is_string()) return {};
  return value.get_ref<const std::string&>().substr(0, kMostFactText);
}

/// The elements; those of anything but an array are none.
const Json& list(const Json& object, const char* name) {
  static const Json kEmpty = Json::array();
  const Json& value = member(object, name);
  return value.is_array() ? value : kEmpty;
}

class Collected {
 public:
  void add(std::string kind, std::string value) {
    if (!value.empty() && all_.size() < kMostFacts) all_.insert({std::move(kind), std::move(value)});
  }
  [[nodiscard]] std::vector<NamedFact> take() const { return {all_.begin(), all_.end()}; }

 private:
  std::set<NamedFact> all_;
};

void read_parties(const Json& vcon, CatalogFacts& facts) {
  for (const Json& party : list(vcon, "parties")) {
    PartyFact fact;
    for (const char* name : {"sip", "tel", "mailto"}) {
      if (fact.uri.empty()) fact.uri = text(party, name);
    }
    fact.role = text(party, "role");
    if (fact.role == "recorder" || (fact.uri.empty() && fact.role.empty())) continue;
    if (std::ranges::find(facts.parties, fact) == facts.parties.end() && facts.parties.size() < kMostFacts)
      facts.parties.push_back(std::move(fact));
  }
}

void read_sessions(const Json& sessions, Collected& keys) {
  if (sessions.is_array()) {
    for (const Json& one : sessions) read_sessions(one, keys);
    return;
  }
  for (const char* end : {"local", "remote"}) {
    if (const std::string id = text(sessions, end); id.find_first_not_of('0') != std::string::npos)
      keys.add("session-id", id);
  }
}

void read_dialogs(const Json& vcon, Collected& keys, Collected& labels) {
  for (const Json& dialog : list(vcon, "dialog")) {
    keys.add("interaction-id", text(dialog, "interaction_id"));
    read_sessions(member(dialog, "session_id"), keys);
    labels.add("campaign", text(dialog, "campaign"));
    labels.add("interaction-type", text(dialog, "interaction_type"));
    labels.add("skill", text(dialog, "skill"));
    labels.add("queue", text(dialog, "skill"));
  }
}

void read_signalling(const Json& body, Collected& keys) {
  for (const Json& dialog : list(body, "dialogs")) {
    keys.add("call-id", text(dialog, "call_id"));
    for (const Json& key : list(dialog, "keys")) {
      if (const std::string kind = text(key, "kind"); !kind.empty()) keys.add(kind, text(key, "value"));
    }
  }
}

/// Where the call was sent on from: what a [[map]] entry calls `queue`, too.
void read_redirections(const Json& body, Collected& labels) {
  for (const Json& entry : list(body, "entries")) {
    const std::string kind = text(entry, "kind");
    if (kind == "diversion" || kind == "history-info") labels.add("queue", text(entry, "uri"));
  }
}

void read_gaps(const Json& body, CatalogFacts& facts) {
  for (const Json& gap : list(body, "gaps")) {
    const std::string reason = text(gap, "reason");
    if (reason.empty()) continue;
    auto found = std::ranges::find(facts.gaps, reason, &GapFact::reason);
    if (found == facts.gaps.end()) {
      if (facts.gaps.size() == kMostFacts) continue;
      found = facts.gaps.insert(found, {.reason = reason});
    }
    ++found->count;
    const auto start = from_rfc3339(text(gap, "start"));
    const auto end = from_rfc3339(text(gap, "end"));
    if (start && end && *start < *end) found->seconds += to_seconds(*end - *start);
  }
}

void read_attachments(const Json& vcon, CatalogFacts& facts, Collected& keys, Collected& labels) {
  for (const Json& attachment : list(vcon, "attachments")) {
    const std::string purpose = text(attachment, "purpose");
    const Json& body = member(attachment, "body");
    if (purpose == "call-signalling") read_signalling(body, keys);
    if (purpose == "redirection-history") read_redirections(body, labels);
    if (purpose == "recording-gaps") read_gaps(body, facts);
    // Of an amendment of an amendment the last one is the nearest.
    if (purpose == "amended-vcon") facts.amends = text(body, "uuid");
    if (purpose != "pci-suspected") continue;
    labels.add("mark", "pci-suspected");
    if (member(body, "quarantined") == true) labels.add("mark", "quarantined");
  }
}

}  // namespace

CatalogFacts facts_of(std::string_view vcon) {
  CatalogFacts facts;
  const Json root = Json::parse(vcon, nullptr, false);
  if (!root.is_object()) return facts;
  Collected keys;
  Collected labels;
  read_parties(root, facts);
  read_dialogs(root, keys, labels);
  read_attachments(root, facts, keys, labels);
  if (member(root, "redacted").is_object()) labels.add("mark", "paused");
  if (const std::string prior = text(member(root, "amended"), "uuid"); !prior.empty()) facts.amends = prior;
  if (!is_uuid(facts.amends)) facts.amends.clear();
  facts.keys = keys.take();
  facts.labels = labels.take();
  return facts;
}

}  // namespace tapestry::vconout
