#include "app/doctor.h"

#include <fmt/format.h>
#include <poll.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "app/text.h"
#include "capture/file_source.h"
#include "capture/interface_source.h"
#include "doctor/identity.h"
#include "doctor/interface.h"
#include "doctor/machine.h"
#include "doctor/traffic.h"
#include "vconout/certificate.h"
#include "vconout/signer.h"

namespace tapestry::app {
namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Verdict;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kWait{100};
constexpr std::size_t kFramesPerLook = 8192;

Time wall_clock() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

std::vector<capture::InterfaceOptions> interfaces_of(const DoctorSettings& settings) {
  if (settings.interfaces.empty()) return settings.config.capture.interfaces;
  std::vector<capture::InterfaceOptions> all;
  for (const std::string& name : settings.interfaces) {
    capture::InterfaceOptions options;
    options.ring.interface = name;
    all.push_back(std::move(options));
  }
  return all;
}

doctor::Sample sample_of_file(const std::string& file) {
  const auto source = capture::open_file(file);
  doctor::Traffic traffic;
  for (capture::Frame frame; source->next(frame);) traffic.add(frame);
  return traffic.finish();
}

doctor::Sample sample_of_interface(capture::InterfaceOptions options, std::chrono::seconds length) {
  options.rings = 1;
  capture::InterfaceSource source(std::move(options));
  doctor::Traffic traffic;
  capture::LiveLane& lane = *source.lanes().front();
  for (const Clock::time_point end = Clock::now() + length; Clock::now() < end;) {
    capture::Frame frame;
    std::size_t taken = 0;
    while (taken < kFramesPerLook && lane.next(frame)) {
      traffic.add(frame);
      ++taken;
    }
    if (taken == kFramesPerLook) continue;
    std::vector<pollfd> watched;
    for (const int descriptor : source.descriptors()) watched.push_back({descriptor, POLLIN, 0});
    (void)::poll(watched.data(), watched.size(), static_cast<int>(kWait.count()));
  }
  std::vector<capture::Drops> drops;
  std::vector<std::string> news;
  source.look(wall_clock(), drops, news);
  doctor::Sample sample = traffic.finish();
  for (const capture::Drops& one : drops) sample.lost += one.packets;
  return sample;
}

/// Each check's name with that of the interface behind it.
Findings named(Findings findings, const std::string& name) {
  for (Finding& finding : findings) finding.check += " " + name;
  return findings;
}

Findings examine_traffic(const capture::InterfaceOptions& options, std::chrono::seconds length) {
  const std::string& name = options.ring.interface;
  try {
    return named(judge_traffic(sample_of_interface(options, length)), name);
  } catch (const capture::NotPermitted&) {
    return {{"traffic " + name, Verdict::Skipped, "this process may not capture"}};
  } catch (const std::runtime_error& error) {
    return {{"traffic " + name, Verdict::Failure, error.what(), "[[capture]], and the lines above"}};
  }
}

/// Credentials are there in the service alone.
bool is_elsewhere(const std::filesystem::path& path) { return path.string().starts_with(kCredential); }

Findings examine_keys(const DoctorSettings& settings) {
  const KeySettings& keys = settings.config.keys;
  if (is_elsewhere(keys.key) || is_elsewhere(keys.certificate)) {
    return {{"signing key", Verdict::Skipped, "it is a credential of the service"}};
  }
  doctor::Identity identity{.configured = !keys.key.empty(), .host = settings.config.vcon.host};
  const vconout::KeyFiles trial = vconout::key_files(settings.out / "keys");
  const auto certificate = identity.configured ? keys.certificate : trial.certificate;
  if (!identity.configured && !std::filesystem::exists(certificate)) return judge_identity(identity, wall_clock());
  identity.certificate = certificate.string();
  try {
    (void)vconout::Signer(identity.configured ? keys.key : trial.key, certificate, keys.chain);
    const auto facts = vconout::read_certificate(certificate, identity.host);
    identity.not_after = facts.not_after;
    identity.names_host = facts.names_host;
  } catch (const std::runtime_error& error) {
    identity.fault = error.what();
  }
  return judge_identity(identity, wall_clock());
}

void print(const Findings& findings, std::ostream& out) {
  for (const Finding& finding : findings) {
    out << fmt::format("{:<8} {}: {}\n", name_of(finding.verdict), printable(finding.check), printable(finding.what));
    if (!finding.mend.empty()) out << fmt::format("         mend: {}\n", printable(finding.mend));
  }
}

void print_json(const Findings& findings, std::ostream& out) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    nlohmann::ordered_json one{{"check", finding.check}, {"verdict", name_of(finding.verdict)}, {"what", finding.what}};
    if (!finding.mend.empty()) one["mend"] = finding.mend;
    all.push_back(std::move(one));
  }
  const nlohmann::ordered_json whole{{"verdict", name_of(worst_of(findings))}, {"checks", std::move(all)}};
  out << whole.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace

Findings examine(const DoctorSettings& settings) {
  const auto interfaces = interfaces_of(settings);
  Findings all;
  for (const auto& options : interfaces) {
    const std::string& name = options.ring.interface;
    const doctor::Interface state = doctor::read_interface(settings.sys, name);
    doctor::add(all, judge_interface(state));
    if (state.present) doctor::add(all, judge_nic(name, doctor::read_nic(name)));
  }
  if (interfaces.empty() && settings.capture.empty()) {
    all.push_back({"interfaces", Verdict::Failure, "none is configured", "[[capture]] interface, or --interface"});
  }
  doctor::add(all, judge_clock(doctor::read_clock()));
  doctor::add(all, judge_rights(doctor::read_rights(settings.proc), !interfaces.empty()));
  doctor::add(all, judge_disk(doctor::read_disk(settings.out, true)));
  doctor::add(all, examine_keys(settings));
  if (!settings.capture.empty()) {
    doctor::add(all, named(judge_traffic(sample_of_file(settings.capture)), settings.capture));
  } else if (settings.seconds.count() > 0) {
    for (const auto& options : interfaces) doctor::add(all, examine_traffic(options, settings.seconds));
  }
  return all;
}

int doctor(const DoctorSettings& settings, std::ostream& out) {
  const Findings findings = examine(settings);
  settings.json ? print_json(findings, out) : print(findings, out);
  return worst_of(findings) == Verdict::Failure ? 1 : 0;
}

}  // namespace tapestry::app
