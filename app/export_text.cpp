#include "app/export_text.h"

#include <fmt/format.h>

#include "app/text.h"

namespace tapestry::app {
namespace {

constexpr std::string_view kContents =
    "vcon/          signed vCons (JWS, RFC 7515; draft-ietf-vcon-vcon-core-04); a vCon that amends another comes with "
    "it\n"
    "media/         the recordings that they name by url and hash\n"
    "tombstones/    signed notes of vCons that were deleted\n"
    "certificates/  of each signed file: the signer's certificate first, then those above it (its x5c)\n"
    "signatures/    of each signed file: its signature as openssl reads it\n"
    "audit/         lines of the recorder's logs that are about these vCons: pause markers, accesses, holds; each has "
    "its\n"
    "               number in the log and the hash of the line before\n"
    "SHA256SUMS     of all other files: sha256sum -c SHA256SUMS\n";

constexpr std::string_view kCommands =
    "With tapestry (ca.pem: a certificate that you trust, and did not get with this bundle):\n"
    "\n"
    "  tapestry verify --ca ca.pem --media media vcon\n"
    "\n"
    "With openssl and the usual tools, for each signed file ($f) and its uuid ($u):\n"
    "\n"
    "  sed -E 's/^\\{\"payload\":\"([^\"]*)\",\"signatures\":.*\"protected\":\"([^\"]*)\".*/\\2.\\1/' $f | tr -d '\\n' "
    "> signed\n"
    "  openssl x509 -in certificates/$u.pem -pubkey -noout > key.pem\n"
    "  openssl dgst -sha256 -verify key.pem -signature signatures/$u.sig signed\n"
    "  openssl verify -CAfile ca.pem -untrusted certificates/$u.pem certificates/$u.pem\n"
    "\n"
    "What was signed, to read (base64 may complain about the missing padding):\n"
    "\n"
    "  cut -d. -f2 signed | tr '_-' '/+' | base64 -d > vcon.json\n"
    "\n"
    "A recording is the one that was signed when this is its content_hash in vcon.json, behind sha512-:\n"
    "\n"
    "  openssl dgst -sha512 -binary media/... | base64 -w0 | tr '/+' '_-' | tr -d '='\n";

std::string listed(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text = fmt::format("\n{}\n\n", title);
  for (const std::string& line : lines) text += "  " + printable(line) + "\n";
  return text;
}

std::vector<std::string> lines_of(const std::vector<ExportedFile>& files) {
  std::vector<std::string> lines;
  for (const ExportedFile& file : files) lines.push_back(fmt::format("f={} u={}", file.path, file.uuid));
  return lines;
}

}  // namespace

std::string readme_of(const ExportedText& text, Time now) {
  std::string readme = fmt::format("Exported by tapestry, {} UTC.\n\n", date_text(now));
  readme += kContents;
  readme += "\n";
  readme += kCommands;
  readme += listed("Signed vCons:", lines_of(text.vcons));
  readme += listed("Deleted; their tombstones:", lines_of(text.tombstones));
  readme += listed("Was in quarantine, for card data may be in it:", text.quarantined);
  readme += listed("Is in quarantine and was left out, so verifying says that it is missing:", text.left_out);
  return readme;
}

}  // namespace tapestry::app
