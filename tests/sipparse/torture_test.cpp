// The public torture messages (RFC 4475, RFC 5118, PROTOS c07-sip, SIPREC offers), judged as their manifest says.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "sipparse/body.h"
#include "sipparse/message.h"
#include "sipparse/sdp.h"

namespace tapestry::sip {
namespace {

const std::filesystem::path kCaptures = std::filesystem::path(TAPESTRY_SHARED) / "captures";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

nlohmann::json manifest() {
  const std::string text = read_file(kCaptures / "torture" / "MANIFEST.json");
  if (text.empty()) WARN("no torture set");
  return text.empty() ? nlohmann::json::array() : nlohmann::json::parse(text).at("files");
}

std::string judge(const std::string& bytes) {
  const ParseResult result = parse_message(as_bytes(bytes));
  if (!result.message) return "not parsed";
  return std::string(to_string(validate(*result.message, as_bytes(bytes))));
}

}  // namespace

TEST_CASE("every torture message is judged as the RFCs judge it") {
  for (const auto& entry : manifest()) {
    const std::string file = entry.at("file");
    if (file.contains("siprec") || file.ends_with(".pcap")) continue;
    const std::string expected = entry.at("verdict");
    const std::string verdict = judge(read_file(kCaptures / file));
    INFO(file << ": " << verdict << ", expected " << expected);
    if (expected.starts_with("valid")) CHECK(verdict == "valid");
    if (expected.starts_with("invalid")) CHECK(verdict != "valid");
  }
}

TEST_CASE("every SIPREC offer gives its descriptions with labels, and its metadata") {
  for (const auto& entry : manifest()) {
    const std::string file = entry.at("file");
    if (!file.contains("siprec-offers")) continue;
    INFO(file);
    const std::string body = read_file(kCaptures / file);
    const bool multipart = body.contains("\n--");
    const std::size_t begin = body.find("--") + 2;
    const std::string type = multipart
                                 ? "multipart/mixed;boundary=" + body.substr(begin, body.find('\n', begin) - begin)
                                 : "application/sdp";
    const std::string bytes = "INVITE sip:srs@example.com SIP/2.0\r\nContent-Type: " + type + "\r\n\r\n" + body;
    const auto message = parse_message(as_bytes(bytes)).message;
    REQUIRE(message);
    const auto parts = body_parts(*message);
    CHECK(parts.size() >= (multipart ? 2U : 1U));
    const auto sdp = parse_sdp(sdp_body(*message));
    REQUIRE(sdp);
    REQUIRE_FALSE(sdp->media.empty());
    for (const MediaDescription& media : sdp->media) {
      CHECK(media.media == "audio");
      CHECK_FALSE(media.label.empty());
      CHECK_FALSE(media.formats.empty());
      CHECK(media.port != 0);
    }
  }
}

}  // namespace tapestry::sip
