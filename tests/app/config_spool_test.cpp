#include <catch2/catch.hpp>

#include "app/config.h"
#include "app/spool_settings.h"

using namespace tapestry::app;
using Catch::Matchers::Contains;

TEST_CASE("[spool] says where the spool is, with which key, and how full its disk may be") {
  const Config config = parse_config(
      "[spool]\nfolder = \"/fast/spool\"\nmaster_key = \"credential:spool\"\nsegment_mb = 64\nmemory_mb = 512\n"
      "warn_percent = 70\nalarm_percent = 75\nmetadata_percent = 80\n",
      "t", "/etc/tapestry");
  CHECK(config.spool.folder == "/fast/spool");
  CHECK(config.spool.master_key == "credential:spool");
  CHECK(config.spool.segment_bytes == 64U << 20U);
  CHECK(config.spool.memory_bytes == 512U << 20U);
  CHECK(config.spool.warn_percent == 70);
  CHECK(config.spool.alarm_percent == 75);
  CHECK(config.spool.metadata_percent == 80);
  CHECK(parse_config("[spool]\nmaster_key = \"pkcs11:token=t\"\n", "t", "/etc").spool.master_key == "pkcs11:token=t");
  CHECK(parse_config("[spool]\nmaster_key = \"k\"\n", "t", "/etc/tapestry").spool.master_key == "/etc/tapestry/k");
}

TEST_CASE("without [spool] it is below the output folder") {
  const Config config = parse_config("", "t");
  CHECK(spool_folder(config.spool, "/var/lib/tapestry") == "/var/lib/tapestry/spool");
  CHECK(spool_folder({.folder = "/fast/spool", .master_key = {}}, "/var/lib/tapestry") == "/fast/spool");
}

TEST_CASE("what is wrong in [spool] is told") {
  CHECK_THROWS_WITH(parse_config("[spool]\nsize = 1\n", "t"), Contains("t:2:") && Contains("[spool]"));
  CHECK_THROWS_WITH(parse_config("[spool]\nwarn_percent = 0\n", "t"), Contains("warn_percent"));
  CHECK_THROWS_WITH(parse_config("[spool]\nsegment_mb = 4096\n", "t"), Contains("segment_mb"));
  CHECK_THROWS_WITH(parse_config("[spool]\nwarn_percent = 96\n", "t"), Contains("must not go down"));
}
