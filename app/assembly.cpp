#include "app/assembly.h"

#include <system_error>
#include <utility>

#include "app/keys.h"

namespace tapestry::app {

SpoolFolder::~SpoolFolder() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

Assembly::Assembly(const AssemblySettings& settings, tls::KeyLog* keys, Recorder::Tell tell, std::ostream& err)
    : signer(open_signer(settings.config, settings.out, err)),
      catalog(settings.out / "catalog.sqlite"),
      spool_folder(settings.out / ".spool"),
      spool(spool_folder.path(), {.delay = settings.config.rules.pauses.delay}),
      context{settings.out, settings.config.recording,  settings.config.vcon,      signer,
              spool,        settings.config.cut_pauses, settings.config.quarantine},
      pool({settings.finishers, settings.live ? FinisherPool::kLiveQueue : FinisherPool::kQueue, settings.live},
           context),
      audit(settings.out / "audit"),
      recorder(spool, catalog, pool, audit, std::move(tell),
               {.host = settings.config.vcon.host,
                .out = settings.out,
                .per_agent = settings.config.vcon_per_agent,
                .keep_streams = !settings.live,
                .commit_at_once = !settings.live}),
      pipeline(settings.config.rules, recorder, keys) {}

}  // namespace tapestry::app
