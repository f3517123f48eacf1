#include "app/show.h"

#include <catch2/catch.hpp>

#include "tests/app/temporary_folder.h"

using namespace tapestry;
using namespace tapestry::app;

TEST_CASE("a vCon is shown with parties, timelines, gaps, events, failed calls and signalling") {
  const std::string vcon = testing::read_file(std::string(TAPESTRY_SOURCE) + "/tests/app/golden/show.json");
  const std::string ascii = show(vcon, {72, false});
  CHECK(ascii == testing::golden_file("show.ascii.txt", ascii));
  const std::string utf8 = show(vcon, {72, true});
  CHECK(utf8 == testing::golden_file("show.utf8.txt", utf8));
}

TEST_CASE("a vCon whose members are of the wrong kind is shown as far as it goes") {
  CHECK_NOTHROW(show(R"({"uuid":7,"parties":{"a":1},"dialog":"x","attachments":[1,{"purpose":2}]})", {}));
  CHECK_NOTHROW(show(R"({"uuid":"u","parties":[1,null],"dialog":[1,{"type":"recording","parties":[[],[9],-1],"start":5,
                      "duration":"x","party_history":[3,{"party":-4,"time":1}]}],
                      "attachments":[{"dialog":1,"purpose":"recording-gaps","body":{"gaps":[1,{"channels":[7,"x"]}]}},
                                     {"purpose":"call-signalling","body":{"dialogs":[2,{"hops":[1]}]}}]})",
                     {}));
  CHECK_NOTHROW(show(R"({"uuid":"u","parties":[{"sip":"a"}],"dialog":[{"type":"recording","parties":[0],
                      "start":"2261-12-31T00:00:00Z","duration":1e300}],"attachments":[{"dialog":0,
                      "purpose":"recording-gaps","body":{"gaps":[{"start":"1700-01-01T00:00:00Z","end":
                      "2262-01-01T00:00:00Z","channels":[0]}]}}]})",
                     {}));
}

TEST_CASE("what was not recorded at all is drawn without audio") {
  const std::string shown =
      show(R"({"uuid":"u","parties":[{"sip":"sip:a@b"},{"sip":"sip:c@d"}],"dialog":[{"type":"recording","parties":[0,1],
               "start":"2026-11-20T08:00:00Z","duration":10}],"attachments":[{"dialog":0,"purpose":"recording-gaps",
               "body":{"gaps":[{"reason":"not-recorded","start":"2026-11-20T08:00:00Z","end":"2026-11-20T08:00:10Z",
               "channels":[]}]}}]})",
           {72, false});
  CHECK(shown.find("..........") != std::string::npos);
  CHECK(shown.find("##") == std::string::npos);
}

TEST_CASE("audio beside video that was not recorded is drawn as audio") {
  const std::string shown =
      show(R"({"uuid":"u","parties":[{"sip":"sip:a@b"},{"sip":"sip:c@d"}],"dialog":[{"type":"recording","parties":[0,1],
               "start":"2026-11-20T08:00:00Z","duration":10}],"attachments":[{"dialog":0,"purpose":"recording-gaps",
               "body":{"gaps":[{"reason":"video-not-recorded","start":"2026-11-20T08:00:04Z",
               "end":"2026-11-20T08:00:10Z","channels":[],"media":["video"]}]}}]})",
           {72, false});
  CHECK(shown.find("..........") == std::string::npos);
  CHECK(shown.find("##########") != std::string::npos);
  CHECK(shown.find("video-not-re") != std::string::npos);
}

TEST_CASE("a text is shown with who sent it") {
  const std::string shown =
      show(R"({"uuid":"u","parties":[{"sip":"sip:a@b"},{"sip":"sip:c@d"}],"dialog":[{"type":"text",
                                 "parties":1,"start":"2026-11-20T08:00:00Z","body":"good\nmorning"}]})",
           {});
  CHECK(shown.find("text sip:c@d, 2026-11-20 08:00:00 UTC") != std::string::npos);
  CHECK(shown.find(": good") != std::string::npos);
  CHECK(shown.find("good\nmorning") == std::string::npos);
}

TEST_CASE("what is no vCon is refused") {
  CHECK_THROWS_AS(show("", {}), std::runtime_error);
  CHECK_THROWS_AS(show("[]", {}), std::runtime_error);
  CHECK_THROWS_AS(show("{}", {}), std::runtime_error);
}
