#include "app/layout.h"

#include <catch2/catch.hpp>

using namespace tapestry;
using namespace tapestry::app;

TEST_CASE("files lie under the UTC date of the conversation's start") {
  const Time time = *from_rfc3339("2026-03-02T23:59:59.9-01:00");
  CHECK(date_folder(time) == "2026/03/03");
  CHECK(vcon_path(time, "u") == "vcon/2026/03/03/u.vcon");
  CHECK(media_folder(time, "u") == "media/2026/03/03/u");
}

TEST_CASE("a recording is named after the agent's user part, made safe for a file name") {
  CHECK(recording_name("sip:1001@example.com") == "agent-1001");
  CHECK(recording_name("tel:+15550100") == "agent-+15550100");
  CHECK(recording_name("sip:../../etc/passwd@example.com") == "agent-.._.._etc_passwd");
  CHECK(recording_name("sip:a%2Fb&c@example.com") == "agent-a_2Fb_c");
  CHECK(recording_name("sip:example.com") == "agent-example.com");
  CHECK(recording_name("") == "agent");
  CHECK(recording_name("sip:" + std::string(200, 'x') + "@example.com").size() == kMaxFileName);
}
