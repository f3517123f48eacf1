#include <catch2/catch.hpp>
#include <cstdlib>

#include "fixture.h"
#include "vconout/signer.h"
#include "vconout/store.h"

namespace tapestry::vconout::test {
namespace {

namespace fs = std::filesystem;

const fs::path kCheck = fs::path(TAPESTRY_SHARED) / "tools" / "vcon_check.py";

bool check_can_run() {
  return fs::exists(kCheck) && std::system("/usr/bin/python3 -c 'import jwcrypto, jsonschema' 2>/dev/null") == 0 &&
         std::system("ffmpeg -version >/dev/null 2>&1 && ffprobe -version >/dev/null 2>&1") == 0;
}

void write_vcon(const fs::path& folder, const Scene& scene, const Signer& signer, const std::string& uuid) {
  const std::string vcon = build_vcon(scene.interaction, scene.dialogs, uuid, "interaction-1", options());
  write_whole(folder / "vcon" / (uuid + ".vcon"), signer.sign(vcon, uuid));
}

Scene stored(const fs::path& folder, Scene scene) {
  for (std::size_t n = 0; n < scene.dialogs[0].media.size(); ++n) {
    MediaFile& file = scene.dialogs[0].media[n];
    const fs::path media = folder / "media" / file.url.substr(options().base_url.size());
    write_whole(folder / "alex.tmp", wav_of(scene, n));
    move_into_place(folder / "alex.tmp", media);
    file.content_hash = content_hash(media);
  }
  return scene;
}

Scene stored_scene(const fs::path& folder) {
  Scene scene = stored(folder, paused_scene());
  scene.interaction.parties[0].name = "caf\xE9";
  scene.interaction.drops_touched = true;
  return scene;
}

}  // namespace

TEST_CASE("an independent checker finds no fault in a folder of signed vCons") {
  if (!check_can_run()) {
    WARN("vcon_check.py, its Python modules or ffmpeg are not here");
    return;
  }
  const bool es256 = GENERATE(false, true);
  const TemporaryFolder folder;
  const KeyFiles files = make_trial_keys(folder.path() / "keys", "recorder.example.com", es256);
  const Signer signer(files.key, files.certificate, {});
  write_vcon(folder.path(), stored_scene(folder.path()), signer, std::string(kUuid));
  Scene cut = cut_scene();
  cut.interaction.pci_suspected = true;
  for (MediaFile& file : cut.dialogs[0].media) file.url.insert(file.url.rfind('/'), "-cut");
  write_vcon(folder.path(), stored(folder.path(), cut), signer, "019f15a6-a752-8272-bb82-041452eb905f");
  write_vcon(folder.path(), busy_scene(), signer, "019f15a6-a752-8270-bb82-041452eb905f");
  auto bare = busy_scene();
  bare.interaction.parties.resize(3);
  bare.interaction.dialogs.clear();
  bare.dialogs.clear();
  write_vcon(folder.path(), bare, signer, "019f15a6-a752-8271-bb82-041452eb905f");
  const fs::path report = folder.path() / "report";
  const std::string command = "/usr/bin/python3 '" + kCheck.string() + "' --ca '" + files.ca.string() + "' --media '" +
                              (folder.path() / "media").string() + "' '" + (folder.path() / "vcon").string() + "' >'" +
                              report.string() + "' 2>&1";
  const int status = std::system(command.c_str());
  INFO(slurp(report));
  CHECK(status == 0);
  CHECK_THAT(slurp(report), Catch::StartsWith("4 files, 0 with faults"));
}

}  // namespace tapestry::vconout::test
