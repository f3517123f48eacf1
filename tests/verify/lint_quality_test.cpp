#include "verify/lint_quality.h"

#include <catch2/catch.hpp>

#include "linted.h"

using namespace tapestry::verify;
using nlohmann::json;

namespace {

json quality() {
  return json::parse(R"({"type": "report", "dialog": 0, "mediatype": "application/json", "vendor": "Tapestry",
    "product": "tapestry", "schema": "stream-quality-1", "encoding": "json", "body": {"jitter_buffer_ms": 60, "gmin": 16,
    "streams": [{"ssrc": "0x00000001", "channel": 0, "codec": "PCMU", "packets": {"expected": 100, "received": 99, "lost": 1,
    "discarded": 0, "reordered": 2, "duplicates": 0}, "jitter_ms": 1.5, "jitter_max_ms": 3, "bursts": {"count": 0,
    "burst_density": 0, "gap_density": 0.01, "burst_ms": 0, "gap_ms": 2000}, "model": "G.107", "r_factor": 92.1, "mos": 4.38,
    "rtcp": {"reports": 3, "fraction_lost": 0.1, "cumulative_lost": -1, "jitter_ms": 2}}]}})");
}

std::vector<std::string> faults_of(const std::string& pointer, const json& value) {
  json analysis = quality();
  if (!pointer.empty()) analysis[json::json_pointer(pointer)] = value;
  json vcon = good_vcon();
  vcon["analysis"].push_back(analysis);
  return lint_faults(vcon);
}

}  // namespace

TEST_CASE("a report of good figures has nothing to lint") { CHECK(faults_of("", {}).empty()); }

TEST_CASE("figures out of their range are told") {
  const std::string stream = "/body/streams/0";
  CHECK(tells(faults_of(stream + "/mos", 4.7), "lint: analysis/2/body/streams/0"));
  CHECK(tells(faults_of(stream + "/mos", "good"), "lint: analysis/2/body/streams/0"));
  CHECK(tells(faults_of(stream + "/channel", 2), "lint: analysis/2/body/streams/0"));
  CHECK(tells(faults_of(stream + "/jitter_ms", -1), "lint: analysis/2/body/streams/0"));
  CHECK(tells(faults_of(stream + "/packets/lost", 101), "lint: analysis/2/body/streams/0"));
  CHECK(tells(faults_of(stream + "/packets", 5), "lint: analysis/2/body/streams/0/packets"));
  CHECK(tells(faults_of(stream + "/bursts/burst_density", 1.1), "lint: analysis/2/body/streams/0/bursts"));
  CHECK(tells(faults_of(stream + "/rtcp/fraction_lost", 2), "lint: analysis/2/body/streams/0/rtcp"));
  CHECK(tells(faults_of(stream + "/model", ""), "lint: analysis/2/body/streams/0"));
  CHECK(tells(faults_of("/body/streams", 5), "lint: analysis/2/body/streams"));
  CHECK(tells(faults_of("/body", "text"), "lint: analysis/2"));
}

TEST_CASE("reports of others are let pass") { CHECK(faults_of("/schema", "x").empty()); }
