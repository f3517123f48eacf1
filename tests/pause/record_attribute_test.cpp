#include "pause/record_attribute.h"

#include <catch2/catch.hpp>
#include <string>

using namespace tapestry;
using pause::Action;
using pause::Recording;

namespace {

pause::RecordLines lines(const std::string& text) { return pause::parse_record_lines(as_bytes(text)); }

}  // namespace

TEST_CASE("a=record is read at session and media level") {
  CHECK_FALSE(lines("v=0\r\ns=-\r\nm=audio 4000 RTP/AVP 0\r\n").state);
  CHECK(lines("v=0\r\na=record:paused\r\nm=audio 4000 RTP/AVP 0\r\n").state == Recording::Paused);
  CHECK(lines("v=0\r\nm=audio 4000 RTP/AVP 0\r\na=record:on\r\n").state == Recording::On);
  CHECK(lines("v=0\na=RECORD: Off \nm=audio 4000 RTP/AVP 0").state == Recording::Off);
  CHECK_FALSE(lines("v=0\r\na=record:maybe\r\na=recorder:on\r\n").state);
}

TEST_CASE("of several lines the one that records least counts, and off beside others says nothing") {
  CHECK(lines("a=record:on\r\nm=audio 1 RTP/AVP 0\r\na=record:paused\r\n").state == Recording::Paused);
  CHECK(lines("a=record:paused\r\nm=audio 1 RTP/AVP 0\r\na=record:on\r\n").state == Recording::Paused);
  CHECK(lines("a=record:off\r\nm=audio 1 RTP/AVP 0\r\na=record:on\r\n").state == Recording::On);
}

TEST_CASE("a=recordpref asks for something, or for nothing") {
  CHECK(lines("a=recordpref:pause\r\n").preference == Recording::Paused);
  CHECK(lines("a=recordpref:off\r\n").preference == Recording::Off);
  CHECK(lines("a=recordpref:on\r\n").preference == Recording::On);
  CHECK_FALSE(lines("a=recordpref:nopreference\r\n").preference);
  CHECK_FALSE(lines("a=recordpref:pause\r\n").state);
}

TEST_CASE("only a change of state asks for something, and off only after on") {
  CHECK(asked_by_state(Recording::Unknown, Recording::Paused, true) == Action::Pause);
  CHECK(asked_by_state(Recording::On, Recording::Paused, false) == Action::Pause);
  CHECK_FALSE(asked_by_state(Recording::Paused, Recording::Paused, false));
  CHECK_FALSE(asked_by_state(Recording::Unknown, Recording::Off, true));
  CHECK_FALSE(asked_by_state(Recording::Unknown, Recording::Off, false));
  CHECK(asked_by_state(Recording::On, Recording::Off, false) == Action::Pause);
  CHECK_FALSE(asked_by_state(Recording::Paused, Recording::Off, false));
  CHECK(asked_by_state(Recording::Paused, Recording::On, false) == Action::Resume);
  CHECK(asked_by_state(Recording::Off, Recording::On, false) == Action::Resume);
}

TEST_CASE("what begins a dialog cannot resume") {
  CHECK_FALSE(asked_by_state(Recording::Unknown, Recording::On, true));
  CHECK(asked_by_state(Recording::Unknown, Recording::On, false) == Action::Resume);
  CHECK_FALSE(asked_by_preference(Recording::Unknown, Recording::On, true));
  CHECK(asked_by_preference(Recording::Unknown, Recording::Off, true) == Action::Pause);
  CHECK(asked_by_preference(Recording::Off, Recording::On, false) == Action::Resume);
}
