#include "app/keys.h"

#include <fmt/format.h>

namespace tapestry::app {

vconout::Signer open_signer(const Config& config, const std::filesystem::path& out, std::ostream& err) {
  if (!config.keys.key.empty()) return {config.keys.key, config.keys.certificate, config.keys.chain};
  const std::filesystem::path folder = out / "keys";
  vconout::KeyFiles files = vconout::key_files(folder);
  if (!std::filesystem::exists(files.key) || !std::filesystem::exists(files.certificate)) {
    files = vconout::make_trial_keys(folder, config.vcon.host, config.keys.es256);
    err << fmt::format("tapestry: no key configured: made a trial key for {} in {}; its CA is {}\n", config.vcon.host,
                       folder.string(), files.ca.string());
  }
  return {files.key, files.certificate, {}};
}

}  // namespace tapestry::app
