// Writes all scenes, with their truth and voices, as ../shared/tools/judge.py takes them: write_scenes FOLDER
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

#include "tests/support/scenes/microphone.h"
#include "tests/support/scenes/scenes.h"

namespace {

using namespace tapestry;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string raw(std::string_view voice) {
  std::string bytes;
  for (const std::int16_t sample : scenes::heard(voice, 0, scenes::kVoiceSamples)) {
    const auto word = static_cast<std::uint16_t>(sample);
    bytes.push_back(static_cast<char>(word & 0xffU));
    bytes.push_back(static_cast<char>(word >> 8U));
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_scenes FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder / "voices");
  for (const std::string& voice : scenes::all_voices()) write(folder / "voices" / (voice + ".raw"), raw(voice));
  for (const scenes::SceneEntry& entry : scenes::all_scenes()) {
    scenes::Scene scene = entry.make(entry.name);
    write(folder / (scene.name + ".toml"), scene.configuration);
    write(folder / (scene.name + ".truth.json"), scenes::to_json(scene.truth));
    std::ofstream capture(folder / (scene.name + ".pcap"), std::ios::binary);
    testing::write_pcap(capture, std::move(scene.frames));
  }
  std::cout << scenes::all_scenes().size() << " scenes\n";
  return 0;
}
