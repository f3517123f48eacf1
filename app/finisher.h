#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "app/report.h"
#include "calls/interaction.h"
#include "calls/marker_report.h"
#include "mux/render.h"
#include "spool/media_store.h"
#include "vconout/options.h"
#include "vconout/signer.h"
#include "vconout/store.h"
#include "vconout/vcon.h"

namespace tapestry::app {

/// What every finisher needs; all of it outlives them and is safe to use from several threads.
struct FinisherContext {
  std::filesystem::path out;
  mux::Options recording;
  vconout::Options vcon;
  const vconout::Signer& signer;
  spool::MediaStore& media;
  bool cut = false;          ///< recordings are cut at their pauses instead of silent in them
  bool quarantine = false;   ///< media of conversations in which card data is suspected waits for a release
  bool keep_failed = false;  ///< what could not be written is tried again: its tracks are not released
};

/// A vCon to be written.
struct FinishPart {
  calls::Interaction interaction;
  std::string uuid;
  std::string fingerprint;
  std::string amends{};  ///< vCon below the output folder that this one goes on with; it is written. Empty: none
  std::optional<vconout::AuditHead> audit{};  ///< none: the vCon names no audit log
  std::string already{};  ///< this vCon below the output folder has been written before: nothing is to be done
  bool deleted = false;   ///< it was deleted since: `already` is its tombstone
};

/// A closed conversation: one vCon, or one for each agent.
struct FinishJob {
  std::uint64_t number = 0;  ///< Interaction::number
  std::vector<FinishPart> parts;
  std::vector<calls::TrackId> tracks;  ///< of all parts
};

struct Finished {
  ConversationReport report;  ///< report.fault says what went wrong
  vconout::CatalogRow row;    ///< to be committed when there is no fault, and the report does not say `already`
  std::vector<calls::MarkerReport> heard{};  ///< card data that only the recordings' tones told of; for the audit log
};

/// Renders every recording, then builds, signs and writes the vCon: media is in its final place before the vCon is. Any
/// thread. Throws std::runtime_error when the disk, an encoder or the key fails; temporary files are gone then.
Finished finish(const FinishPart& part, const FinisherContext& context);

/// finish() for each part, in their order, with an exception made into report.fault; the conversation's tracks are
/// released either way, unless FinisherContext::keep_failed says otherwise.
std::vector<Finished> finish_and_release(const FinishJob& job, const FinisherContext& context);

/// What became of a job.
struct FinishedJob {
  std::vector<Finished> parts;       ///< not empty
  std::optional<FinishJob> again{};  ///< the job itself when a part failed, and it is to be tried again
};

}  // namespace tapestry::app
