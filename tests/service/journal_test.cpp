#include "service/journal.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <sstream>

using namespace tapestry::service;

TEST_CASE("an entry reaches the journal with its fields") {
  const Entry entry{Level::Warning, "conversation could not be written", {{"CONVERSATION", "u-1"}, {"CALL_ID", ""}}};
  CHECK(journal_fields(entry) == std::vector<std::string>{"MESSAGE=conversation could not be written", "PRIORITY=4",
                                                          "SYSLOG_IDENTIFIER=tapestry", "CONVERSATION=u-1"});
}

TEST_CASE("an entry's value cannot make a line or a field of its own") {
  const Entry entry{Level::Info, "one\ntwo", {{"CALL_ID", "a\nPRIORITY=0\x1b[2J"}}};
  const auto fields = journal_fields(entry);
  CHECK(fields.front() == "MESSAGE=one?two");
  CHECK(fields.back() == "CALL_ID=a?PRIORITY=0?[2J");
}

TEST_CASE("a value in the journal is bounded") {
  const auto fields = journal_fields({Level::Info, std::string(100'000, 'x')});
  CHECK(fields.front().size() == std::string_view("MESSAGE=").size() + 4096);
}

TEST_CASE("without a journal entries are lines") {
  std::ostringstream err;
  Journal journal(err, "");
  CHECK_FALSE(journal.with_fields());
  journal.add({Level::Notice, "eth1 is up\n", {{"INTERFACE", "eth1"}}});
  CHECK(err.str() == "tapestry: eth1 is up?\n");
}

TEST_CASE("a descriptor is the journal's when device and inode are those that JOURNAL_STREAM tells") {
  struct stat status{};
  REQUIRE(::fstat(STDIN_FILENO, &status) == 0);
  const std::string stream = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  CHECK(is_journal_stream(STDIN_FILENO, stream));
  CHECK_FALSE(is_journal_stream(STDIN_FILENO, stream + "1"));
  CHECK_FALSE(is_journal_stream(STDIN_FILENO, "x" + stream));
  CHECK_FALSE(is_journal_stream(STDIN_FILENO, ""));
  CHECK_FALSE(is_journal_stream(-1, stream));
}

TEST_CASE("the first word of a line says how bad it is") {
  CHECK(level_of("alarm: the spool's disk fails") == Level::Error);
  CHECK(level_of("warning: 3 packets were dropped") == Level::Warning);
  CHECK(level_of("eth1 is up") == Level::Notice);
  CHECK(level_of("alarm") == Level::Notice);
  CHECK(level_of("") == Level::Notice);
}
