#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>

#include "sealed.h"
#include "verify/verify.h"

using namespace tapestry::verify;
using nlohmann::json;

namespace {

using Files = std::map<std::string, std::string>;  // what was changed → the file's name

/// Every place inside `value`, parents before children.
void collect(const json& value, const std::string& at, std::vector<std::string>& places) {
  if (!at.empty()) places.push_back(at);
  if (value.is_object()) {
    for (const auto& [name, child] : value.items()) collect(child, at + "/" + name, places);
  } else if (value.is_array()) {
    for (std::size_t n = 0; n < value.size(); ++n) collect(value[n], at + "/" + std::to_string(n), places);
  }
}

void take_away(json& document, const std::string& place) {
  const json::json_pointer pointer(place);
  json& parent = document[pointer.parent_pointer()];
  if (parent.is_object()) {
    parent.erase(pointer.back());
  } else {
    parent.erase(std::stoul(pointer.back()));
  }
}

/// `original` with each place in turn taken away or given another value, with what was done.
std::vector<std::pair<std::string, json>> mutants(const json& original) {
  const std::vector<json> values{nullptr,           "", "x", -1, 99, 1.5, true, json::array(), json::object(),
                                 json::array({"x"})};
  std::vector<std::string> places;
  collect(original, "", places);
  std::vector<std::pair<std::string, json>> out;
  for (const std::string& place : places) {
    out.emplace_back(place + " gone", original);
    take_away(out.back().second, place);
    for (const json& value : values) {
      out.emplace_back(place + " = " + value.dump(), original);
      out.back().second[json::json_pointer(place)] = value;
    }
  }
  return out;
}

/// The tool's faults per file; null when it cannot run here.
json tool_report(const Folder& folder) {
  const std::filesystem::path tool = std::filesystem::path(TAPESTRY_SHARED) / "tools/vcon_check.py";
  const std::filesystem::path out = folder.path() / "report.json";
  if (!std::filesystem::exists(tool)) return nullptr;
  if (std::system("/usr/bin/python3 -c 'import jwcrypto, jsonschema' 2>/dev/null") != 0) return nullptr;
  const std::string command =
      "/usr/bin/python3 '" + tool.string() + "' --json '" + folder.path().string() + "' > '" + out.string() + "'";
  (void)!std::system(command.c_str());
  std::ifstream file(out);
  return json::parse(file, nullptr, false);
}

/// Whether a fault is of the rules that this program has beyond the tool's: dates and indices that the tool does not
/// look at, and a body of recording-gaps without a list of gaps.
bool beyond_the_tool(const std::string& fault) {
  constexpr std::string_view kOurs[] = {"lint: updated_at:",
                                        "lint: attachments/0/start:",
                                        "lint: attachments/1/start:",
                                        "lint: dialog/1/originator:",
                                        "lint: dialog/1/recording_set:",
                                        "lint: analysis/",
                                        "gaps: attachments/0: body has no list of gaps"};
  return std::ranges::any_of(kOurs, [&](std::string_view rule) { return fault.starts_with(rule); });
}

void compare(const Folder& folder, const Files& files) {
  const json report = tool_report(folder);
  if (!report.is_object()) {
    WARN("no shared tool, or no python modules for it");
    return;
  }
  CHECK(report.size() == files.size());
  for (const auto& [change, name] : files) {
    const auto path = folder.path() / name;
    const auto ours = faults_of(path, {});
    const json& theirs = report.at(path.string());
    if (ours.empty() == theirs.empty() || (theirs.empty() && std::ranges::all_of(ours, beyond_the_tool))) continue;
    CAPTURE(change, ours, theirs.dump());
    CHECK(ours.empty() == theirs.empty());
  }
}

}  // namespace

TEST_CASE("the independent tool agrees about every change of a payload") {
  const Folder folder;
  Files files;
  files.emplace("nothing", "good.vcon");
  folder.write("good.vcon", seal(good_vcon().dump()).dump());
  for (const auto& [change, vcon] : mutants(good_vcon())) {
    files.emplace(change, std::to_string(files.size()) + ".vcon");
    folder.write(files.at(change), seal(vcon.dump()).dump());
  }
  compare(folder, files);
}

TEST_CASE("the independent tool agrees about every change of a signed form") {
  const Folder folder;
  Files files;
  for (const auto& [change, jws] : mutants(seal(good_vcon().dump()))) {
    files.emplace(change, std::to_string(files.size()) + ".vcon");
    folder.write(files.at(change), jws.dump());
  }
  compare(folder, files);
}
