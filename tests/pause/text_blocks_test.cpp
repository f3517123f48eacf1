#include "pause/text_blocks.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace tapestry::pause {
namespace {

/// Pushes the text in pieces of `longest` bytes.
std::vector<TextBlock> blocks_of(std::string_view text, std::size_t longest = 1'000'000) {
  TextBlocks blocks;
  std::vector<TextBlock> all;
  for (; !text.empty(); text.remove_prefix(std::min(longest, text.size()))) {
    blocks.push(as_bytes(text.substr(0, longest)), false, [&](const TextBlock& block) { all.push_back(block); });
  }
  return all;
}

TEST_CASE("a block is a first line and fields up to a blank line, with either end of line") {
  for (const std::string end : {"\n", "\r\n"}) {
    const auto blocks = blocks_of("Action: Ping" + end + "actionid:  7 " + end + end + "api status" + end + end);
    REQUIRE(blocks.size() == 2);
    REQUIRE(blocks[0].first == "Action: Ping");
    REQUIRE(blocks[0].value("ActionID") == "7");
    REQUIRE(blocks[0].value("Channel").empty());
    REQUIRE(blocks[1].first == "api status");
    REQUIRE(blocks[1].fields.empty());
  }
}

TEST_CASE("a line with a space before its colon is no field") {
  const auto blocks = blocks_of("api uuid_record u mask http://x/y\n\n");
  REQUIRE(blocks.size() == 1);
  REQUIRE(blocks[0].fields.empty());
}

TEST_CASE("Content-Length tells how long a body is") {
  const auto blocks = blocks_of("Content-Type: api/response\nContent-Length: 6\n\na\n\nb\n\nnext\n\n");
  REQUIRE(blocks.size() == 2);
  REQUIRE(blocks[0].body == "a\n\nb\n\n");
  REQUIRE(blocks[1].first == "next");
}

TEST_CASE("the blocks are the same however the bytes are cut") {
  const std::string text = "\r\n\nContent-Length: 3\r\n\r\nabc\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\n\nlast\n\nopen";
  const auto whole = blocks_of(text);
  REQUIRE(whole.size() == 3);
  for (const std::size_t longest : {1U, 2U, 7U}) {
    const auto cut = blocks_of(text, longest);
    REQUIRE(cut.size() == whole.size());
    for (std::size_t n = 0; n < cut.size(); ++n) {
      REQUIRE(cut[n].first == whole[n].first);
      REQUIRE(cut[n].body == whole[n].body);
      REQUIRE(cut[n].fields.size() == whole[n].fields.size());
    }
  }
}

TEST_CASE("a loss drops the block that is open, and what follows begins another") {
  TextBlocks blocks;
  std::vector<std::string> firsts;
  const auto use = [&](const TextBlock& block) { firsts.push_back(block.first); };
  blocks.push(as_bytes("one\nName: va"), false, use);
  blocks.push(as_bytes("two\n\n"), true, use);
  blocks.push(as_bytes("Content-Length: 100\n\nbo"), false, use);
  blocks.push(as_bytes("three\n\n"), true, use);
  REQUIRE(firsts == std::vector<std::string>{"two", "three"});
  REQUIRE(blocks.dropped() == 2);
}

TEST_CASE("lines, blocks and bodies are bounded, and what is left out is told") {
  const auto line = blocks_of("x: " + std::string(2 * TextBlocks::kMaxLine, 'a') + "\nlast: 1\n\n");
  REQUIRE(line.size() == 1);
  REQUIRE(line[0].cut);
  REQUIRE(line[0].first.size() == TextBlocks::kMaxLine);
  REQUIRE(line[0].value("last") == "1");

  std::string many;
  for (std::size_t n = 0; n < 2 * TextBlocks::kMaxLines; ++n) many += "a: b\n";
  const auto lines = blocks_of(many + "\nnext\n\n");
  REQUIRE(lines.size() == 2);
  REQUIRE(lines[0].cut);
  REQUIRE(lines[0].fields.size() == TextBlocks::kMaxLines);
  REQUIRE_FALSE(lines[1].cut);

  const auto body = blocks_of("Content-Length: 100000\n\n" + std::string(100'000, 'b') + "next\n\n", 1000);
  REQUIRE(body.size() == 2);
  REQUIRE(body[0].cut);
  REQUIRE(body[0].body.size() == TextBlocks::kMaxBody);

  std::string wide;
  for (int n = 0; n < 100; ++n) wide += std::string(TextBlocks::kMaxLine, 'c') + "\n";
  const auto head = blocks_of(wide + "\n");
  REQUIRE(head.size() == 1);
  REQUIRE(head[0].cut);
}

TEST_CASE("a length that is no number is none") {
  const auto blocks = blocks_of("Content-Length: -1\n\nnext\n\n");
  REQUIRE(blocks.size() == 2);
}

TEST_CASE("a field is found in lines of text up to a blank one") {
  REQUIRE(value_in("Event-Name: A\nUnique-ID: b\r\n\nLate: c\n", "unique-id") == "b");
  REQUIRE(value_in("Event-Name: A\n\nLate: c\n", "Late").empty());
  REQUIRE(value_in("", "x").empty());
}

}  // namespace
}  // namespace tapestry::pause
