#pragma once
#include <optional>
#include <string>
#include <vector>

#include "calls/interaction.h"
#include "mux/render.h"
#include "mux/segments.h"
#include "vconout/audit_log.h"
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
  std::vector<mux::Rendered> rendered;   ///< none or one; of one that is cut, one for each segment that is no shell
  std::vector<MediaFile> media;          ///< as many
  std::vector<mux::Segment> segments{};  ///< of a recording that is cut at its pauses; empty: it is not cut
};

/// What a vCon tells of how it was written.
struct Circumstances {
  bool quarantined = false;          ///< its media waits for somebody's release
  std::optional<AuditHead> audit{};  ///< where the log stood; goes into the first `recording-gaps`
};

/// Builds the unsigned vCon (draft-ietf-vcon-vcon-core-04, CC-02) of a closed conversation. `dialogs` matches
/// interaction.dialogs; a recording that is cut becomes a recording-set in its place, whose members follow all other
/// dialogs. Deterministic but for created_at, which is options.now or the clock.
std::string build_vcon(const calls::Interaction& interaction, const std::vector<FinishedDialog>& dialogs,
                       const std::string& uuid, const std::string& interaction_id, const Options& options,
                       const Circumstances& circumstances = {});

}  // namespace tapestry::vconout
