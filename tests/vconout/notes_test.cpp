#include "vconout/notes.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"

namespace tapestry::vconout::test {

using nlohmann::json;

TEST_CASE("notes are attached by kind, in order, with what was left out") {
  auto scene = recorded_scene();
  const Endpoint source{*IpAddress::parse("192.0.2.1"), 5060};
  const Endpoint destination{*IpAddress::parse("10.1.0.7"), 5060};
  const auto note = [&](calls::NoteKind kind, std::string value) {
    scene.interaction.notes.list.push_back({.kind = kind,
                                            .time = at("2026-11-20T07:59:58Z"),
                                            .call_id = "a@b",
                                            .source = source,
                                            .destination = destination,
                                            .message = "302 INVITE",
                                            .fields = {{"form", "header"}, {"value", std::move(value)}}});
  };
  note(calls::NoteKind::UserToUser, "01");
  note(calls::NoteKind::Redirection, "x");
  note(calls::NoteKind::UserToUser, "\xff");
  scene.interaction.notes.left_out[0] = 3;
  const json vcon = json::parse(scene.build());
  const json entry = attachment(vcon, "user-to-user");
  CHECK(entry["party"] == 2);
  CHECK(entry["dialog"] == 0);
  CHECK(entry["encoding"] == "json");
  CHECK(entry["body"]["left_out"] == 3);
  REQUIRE(entry["body"]["entries"].size() == 2);
  CHECK(entry["body"]["entries"][0] == json{{"time", "2026-11-20T07:59:58Z"},
                                            {"call_id", "a@b"},
                                            {"source", "192.0.2.1:5060"},
                                            {"destination", "10.1.0.7:5060"},
                                            {"message", "302 INVITE"},
                                            {"form", "header"},
                                            {"value", "01"}});
  CHECK(entry["body"]["entries"][1]["value"] == "\xef\xbf\xbd");
  CHECK(attachment(vcon, "redirection-history")["body"]["entries"].size() == 1);
  CHECK(attachment(vcon, "call-control").is_null());
}

}  // namespace tapestry::vconout::test
