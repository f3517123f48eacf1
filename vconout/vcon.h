#pragma once
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "mux/render.h"
#include "vconout/options.h"

namespace tapestry::vconout {

/// One recording's file in its final place, as the vCon names it.
struct MediaFile {
  std::string url;
  std::string content_hash;  ///< `sha512-` + base64url
  std::string filename;
};

/// One DialogPlan's outcome: empty for Incomplete.
struct FinishedDialog {
  std::vector<mux::Rendered> rendered;  ///< none or one
  std::vector<MediaFile> media;         ///< as many
};

/// Builds the unsigned vCon (draft-ietf-vcon-vcon-core-04, CC-02) of a closed conversation. `dialogs` matches
/// interaction.dialogs. Deterministic but for created_at, which is options.now or the clock.
std::string build_vcon(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs,
                       const std::string& uuid, const std::string& interaction_id, const Options& options);

}  // namespace tapestry::vconout
