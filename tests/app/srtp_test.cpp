// SRTP with keys from the signalling, from the capture to the files: heard as in clear, and no key in any of them.
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "app/replay.h"
#include "tests/app/temporary_folder.h"
#include "tests/support/sample_call.h"
#include "tests/support/srtp_sender.h"
#include "tests/support/tls_peers.h"
#include "vconout/base64.h"
#include "verify/verify.h"

using namespace tapestry;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;
using testing::Buffer;
using testing::SrtpSender;

const std::string kCm = "AES_CM_128_HMAC_SHA1_80";
const std::string kGcm = "AEAD_AES_256_GCM";

Buffer secret(const std::string& profile, std::uint8_t fill) { return Buffer(testing::secret_bytes(profile), fill); }

std::string line(int tag, const std::string& profile, std::uint8_t fill, const std::string& more = "") {
  return "a=crypto:" + std::to_string(tag) + " " + profile + " inline:" + vconout::base64(secret(profile, fill)) +
         more + "\r\n";
}

testing::SampleCall sample() {
  testing::SampleCall call;
  call.start = *from_rfc3339("2026-03-02T09:15:00Z");
  call.ring_seconds = 1;
  call.talk_seconds = 3;
  call.hold_seconds = 1;
  call.rest_seconds = 2;
  call.loss_at = 4.5;
  return call;
}

struct Outcome {
  std::string media;
  Json dialog;
  std::vector<std::string> uses;
  std::string all;  ///< the report, and all files that were written
};

/// What else a capture has beside the call.
struct Beside {
  std::vector<testing::TimedFrame> frames{};
  std::string key_log{};
};

Outcome replay(const testing::SampleCall& call, const Beside& beside = {}) {
  const testing::TemporaryFolder folder;
  {
    std::ofstream file(folder / "call.pcap", std::ios::binary);
    auto frames = testing::frames_of(call);
    frames.insert(frames.end(), beside.frames.begin(), beside.frames.end());
    testing::write_pcap(file, std::move(frames));
  }
  app::ReplaySettings settings;
  settings.captures = {(folder / "call.pcap").string()};
  settings.out = folder / "out";
  settings.config = app::parse_config(
      "[[party]]\nip = \"10.1.0.0/16\"\nrole = \"agent\"\n[recording]\nformat = \"g711\"\n[keys]\nalgorithm = "
      "\"es256\"\n",
      "test");
  if (!beside.key_log.empty()) {
    testing::write_file(folder / "key.log", beside.key_log);
    settings.config.key_log = folder / "key.log";
  }
  std::ostringstream out;
  std::ostringstream err;
  CHECK(app::replay_and_print(settings, true, out, err) == 0);
  Outcome outcome;
  outcome.all = out.str() + err.str();
  for (const auto& entry : fs::recursive_directory_iterator(folder / "out")) {
    if (!entry.is_regular_file()) continue;
    const std::string content = testing::read_file(entry.path());
    if (entry.path().extension() == ".wav") outcome.media = content;
    outcome.all += content;
    if (entry.path().extension() == ".vcon") outcome.all += verify::payload_of(entry.path());
  }
  const Json report = Json::parse(out.str());
  REQUIRE(report["conversations"].size() == 1);
  outcome.dialog = report["conversations"][0]["dialogs"][0];
  for (const Json& stream : report["streams"]) outcome.uses.push_back(stream["use"]);
  return outcome;
}

/// Without what differs by its identity: the head of a WAV file.
std::string samples_of(const Outcome& outcome) { return outcome.media.substr(outcome.media.find("data")); }

void check_no_key(const Outcome& outcome, std::uint8_t fill, const std::string& profile) {
  const Buffer key = secret(profile, fill);
  CHECK(outcome.all.find("inline:") == std::string::npos);
  CHECK(outcome.all.find(vconout::base64(key)) == std::string::npos);
  CHECK(outcome.all.find(std::string(key.begin(), key.end())) == std::string::npos);
}

}  // namespace

