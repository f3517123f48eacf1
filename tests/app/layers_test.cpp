// The house rules that a machine can hold: who may include whom, how long a file may be, what is banned.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/app/temporary_folder.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLines = 500;

/// What a folder may include beside itself: a folder, or one header of it.
const std::map<std::string, std::vector<std::string>>& table() {
  static const std::map<std::string, std::vector<std::string>> rows = {
      {"core", {}},
      {"dtmf", {"core/"}},
      {"tls", {"core/"}},
      {"service", {"core/"}},
      {"capture", {"core/", "tls/"}},
      {"sipparse", {"core/"}},
      {"rtp", {"core/", "capture/datagram.h"}},
      {"pause", {"core/", "sipparse/", "rtp/"}},
      {"calls", {"core/", "dtmf/", "sipparse/", "rtp/", "pause/"}},
      {"spool", {"core/", "rtp/chunk.h"}},
      {"journal", {"core/", "sipparse/", "rtp/", "pause/", "calls/", "spool/"}},
      {"mux", {"core/", "dtmf/", "rtp/", "calls/interaction.h", "calls/srtp_keys.h", "spool/"}},
      {"vconout",
       {"core/", "calls/gap_name.h", "calls/interaction.h", "calls/marker_report.h", "mux/render.h", "mux/segments.h"}},
      {"verify", {"core/"}},
      {"web", {"core/", "vconout/"}},
      {"doctor", {"core/", "capture/"}},
      {"app",
       {"core/", "dtmf/", "tls/", "service/", "capture/", "sipparse/", "rtp/", "pause/", "calls/", "spool/", "journal/",
        "mux/", "vconout/", "verify/", "web/", "doctor/"}},
  };
  return rows;
}

std::vector<fs::path> sources_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".h" || extension == ".cpp")) files.push_back(entry.path());
  }
  return files;
}

/// The position behind the literal or comment that begins at `at`; `at` itself when none does.
std::size_t behind(const std::string& text, std::size_t at) {
  const auto after = [&](std::string_view closing, std::size_t from) {
    const std::size_t found = text.find(closing, from);
    return found == std::string::npos ? text.size() : found + closing.size();
  };
  if (text.compare(at, 2, "//") == 0) return after("\n", at);
  if (text.compare(at, 2, "/*") == 0) return after("*/", at);
  if (text.compare(at, 3, "R\"(") == 0) return after(")\"", at);
  if (text[at] != '"') return at;
  for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1U : 0U;
  return at + 1;
}

/// Without comments and literals; a character literal may stay.
std::string code_of(const std::string& text) {
  std::string code;
  for (std::size_t at = 0; at < text.size();) {
    const bool quote = text.compare(at, 3, "'\"'") == 0;
    const std::size_t next = quote ? at + 3 : behind(text, at);
    if (next == at) {
      code += text[at++];
    } else {
      code += ' ';
      at = next;
    }
  }
  return code;
}

bool may_include(const std::string& folder, const std::string& header) {
  if (header.starts_with(folder + "/")) return true;
  for (const std::string& allowed : table().at(folder)) {
    if (allowed.ends_with('/') ? header.starts_with(allowed) : header == allowed) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("every folder includes only what the table of DESIGN.md allows") {
  static const std::regex kInclude(R"(#include "([^"]+)\")");
  for (const auto& [folder, allowed] : table()) {
    for (const fs::path& file : sources_below(fs::path(TAPESTRY_SOURCE) / folder)) {
      const std::string text = tapestry::testing::read_file(file);
      for (std::sregex_iterator at(text.begin(), text.end(), kInclude), end; at != end; ++at) {
        INFO(file.string() << " includes " << (*at)[1].str());
        CHECK(may_include(folder, (*at)[1].str()));
      }
    }
  }
}

TEST_CASE("no source is longer than 500 lines") {
  std::vector<std::string> folders{"tests"};
  for (const auto& [folder, allowed] : table()) folders.push_back(folder);
  for (const std::string& folder : folders) {
    for (const fs::path& file : sources_below(fs::path(TAPESTRY_SOURCE) / folder)) {
      const std::string text = tapestry::testing::read_file(file);
      INFO(file.string());
      CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) <= kMaxLines);
    }
  }
}

TEST_CASE("no test has a name that ctest would divide, and then not run") {
  static const std::regex kName(R"(TEST_CASE\s*\(((?:\s*"(?:[^"\\]|\\.)*")+))");
  std::size_t seen = 0;
  for (const fs::path& file : sources_below(fs::path(TAPESTRY_SOURCE) / "tests")) {
    const std::string text = tapestry::testing::read_file(file);
    for (std::sregex_iterator at(text.begin(), text.end(), kName), end; at != end; ++at, ++seen) {
      INFO(file.string() << ": " << (*at)[1].str());
      CHECK_FALSE((*at)[1].str().contains(';'));
    }
  }
  CHECK(seen > 1000);
}

TEST_CASE("no source outside of the tests uses what the house rules ban") {
  const std::vector<std::pair<std::string, std::regex>> banned = {
      {"shared_ptr", std::regex(R"(\b(shared_ptr|make_shared)\b)")},
      {"reinterpret_cast", std::regex(R"(\breinterpret_cast\b)")},
      {"naked new", std::regex(R"(\bnew\s+[A-Za-z_:(])")},
      {"naked delete", std::regex(R"(\bdelete(\[\])?\s+[A-Za-z_*(])")},
      {"catch (...)", std::regex(R"(\bcatch\s*\(\s*\.\.\.\s*\))")},
  };
  static const std::regex kUnnumbered(R"(\bTODO\b(?!\(#[0-9]+\)))");
  for (const auto& [folder, allowed] : table()) {
    for (const fs::path& file : sources_below(fs::path(TAPESTRY_SOURCE) / folder)) {
      const std::string text = tapestry::testing::read_file(file);
      const std::string code = code_of(text);
      for (const auto& [name, pattern] : banned) {
        INFO(file.string() << ": " << name);
        CHECK_FALSE(std::regex_search(code, pattern));
      }
      INFO(file.string() << ": TODO without an issue's number");
      CHECK_FALSE(std::regex_search(text, kUnnumbered));
    }
  }
}
