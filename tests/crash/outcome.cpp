#include "tests/crash/outcome.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "verify/verify.h"

namespace tapestry::crash {
namespace {

using Json = nlohmann::json;

Json body_of(const Json& object) {
  const Json body = object.value("body", Json());
  return body.is_string() ? Json::parse(body.get<std::string>(), nullptr, false) : body;
}

/// Every stream that a report of the vCon tells of.
void add_streams(const Json& vcon, std::map<std::uint32_t, std::uint64_t>& received) {
  for (const Json& analysis : vcon.value("analysis", Json::array())) {
    const Json report = body_of(analysis);
    if (!report.is_object() || !report.contains("streams")) continue;
    for (const Json& stream : report["streams"]) {
      const std::string text = stream.at("ssrc").get<std::string>().substr(2);
      std::uint32_t ssrc = 0;
      std::from_chars(text.data(), text.data() + text.size(), ssrc, 16);
      received[ssrc] += stream.at("packets").at("received").get<std::uint64_t>();
    }
  }
}

std::set<std::string> calls_of(const Json& vcon) {
  std::set<std::string> calls;
  for (const Json& attachment : vcon.value("attachments", Json::array())) {
    if (attachment.value("purpose", "") != "call-signalling") continue;
    const Json body = body_of(attachment);
    for (const Json& dialog : body.at("dialogs")) calls.insert(dialog.at("call_id").get<std::string>());
  }
  return calls;
}

}  // namespace

Outcome outcome_of(const std::filesystem::path& out, const Load& load) {
  Outcome outcome;
  std::set<std::string> calls;
  std::map<std::uint32_t, std::uint64_t> received;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(out / "vcon")) {
    if (entry.path().extension() != ".vcon") continue;
    ++outcome.vcons;
    for (const std::string& fault :
         verify::faults_of(entry.path(), {.ca = out / "keys" / "ca.pem", .media = out / "media"})) {
      outcome.faults.push_back(entry.path().filename().string() + ": " + fault);
    }
    const Json vcon = Json::parse(verify::payload_of(entry.path()));
    for (const std::string& call : calls_of(vcon)) outcome.repeated += calls.insert(call).second ? 0 : 1;
    add_streams(vcon, received);
  }
  outcome.calls = calls.size();
  for (const auto& [ssrc, packets] : load.packets) {
    outcome.sent += packets;
    if (const auto found = received.find(ssrc); found != received.end()) outcome.recorded += found->second;
  }
  return outcome;
}

}  // namespace tapestry::crash
