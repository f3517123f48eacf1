#include "calls/consents.h"

#include <catch2/catch.hpp>

#include "tests/calls/legs.h"
#include "tests/calls/scene.h"

using namespace tapestry;
using namespace tapestry::testing;
using calls::Role;

TEST_CASE("what an announcement says is guessed from its file's name, else from the address") {
  CHECK(calls::tells_of_recording("sip:annc@ms.example.com;play=http://ms/Calls-May-Be-Recorded.wav"));
  CHECK(calls::tells_of_recording("sip:svc@ms.example.com;voicexml=http://ms/consent.vxml"));
  CHECK(calls::tells_of_recording("sip:annc@ms.example.com"));
  CHECK(calls::tells_of_recording("sip:Disclaimer7@pbx.example.com"));
  CHECK_FALSE(calls::tells_of_recording("sip:annc@ms.example.com;play=http://ms/closed.wav"));
  CHECK_FALSE(calls::tells_of_recording("sip:1001@consent.example.com"));
  CHECK_FALSE(calls::tells_of_recording(""));
}

TEST_CASE("whoever hears the announcement, and no robot, is noted with the time") {
  Legs legs;
  legs.add({.id = "prompt",
            .caller = {.user = "+12025550101", .ip = "10.9.0.10"},
            .callee = {.user = "annc", .ip = "10.2.0.13", .role = Role::Bot},
            .begin = 1,
            .answered = 2,
            .end = 5});
  legs.all()[0].party = {0, 1};
  calls::Interaction interaction;
  interaction.parties = {{.role = Role::Customer, .uri = "sip:+12025550101@pbx.example.com", .type = "person"},
                         {.role = Role::Bot, .uri = "sip:annc@pbx.example.com", .type = "bot"}};
  calls::add_consents(legs.all(), interaction);
  REQUIRE(interaction.notes.list.size() == 1);
  const calls::Note& note = interaction.notes.list.front();
  CHECK(scene_seconds(note.time) == Approx(2));
  CHECK(note.fields == std::vector<calls::NoteField>{{"kind", "consent"},
                                                     {"announcement", "sip:annc@pbx.example.com"},
                                                     {"until", to_rfc3339(scene_time(5))},
                                                     {"party", "sip:+12025550101@pbx.example.com"}});
  legs.call(0).announcement = "sip:annc@pbx.example.com;play=welcome.wav";
  interaction.notes.list.clear();
  calls::add_consents(legs.all(), interaction);
  CHECK(interaction.notes.list.empty());
}
