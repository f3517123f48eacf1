#include "vconout/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "vconout/digest.h"
#include "vconout/hex.h"

namespace tapestry::vconout {
namespace {

std::int64_t number(Time time) { return time.time_since_epoch().count(); }

/// Length first: no text from the wire can look like another field.
std::string field(std::string_view text) { return fmt::format("{}:{}", text.size(), text); }

std::string line(const calls::DialogSummary& dialog) {
  return fmt::format("dialog {} {} {} {} {}\n", field(dialog.call_id), field(dialog.from_tag), field(dialog.to_tag),
                     number(dialog.invited), dialog.ended ? fmt::to_string(number(*dialog.ended)) : "-");
}

std::string line(const calls::Track& track) {
  return fmt::format("stream {} {} {:08x} {} {} {}\n", track.flow.source.to_string(),
                     track.flow.destination.to_string(), track.flow.ssrc, number(track.stats.first),
                     number(track.stats.last), track.stats.packets);
}

}  // namespace

std::string fingerprint(const calls::Interaction& interaction) {
  std::vector<std::string> lines;
  lines.reserve(interaction.signalling.size() + interaction.tracks.size());
  for (const auto& dialog : interaction.signalling) lines.push_back(line(dialog));
  for (const auto& track : interaction.tracks) lines.push_back(line(track));
  std::ranges::sort(lines);
  Digest running(Digest::Kind::Sha256);
  for (const auto& text : lines) running.add(as_bytes(text));
  return hex(running.finish());
}

std::string fingerprint_of_part(const std::string& whole, const std::string& agent) {
  Digest running(Digest::Kind::Sha256);
  running.add(as_bytes(fmt::format("part {} of {}\n", field(agent), whole)));
  return hex(running.finish());
}

}  // namespace tapestry::vconout
