#include "verify/tombstone.h"

#include <algorithm>
#include <array>

#include "verify/base64.h"
#include "verify/dates.h"

namespace tapestry::verify {
namespace {

constexpr std::size_t kSha512Bytes = 64;

bool is_uuid(std::string_view text) {
  constexpr std::array<std::size_t, 4> kDashes = {8, 13, 18, 23};
  if (text.size() != 36) return false;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const bool dash = std::ranges::find(kDashes, n) != kDashes.end();
    if (dash ? text[n] != '-' : std::string_view("0123456789abcdefABCDEF").find(text[n]) == std::string_view::npos)
      return false;
  }
  return true;
}

bool is_hash(std::string_view text) {
  constexpr std::string_view kPrefix = "sha512-";
  if (!text.starts_with(kPrefix)) return false;
  const auto bytes = from_base64url(text.substr(kPrefix.size()));
  return bytes && bytes->size() == kSha512Bytes;
}

void check_file(Json file, const std::string& where, Faults& faults) {
  if (!file.is_object()) return faults.add("tombstone", where, "is no object");
  if (!is_hash(file["content_hash"].text_or_empty())) faults.add("tombstone", where, "has no content_hash");
  if (!file["bytes"].index()) faults.add("tombstone", where, "has no number of bytes");
  for (std::size_t n = 0; n < file.size(); ++n) {
    const std::string_view name = file.member(n).first;
    if (name != "content_hash" && name != "bytes") faults.add("tombstone", where, "unknown member " + in_quotes(name));
  }
}

void check_members(Json tombstone, Faults& faults) {
  constexpr std::array<std::string_view, 10> kKnown = {"tombstone", "uuid",       "created_at", "deleted_at", "reason",
                                                       "rule",      "deleted_by", "amended",    "vcon",       "media"};
  for (std::size_t n = 0; n < tombstone.size(); ++n) {
    const std::string_view name = tombstone.member(n).first;
    if (std::ranges::find(kKnown, name) == kKnown.end())
      faults.add("tombstone", "", "unknown member " + in_quotes(name));
  }
}

}  // namespace

bool is_tombstone(Json payload) { return payload.is_object() && payload.has("tombstone") && !payload.has("parties"); }

void check_tombstone(Json tombstone, Faults& faults) {
  check_members(tombstone, faults);
  if (tombstone["tombstone"].text_or_empty() != "1")
    faults.add("tombstone", "tombstone", "is no version that is known");
  if (!is_uuid(tombstone["uuid"].text_or_empty())) faults.add("tombstone", "uuid", "is no UUID");
  if (!normal_date(tombstone["deleted_at"].text_or_empty())) faults.add("tombstone", "deleted_at", "is no date-time");
  if (tombstone.has("created_at") && !normal_date(tombstone["created_at"].text_or_empty()))
    faults.add("tombstone", "created_at", "is no date-time");
  for (const std::string_view name : {"reason", "deleted_by"}) {
    if (tombstone[name].text_or_empty().empty()) faults.add("tombstone", name, "is missing");
  }
  if (tombstone.has("vcon")) check_file(tombstone["vcon"], "vcon", faults);
  const Json media = tombstone["media"];
  if (!media.is_array()) return faults.add("tombstone", "media", "is no list");
  for (std::size_t n = 0; n < media.size(); ++n) check_file(media.at(n), path_join("media", n), faults);
}

}  // namespace tapestry::verify
