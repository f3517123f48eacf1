#include "vconout/per_agent.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/vconout/fixture.h"
#include "vconout/fingerprint.h"

namespace tapestry::vconout {
namespace {

using namespace std::chrono_literals;
using calls::DialogKind;

Time begin() { return test::at("2026-11-20T08:00:00Z"); }

calls::Party party(calls::Role role, const std::string& uri) {
  calls::Party made;
  made.role = role;
  made.uri = uri;
  made.type = "person";
  return made;
}

calls::DialogPlan recording(std::size_t agent, Duration from, Duration to, std::size_t theirs, std::size_t own) {
  calls::DialogPlan plan;
  plan.start = begin() + from;
  plan.end = begin() + to;
  plan.agent = agent;
  plan.channel_parties = {{0}, {agent}};
  plan.originator = 0;
  plan.history = {{0, plan.start, calls::EventKind::Join}, {agent, plan.start, calls::EventKind::Join}};
  plan.recording = {{.start = plan.start,
                     .end = plan.end,
                     .channels = {{{{theirs, plan.start, plan.end}}}, {{{own, plan.start, plan.end}}}},
                     .gaps = {}}};
  return plan;
}

calls::DialogPlan unanswered(std::vector<std::vector<std::size_t>> parties) {
  calls::DialogPlan plan;
  plan.kind = DialogKind::Incomplete;
  plan.start = plan.end = begin() + 11s;
  plan.channel_parties = std::move(parties);
  plan.disposition = "no-answer";
  return plan;
}

calls::DialogSummary call(const std::string& id, std::vector<std::size_t> parties) {
  calls::DialogSummary made;
  made.call_id = id;
  made.parties = std::move(parties);
  return made;
}

calls::Link link(const std::string& one, const std::string& other) {
  calls::Link made;
  made.call_id = one;
  made.other_call_id = other;
  made.joined = true;
  return made;
}

calls::Note note(const std::string& call_id) {
  calls::Note made;
  made.call_id = call_id;
  made.message = "INVITE";
  return made;
}

/// Customer 0 speaks with agent 1, who transfers to agent 2, who transfers to agent 3. Party 4 was called in vain by
/// agent 2, party 5 by the customer. Every agent has two tracks, the last track is nobody's.
calls::Interaction twice_transferred() {
  calls::Interaction whole;
  whole.number = 7;
  whole.start = begin();
  whole.end = begin() + 30s;
  whole.parties = {party(calls::Role::Customer, "sip:+15550100@customer.example.net")};
  for (const int agent : {1001, 1002, 1003, 1004, 1005})
    whole.parties.push_back(party(calls::Role::Agent, "sip:" + std::to_string(agent) + "@agents.example.com"));
  whole.tracks.resize(7);
  for (std::size_t n = 0; n < whole.tracks.size(); ++n) whole.tracks[n].id = n;
  whole.dialogs = {recording(1, 0s, 10s, 0, 1), recording(2, 10s, 20s, 2, 3), recording(3, 20s, 30s, 4, 5),
                   unanswered({{2}, {4}}), unanswered({{0}, {5}})};
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}}) {
    calls::DialogPlan transfer;
    transfer.kind = DialogKind::Transfer;
    transfer.start = transfer.end = whole.dialogs[n].end;
    transfer.transfer = calls::TransferPlan{0, n + 1, n + 2, n, {}, n + 1};
    whole.dialogs.push_back(transfer);
  }
  whole.signalling = {call("customer", {0}), call("one", {1}), call("two", {2}), call("three", {3}),
                      call("one-two", {1, 2})};
  whole.links = {link("customer", "one"), link("one", "two"), link("two", "three")};
  whole.notes.list = {note("customer"), note("two")};
  whole.texts.list = {{0, begin() + 5s, "text/plain", "to one"},
                      {0, begin() + 15s, "text/plain", "to two"},
                      {3, begin() + 25s, "text/plain", "from three"}};
  whole.sessions = {{0, begin(), "a", "b"}, {3, begin(), "c", "d"}};
  whole.pauses = {test::pause(begin() + 1s, begin() + 2s)};
  return whole;
}

std::vector<std::string> uris_of(const calls::Interaction& part) {
  std::vector<std::string> uris;
  for (const calls::Party& one : part.parties) uris.push_back(one.uri.substr(0, one.uri.find('@')));
  return uris;
}

std::vector<std::string> calls_of(const calls::Interaction& part) {
  std::vector<std::string> ids;
  for (const calls::DialogSummary& dialog : part.signalling) ids.push_back(dialog.call_id);
  return ids;
}

