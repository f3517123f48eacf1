#include "app/doctor.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/app/temporary_folder.h"
#include "tests/support/packet_builder.h"
#include "tests/support/pcap_writer.h"

using namespace tapestry;
using namespace tapestry::app;
using Catch::Matchers::Contains;

namespace {

/// Both directions of one call's signalling and media.
void write_capture(const std::filesystem::path& path) {
  std::ofstream file(path, std::ios::binary);
  testing::PcapWriter writer(file);
  Time time{std::chrono::seconds(1'790'000'000)};
  const Endpoint one = testing::endpoint("10.0.0.1:5060");
  const Endpoint other = testing::endpoint("10.0.0.2:5060");
  const auto put = [&](const Endpoint& from, const Endpoint& to, const testing::Buffer& payload) {
    writer.add(time += std::chrono::milliseconds(10), testing::udp_frame(from, to, payload));
  };
  put(one, other, testing::buffer("OPTIONS sip:a@example.com SIP/2.0\r\n\r\n"));
  put(other, one, testing::buffer("SIP/2.0 200 OK\r\n\r\n"));
  for (std::uint16_t n = 0; n < 30; ++n) {
    const auto packet = testing::rtp_packet(0, n, n * 160U, 9, false, testing::Buffer(160, 0xff));
    put({one.ip, 4000}, {other.ip, 4002}, packet);
    put({other.ip, 4002}, {one.ip, 4000}, packet);
  }
}

const doctor::Finding* named(const doctor::Findings& all, const std::string& check) {
  for (const doctor::Finding& finding : all) {
    if (finding.check == check) return &finding;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("the doctor looks at a capture file's traffic") {
  const testing::TemporaryFolder folder;
  write_capture(folder / "c.pcap");
  DoctorSettings settings{.out = folder.path(), .capture = folder / "c.pcap"};
  const doctor::Findings findings = examine(settings);
  for (const char* check : {"traffic ", "SIP and RTP ", "directions of RTP ", "directions of SIP ", "copies "}) {
    const auto* finding = named(findings, check + settings.capture);
    REQUIRE(finding != nullptr);
    CHECK(finding->verdict == doctor::Verdict::Ok);
  }
  REQUIRE(named(findings, "signing key") != nullptr);
  CHECK(named(findings, "signing key")->verdict == doctor::Verdict::Warning);
}

TEST_CASE("an interface that is not there is a failure, with its command") {
  const testing::TemporaryFolder folder;
  std::ostringstream out;
  const DoctorSettings settings{.out = folder.path(), .interfaces = {"none0"}, .seconds = std::chrono::seconds(0)};
  CHECK(app::doctor(settings, out) == 1);
  CHECK_THAT(out.str(),
             Contains("failure  interface none0: there is no such interface\n         mend: ip -brief link"));
}

TEST_CASE("the doctor's JSON has every check with its verdict") {
  const testing::TemporaryFolder folder;
  std::ostringstream out;
  const DoctorSettings settings{
      .out = folder / "none", .interfaces = {"none0"}, .seconds = std::chrono::seconds(0), .json = true};
  CHECK(app::doctor(settings, out) == 1);
  const auto json = nlohmann::json::parse(out.str());
  CHECK(json["verdict"] == "failure");
  CHECK(json["checks"][0]["check"] == "interface none0");
  CHECK(json["checks"][0].contains("mend"));
}

TEST_CASE("a configured key that cannot be read is a failure, and a credential is left to the service") {
  const testing::TemporaryFolder folder;
  DoctorSettings settings{.out = folder.path(), .seconds = std::chrono::seconds(0)};
  settings.config = parse_config("[keys]\ncertificate = \"none.pem\"\nkey = \"none.key\"\n", "t", folder.path());
  REQUIRE(named(examine(settings), "signing key") != nullptr);
  CHECK(named(examine(settings), "signing key")->verdict == doctor::Verdict::Failure);
  settings.config =
      parse_config("[keys]\ncertificate = \"credential:a\"\nkey = \"credential:b\"\n", "t", folder.path());
  CHECK(named(examine(settings), "signing key")->verdict == doctor::Verdict::Skipped);
}
