#pragma once
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "calls/pause_command.h"
#include "tests/calls/scene.h"

/// A call of +12025550101 with agent 1001 in which markers are sent.
namespace tapestry::testing {

inline const std::string kCustomer = "10.9.0.10:5060";
inline const std::string kAgent = "10.1.0.21:5060";
inline const std::string kController = "10.2.0.30:5060";

/// Agents are 1xxx.
inline calls::Rules rules() {
  calls::Rules rules;
  rules.parties = {{.uri = "^sip:1[0-9]{3}@", .role = calls::Role::Agent}};
  return rules;
}

/// What the agent sends inside the call, and what answers it. An empty answer: none.
struct Inside {
  std::string method = "INFO";
  int cseq = 1;
  std::string headers{};
  std::string answer = "200 OK";
  std::string sdp{};
  bool by_customer = false;
  std::string body{};
};

inline void inside(Scene& scene, double at, const Inside& what) {
  const std::string& from = what.by_customer ? kCustomer : kAgent;
  const std::string& to = what.by_customer ? kAgent : kCustomer;
  const std::string cseq = std::to_string(what.cseq) + " " + what.method;
  const std::string branch = "z9hG4bK" + what.method + std::to_string(what.cseq) + from;
  Sip request{.start = what.method + " sip:peer@10.0.0.1", .cseq = cseq, .branch = branch};
  request.headers = what.headers;
  request.sdp = what.sdp;
  request.body = what.body;
  if (what.by_customer) {
    request.to_tag = "agent";
  } else {
    request.from_tag = "agent";
    request.to_tag = "caller";
    std::swap(request.from, request.to);
  }
  scene.message(at, from, to, request);
  if (what.answer.empty()) return;
  Sip answer = request;
  answer.start = what.answer;
  answer.headers = "";
  scene.message(at + 0.1, to, from, answer);
}

inline void record(Scene& scene, double at, const std::string& value, int cseq, const std::string& answer = "200 OK") {
  inside(scene, at, {.cseq = cseq, .headers = "Record: " + value + "\r\n", .answer = answer});
}

/// The only conversation's pauses, in seconds of the scene.
inline std::vector<std::pair<double, double>> pauses_of(const Scene& scene) {
  REQUIRE(scene.interactions.size() == 1);
  std::vector<std::pair<double, double>> all;
  for (const calls::Pause& pause : scene.interactions.front().pauses) {
    all.emplace_back(scene_seconds(pause.start), scene_seconds(pause.end));
  }
  return all;
}

inline void check_pauses(const Scene& scene, const std::vector<std::pair<double, double>>& expected) {
  const auto all = pauses_of(scene);
  REQUIRE(all.size() == expected.size());
  for (std::size_t n = 0; n < all.size(); ++n) {
    CHECK(all[n].first == Approx(expected[n].first).margin(0.0001));
    CHECK(all[n].second == Approx(expected[n].second).margin(0.0001));
  }
}

/// What became of each marker, in order.
inline std::vector<std::string> reasons(const Scene& scene) {
  std::vector<std::string> all;
  for (const calls::MarkerReport& report : scene.markers) all.push_back(report.why);
  return all;
}

inline std::string describe(const std::string& attribute) {
  return sdp("10.1.0.21:6000", "sendrecv", "0 101", "a=record:" + attribute + "\r\n");
}

}  // namespace tapestry::testing