std::vector<std::string> texts_of(const calls::Interaction& part) {
  std::vector<std::string> texts;
  for (const calls::TextMessage& text : part.texts.list) texts.push_back(text.text);
  return texts;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("each agent's part holds that agent's recording, with its own tracks") {
  const auto parts = per_agent(twice_transferred());
  REQUIRE(parts.size() == 3);
  for (std::size_t n = 0; n < 3; ++n) {
    const calls::Interaction& part = parts[n].interaction;
    CHECK(parts[n].agent == "sip:" + std::to_string(1001 + n) + "@agents.example.com");
    CHECK(part.number == 7);
    CHECK(part.pauses.size() == 1);
    std::vector<const calls::DialogPlan*> recorded;
    for (const calls::DialogPlan& plan : part.dialogs) {
      if (!plan.recording.empty()) recorded.push_back(&plan);
    }
    REQUIRE(recorded.size() == 1);
    CHECK(part.parties.at(recorded[0]->agent).uri == parts[n].agent);
    CHECK(recorded[0]->start == begin() + n * 10s);
    REQUIRE(part.tracks.size() == 3);
    const auto& channels = recorded[0]->recording[0].channels;
    CHECK(part.tracks.at(channels[0].spans[0].track).id == 2 * n);
    CHECK(part.tracks.at(channels[1].spans[0].track).id == 2 * n + 1);
    CHECK(part.tracks[2].id == 6);
  }
}

TEST_CASE("a transfer is in the parts of both agents, and names the other's recording as a placeholder") {
  const auto parts = per_agent(twice_transferred());
  const calls::Interaction& first = parts[0].interaction;
  REQUIRE(first.dialogs.size() == 4);
  REQUIRE(first.dialogs[3].transfer);
  const calls::TransferPlan& transfer = *first.dialogs[3].transfer;
  CHECK(transfer.original == 0);
  REQUIRE(transfer.target_dialog == 1);
  const calls::DialogPlan& foreign = first.dialogs[1];
  CHECK(foreign.kind == DialogKind::Recording);
  CHECK(foreign.recording.empty());
  CHECK(foreign.channel_parties.empty());
  CHECK(foreign.history.empty());
  REQUIRE(foreign.gaps.size() == 1);
  CHECK(foreign.gaps[0].reason == calls::GapReason::NotRecorded);
  CHECK(foreign.gaps[0].start == begin() + 10s);
  CHECK(foreign.gaps[0].end == begin() + 20s);
  CHECK(first.parties.at(transfer.transferor).uri == "sip:1001@agents.example.com");
  CHECK(first.parties.at(transfer.transfer_target).uri == "sip:1002@agents.example.com");
  // The agent in the middle has both; the last one only the second.
  const auto transfers = [&](std::size_t part) {
    return std::ranges::count_if(parts[part].interaction.dialogs,
                                 [](const auto& plan) { return plan.transfer.has_value(); });
  };
  CHECK(transfers(0) == 1);
  CHECK(transfers(1) == 2);
  CHECK(transfers(2) == 1);
}

TEST_CASE("who only has to do with other agents is not in a part") {
  const auto parts = per_agent(twice_transferred());
  CHECK(uris_of(parts[0].interaction) == Strings{"sip:+15550100", "sip:1001", "sip:1002", "sip:1005"});
  CHECK(uris_of(parts[1].interaction) == Strings{"sip:+15550100", "sip:1001", "sip:1002", "sip:1003", "sip:1004"});
  CHECK(uris_of(parts[2].interaction) == Strings{"sip:+15550100", "sip:1002", "sip:1003"});
}

TEST_CASE("an attempt is told once: to the agent who made or got it, else in the first part") {
  const auto parts = per_agent(twice_transferred());
  const auto attempts = [&](std::size_t part) {
    std::vector<std::string> called;
    for (const calls::DialogPlan& plan : parts[part].interaction.dialogs) {
      if (plan.kind == DialogKind::Incomplete)
        called.push_back(parts[part].interaction.parties.at(plan.channel_parties.at(1).at(0)).uri.substr(4, 4));
    }
    return called;
  };
  CHECK(attempts(0) == Strings{"1005"});
  CHECK(attempts(1) == Strings{"1004"});
  CHECK(attempts(2).empty());
}

TEST_CASE("calls, links, notes, texts and sessions between others are left out") {
  const auto parts = per_agent(twice_transferred());
  CHECK(calls_of(parts[0].interaction) == Strings{"customer", "one", "one-two"});
  CHECK(calls_of(parts[1].interaction) == Strings{"customer", "two", "one-two"});
  CHECK(calls_of(parts[2].interaction) == Strings{"customer", "three"});
  CHECK(parts[0].interaction.links.size() == 2);
  CHECK(parts[2].interaction.links.size() == 2);
  CHECK(parts[0].interaction.notes.list.size() == 1);
  CHECK(parts[1].interaction.notes.list.size() == 2);
  CHECK(texts_of(parts[0].interaction) == Strings{"to one"});
  CHECK(texts_of(parts[1].interaction) == Strings{"to two"});
  CHECK(texts_of(parts[2].interaction) == Strings{"from three"});
  CHECK(parts[0].interaction.sessions.size() == 1);
  REQUIRE(parts[2].interaction.sessions.size() == 2);
  const calls::PartySession& own = parts[2].interaction.sessions[1];
  CHECK(parts[2].interaction.parties.at(own.party).uri == "sip:1003@agents.example.com");
}

TEST_CASE("a conversation with one agent, or none, stays whole") {
  calls::Interaction one = test::recorded_scene().interaction;
  const std::string fingerprint_before = fingerprint(one);
  const auto parts = per_agent(std::move(one));
  REQUIRE(parts.size() == 1);
  CHECK(fingerprint(parts[0].interaction) == fingerprint_before);
  const auto none = per_agent(test::busy_scene().interaction);
  REQUIRE(none.size() == 1);
  CHECK(none[0].agent.empty());
  CHECK(none[0].interaction.dialogs.size() == 1);
}

TEST_CASE("agents without a name of their own are told apart") {
  calls::Interaction whole = twice_transferred();
  for (std::size_t n = 1; n < 4; ++n) whole.parties[n].uri.clear();
  const auto parts = per_agent(std::move(whole));
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].agent.empty());
  CHECK(parts[1].agent == "~2");
  CHECK(parts[2].agent == "~3");
}

TEST_CASE("each part has a fingerprint of its own") {
  const calls::Interaction whole = twice_transferred();
  const std::string of_whole = fingerprint(whole);
  const std::string one = fingerprint_of_part(of_whole, "a");
  CHECK(one == fingerprint_of_part(of_whole, "a"));
  CHECK(one != fingerprint_of_part(of_whole, "b"));
  CHECK(one != of_whole);
}

}  // namespace tapestry::vconout
