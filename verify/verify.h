#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace tapestry::verify {

struct Options {
  std::filesystem::path ca;     ///< PEM with trusted roots; empty: the chain is not checked, and that is no fault
  std::filesystem::path media;  ///< folder with the media; empty: media is not checked
};

/// Every fault of one signed vCon, one sentence each, in the order found; empty when there is none. Checks form (JWS
/// General JSON), signature and chain, uuid, the rules of draft-ietf-vcon-vcon-core-04's schema and text, and the
/// media: hash, that it decodes, channels, length, silence inside pci gaps. Of the signed tombstone of a vCon that was
/// deleted (docs/retention.md): form, signature, chain, uuid, and its members. Shares no code with the writer. Never
/// throws on bad content.
std::vector<std::string> faults_of(const std::filesystem::path& vcon, const Options& options);

/// The unsigned vCon inside a signed one (its payload's text); throws std::runtime_error when the file is no JWS.
std::string payload_of(const std::filesystem::path& vcon);

}  // namespace tapestry::verify
