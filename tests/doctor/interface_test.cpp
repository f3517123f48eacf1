#include "doctor/interface.h"

#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"

using namespace tapestry::doctor;
using tapestry::testing::TemporaryFolder;
using tapestry::testing::write_file;
namespace fs = std::filesystem;

namespace {

void make_interface(const TemporaryFolder& sys, const std::string& flags, const std::string& carrier) {
  const fs::path folder = sys / "class/net/eth1";
  fs::create_directories(folder / "statistics");
  write_file(folder / "flags", flags + "\n");
  write_file(folder / "carrier", carrier + "\n");
  write_file(folder / "mtu", "1500\n");
  write_file(folder / "statistics/rx_dropped", "3\n");
  write_file(folder / "statistics/rx_missed_errors", "4\n");
  write_file(folder / "statistics/rx_fifo_errors", "5\n");
}

Interface healthy() { return {.name = "eth1", .present = true, .up = true, .carrier = true, .mtu = 1500}; }

}  // namespace

TEST_CASE("an interface is read from /sys") {
  const TemporaryFolder sys;
  make_interface(sys, "0x1103", "1");
  const Interface one = read_interface(sys.path(), "eth1");
  CHECK(one.present);
  CHECK(one.up);
  CHECK(one.promiscuous);
  CHECK(one.carrier);
  CHECK(one.mtu == 1500);
  CHECK(one.dropped == 3);
  CHECK(one.missed == 9);
}

TEST_CASE("a name that is no interface is not there") {
  const TemporaryFolder sys;
  make_interface(sys, "0x1002", "");
  CHECK_FALSE(read_interface(sys.path(), "eth1").up);
  CHECK_FALSE(read_interface(sys.path(), "eth1").carrier);
  for (const char* name : {"eth2", "", "../net/eth1"}) CHECK_FALSE(read_interface(sys.path(), name).present);
}

TEST_CASE("each fault of an interface has the command that mends it") {
  CHECK(worst_of(judge_interface(healthy())) == Verdict::Ok);
  Interface one = healthy();
  one.mtu = 1400;
  CHECK(judge_interface(one).back().mend == "ip link set eth1 mtu 1500");
  one = healthy();
  one.missed = 7;
  CHECK(judge_interface(one).back().verdict == Verdict::Warning);
  one.carrier = false;
  CHECK(judge_interface(one).front().verdict == Verdict::Failure);
  one.up = false;
  CHECK(judge_interface(one).front().mend == "ip link set eth1 up");
  one.present = false;
  CHECK(judge_interface(one).front().what == "there is no such interface");
}

TEST_CASE("offloads that merge packets are a warning") {
  CHECK(worst_of(judge_nic("eth1", {.gro = false, .lro = false, .ring = 4096, .most_ring = 4096})) == Verdict::Ok);
  const Findings both = judge_nic("eth1", {.gro = true, .lro = true});
  CHECK(both.front().verdict == Verdict::Warning);
  CHECK(both.front().mend == "ethtool -K eth1 gro off lro off");
  CHECK(judge_nic("eth1", {.gro = true, .lro = false}).front().mend == "ethtool -K eth1 gro off");
}

TEST_CASE("a small ring of the NIC is a warning, and what no driver tells is skipped") {
  CHECK(judge_nic("eth1", {.ring = 256, .most_ring = 4096}).back().mend == "ethtool -G eth1 rx 4096");
  CHECK(judge_nic("eth1", {.ring = 512, .most_ring = 512}).back().verdict == Verdict::Ok);
  for (const Finding& finding : judge_nic("eth1", {})) CHECK(finding.verdict == Verdict::Skipped);
  CHECK_FALSE(read_nic("no-such-interface").gro);
}