TEST_CASE("a call under SRTP is recorded as the same call in clear, and its keys are in no output") {
  const Outcome clear = replay(sample());
  for (const std::string& profile : {kCm, kGcm}) {
    SrtpSender customer(profile, secret(profile, 0xa5));
    SrtpSender agent(profile, secret(profile, 0x5a));
    testing::SampleCall call = sample();
    call.attributes = [&](bool is_customer, int) { return line(1, profile, is_customer ? 0xa5 : 0x5a, "|2^31"); };
    call.protect = [&](bool is_customer, double, const Buffer& rtp) {
      return (is_customer ? customer : agent).protect(rtp);
    };
    const Outcome secured = replay(call);
    CHECK(samples_of(secured) == samples_of(clear));
    CHECK(secured.dialog["gaps"] == clear.dialog["gaps"]);
    CHECK(secured.uses == std::vector<std::string>{"recording", "recording"});
    CHECK(secured.all.find(profile) != std::string::npos);
    check_no_key(secured, 0xa5, profile);
    check_no_key(secured, 0x5a, profile);
  }
}

TEST_CASE("the answer's choice and re-keying by re-INVITE are followed") {
  const Outcome clear = replay(sample());
  constexpr std::array<std::array<std::uint8_t, 2>, 2> kFills{{{1, 2}, {3, 4}}};  // [re-keyed][customer]
  std::map<std::pair<bool, bool>, std::optional<SrtpSender>> senders;
  for (const bool again : {false, true}) {
    for (const bool customer : {false, true})
      senders[{again, customer}].emplace(kGcm, secret(kGcm, kFills[again][customer]));
  }
  testing::SampleCall call = sample();
  call.attributes = [&](bool customer, int version) {
    const std::string chosen = line(2, kGcm, kFills[version > 1][customer]);
    return customer && version == 1 ? line(1, kCm, 9) + chosen : chosen;
  };
  call.protect = [&](bool customer, double since, const Buffer& rtp) {
    return senders.at({since >= call.talk_seconds, customer})->protect(rtp);
  };
  const Outcome secured = replay(call);
  CHECK(samples_of(secured) == samples_of(clear));
  CHECK(secured.dialog["gaps"] == clear.dialog["gaps"]);
  for (const auto& fills : kFills) {
    for (const std::uint8_t fill : fills) check_no_key(secured, fill, kGcm);
  }
}

TEST_CASE("SRTP under a key that nobody told is a gap with its profile, and the call goes on") {
  SrtpSender customer(kCm, secret(kCm, 0x77));
  testing::SampleCall call = sample();
  call.hold_seconds = 0;
  call.loss_at = -1;
  call.attributes = [&](bool, int) { return line(1, kCm, 0xa5); };
  call.protect = [&](bool is_customer, double, const Buffer& rtp) { return is_customer ? customer.protect(rtp) : rtp; };
  const Outcome secured = replay(call);
  REQUIRE(secured.dialog["gaps"].size() == 2);
  for (const Json& gap : secured.dialog["gaps"]) {
    CHECK(gap["reason"] == "undecryptable");
    CHECK(gap["detail"] == kCm);
  }
  check_no_key(secured, 0xa5, kCm);
}

TEST_CASE("of two hops with keys of their own the one that can be opened is recorded") {
  // The proxy has another key on each side; what the customer's side says cannot be taken off.
  const std::string closed = "a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + vconout::base64(Buffer(30, 0x77)) + "\r\n";
  SrtpSender customer_at_home(kCm, secret(kCm, 0x77));
  SrtpSender agent_at_home(kCm, secret(kCm, 0x78));
  SrtpSender customer(kCm, secret(kCm, 1));
  SrtpSender agent(kCm, secret(kCm, 2));
  testing::SampleCall call = sample();
  call.attributes = [&](bool is_customer, int) { return is_customer ? closed : line(1, kCm, 2); };
  call.relayed_attributes = [&](bool is_customer, int) { return is_customer ? line(1, kCm, 1) : closed; };
  call.protect = [&](bool is_customer, double, const Buffer& rtp) {
    return (is_customer ? customer_at_home : agent).protect(rtp);
  };
  call.protect_relayed = [&](bool is_customer, double, const Buffer& rtp) {
    return (is_customer ? customer : agent_at_home).protect(rtp);
  };
  const Outcome secured = replay(call);
  CHECK(std::ranges::count(secured.uses, "recording") == 2);
  CHECK(std::ranges::count(secured.uses, "second hop") == 2);
  REQUIRE(secured.dialog["gaps"].size() == replay(sample()).dialog["gaps"].size());
  for (const Json& gap : secured.dialog["gaps"]) CHECK(gap["reason"] != "undecryptable");
}

TEST_CASE("a call that changes between clear and SRTP is recorded as the same call in clear") {
  const Outcome clear = replay(sample());
  for (const bool clear_first : {true, false}) {
    std::map<bool, SrtpSender> senders;
    for (const bool customer : {false, true}) senders.emplace(customer, SrtpSender(kCm, secret(kCm, customer ? 1 : 2)));
    testing::SampleCall call = sample();
    call.attributes = [&](bool customer, int version) {
      return (version == 1) == clear_first ? "" : line(1, kCm, customer ? 1 : 2);
    };
    call.protect = [&](bool customer, double since, const Buffer& rtp) {
      return (since < call.talk_seconds + 0.06) == clear_first ? rtp : senders.at(customer).protect(rtp);
    };
    const Outcome secured = replay(call);
    CHECK(samples_of(secured) == samples_of(clear));
    CHECK(secured.dialog["gaps"] == clear.dialog["gaps"]);
  }
}

TEST_CASE("keys of a DTLS handshake open media whose address changed at one end since") {
  const Outcome clear = replay(sample());
  testing::TlsPeers peers({.datagrams = true, .srtp = "SRTP_AES128_CM_SHA1_80"});
  peers.shake_hands();
  testing::SampleCall call = sample();
  Beside beside{.frames = {}, .key_log = peers.key_log()};
  const Endpoint before{call.customer.ip, 45'678};
  const Endpoint agent{call.agent.ip, call.agent_port};
  Time at = call.start + from_seconds(testing::answer_offset(call) + 0.01);
  for (const auto& [up, bytes] : peers.pieces()) {
    beside.frames.push_back({at += std::chrono::milliseconds(1),
                             testing::udp_frame(up ? before : agent, up ? agent : before, as_bytes(bytes))});
  }
  // RFC 5764 §4.2: both keys, then both salts, the client's first.
  const std::string block = peers.exported("EXTRACTOR-dtls_srtp", 60);
  std::map<bool, SrtpSender> senders;
  for (const bool customer : {true, false}) {
    const std::string key = block.substr(customer ? 0 : 16, 16) + block.substr(customer ? 32 : 46, 14);
    senders.emplace(customer, SrtpSender(kCm, as_bytes(key)));
  }
  call.attributes = [](bool, int) { return "a=fingerprint:sha-256 4A:AD:B9:B1\r\n"; };
  call.protect = [&](bool customer, double, const Buffer& rtp) { return senders.at(customer).protect(rtp); };
  const Outcome secured = replay(call, beside);
  CHECK(samples_of(secured) == samples_of(clear));
  CHECK(secured.dialog["gaps"] == clear.dialog["gaps"]);
}

TEST_CASE("of two lines with one key the answer says whether media is encrypted") {
  const Outcome clear = replay(sample());
  std::map<bool, SrtpSender> senders;
  for (const bool customer : {false, true}) senders.emplace(customer, SrtpSender(kCm, secret(kCm, customer ? 1 : 2)));
  testing::SampleCall call = sample();
  call.attributes = [&](bool customer, int) {
    return customer ? line(1, kCm, 1, " UNENCRYPTED_SRTP") + line(2, kCm, 1) : line(2, kCm, 2);
  };
  call.protect = [&](bool customer, double, const Buffer& rtp) { return senders.at(customer).protect(rtp); };
  const Outcome secured = replay(call);
  CHECK(samples_of(secured) == samples_of(clear));
  CHECK(secured.dialog["gaps"] == clear.dialog["gaps"]);
}
