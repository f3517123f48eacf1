#include "verify/media.h"

#include <catch2/catch.hpp>

#include "sealed.h"
#include "verify/check.h"
#include "verify/crypto.h"
#include "wav.h"

using namespace tapestry::verify;
using nlohmann::json;

namespace {

constexpr unsigned kRate = 8000;

/// The good vCon with a stereo WAV of 60 s at `folder`/m/x.wav that is loud but for the pci gap (20 s to 30.25 s).
struct Recorded {
  Folder folder;
  std::vector<std::int16_t> pcm;
  json vcon = good_vcon();

  Recorded() {
    for (std::size_t n = 0; n < 60 * kRate; ++n) {
      const bool gap = n >= 20 * kRate && n < 30 * kRate + kRate / 4;
      pcm.push_back(gap ? 0 : 1000);
      pcm.push_back(gap ? 8 : -1000);
    }
    vcon["dialog"][1]["url"] = "https://rec.example.com/a%20b/m/x.wav?token=1#t";
    vcon["dialog"][1]["parties"] = {0, {1, 2}};
    keep(wav(2, kRate, pcm));
  }

  void keep(const std::string& bytes) {
    const auto digest = sha512_of(folder.write("m/x.wav", bytes));
    vcon["dialog"][1]["content_hash"] = "sha512-" + base64url(digest.value());
  }
  void set(double second, std::int16_t sample) { pcm[static_cast<std::size_t>(second * kRate) * 2] = sample; }
  [[nodiscard]] std::vector<std::string> faults() const { return faults_in_payload(vcon.dump(), folder.path()); }
};

}  // namespace

TEST_CASE("media that is what the vCon says has no fault") { CHECK(Recorded().faults().empty()); }

TEST_CASE("media must be there with its hash") {
  Recorded recorded;
  recorded.vcon["dialog"][1]["content_hash"] = {good_vcon()["dialog"][1]["content_hash"],
                                                recorded.vcon["dialog"][1]["content_hash"]};
  CHECK(recorded.faults().empty());
  recorded.vcon["dialog"][1]["content_hash"] = good_vcon()["dialog"][1]["content_hash"];
  CHECK(tells(recorded.faults(), "media: dialog/1: content_hash is not that of 'x.wav'"));
  recorded.vcon["dialog"][1]["url"] = "https://rec.example.com/m/y.wav";
  CHECK(tells(recorded.faults(), "media: dialog/1: nothing below the media folder"));
}

TEST_CASE("media must decode") {
  Recorded recorded;
  recorded.keep("this is no audio");
  CHECK(tells(recorded.faults(), "media: dialog/1: 'x.wav'"));
}

TEST_CASE("media is as long as duration says") {
  Recorded recorded;
  recorded.vcon["dialog"][1]["duration"] = 60.09;
  CHECK(recorded.faults().empty());
  recorded.vcon["dialog"][1]["duration"] = 60.11;
  CHECK(tells(recorded.faults(), "60.000 s of audio, duration says 60.11"));
}

TEST_CASE("several channels have as many entries in parties") {
  Recorded recorded;
  recorded.vcon["dialog"][1]["parties"] = {0, 1, 2};
  CHECK(tells(recorded.faults(), "2 channels but 3 entries"));
  recorded.vcon["dialog"][1]["parties"] = 0;
  CHECK(recorded.faults().empty());
  recorded.vcon["dialog"][1]["parties"] = {0, 1, 2};
  recorded.keep(wav(1, kRate, std::vector<std::int16_t>(60 * kRate)));
  CHECK(recorded.faults().empty());
}

TEST_CASE("a pci gap is silent but for its edges") {
  const std::vector<std::pair<double, bool>> rows{
      {20.039, true}, {20.041, false}, {25, false}, {30.205, false}, {30.215, true}};
  for (const auto& [second, silent] : rows) {
    CAPTURE(second);
    Recorded recorded;
    recorded.set(second, -9);
    recorded.keep(wav(2, kRate, recorded.pcm));
    CHECK(recorded.faults().empty() == silent);
    CHECK(tells(recorded.faults(), "gaps: dialog/1: peak 9 inside the pci gap 20.00..30.25 s") != silent);
  }
}

TEST_CASE("a pci gap may begin and end with the beeps that it tells of, and no longer ones") {
  for (const double length : {0.1, 30.0}) {
    Recorded recorded;
    json& gap = recorded.vcon["attachments"][0]["body"]["gaps"][0];
    gap["beep"] = {{"hertz", 440}, {"duration_s", length}};
    recorded.set(20.09, 3277);
    recorded.set(30.16, 3277);
    recorded.keep(wav(2, kRate, recorded.pcm));
    CHECK(recorded.faults().empty());
    recorded.set(20.15, 3277);
    recorded.keep(wav(2, kRate, recorded.pcm));
    CHECK(tells(recorded.faults(), "inside the pci gap"));
    gap.erase("beep");
    CHECK(tells(recorded.faults(), "peak 3277 inside the pci gap 20.00..30.25 s"));
  }
}

TEST_CASE("media that is missing because it waits in quarantine is told as that") {
  Recorded recorded;
  json suspicion = recorded.vcon["attachments"][0];
  suspicion["purpose"] = "pci-suspected";
  suspicion["body"] = {{"times", json::array()}, {"quarantined", true}};
  recorded.vcon["attachments"].push_back(suspicion);
  CHECK(recorded.faults().empty());
  recorded.vcon["dialog"][1]["url"] = "https://rec.example.com/m/y.wav";
  CHECK(tells(recorded.faults(), "media: dialog/1: is in quarantine until it is released"));
}

TEST_CASE("overlapping gaps and gaps beyond the media are looked at once") {
  Recorded recorded;
  json& gaps = recorded.vcon["attachments"][0]["body"]["gaps"];
  for (int n = 0; n < 1000; ++n) gaps.push_back(gaps[0]);
  gaps.push_back({{"reason", "pci"}, {"start", "2026-11-20T08:00:25Z"}, {"end", "2026-11-20T08:00:28Z"}});
  CHECK(recorded.faults().empty());
  gaps.push_back({{"reason", "pci"}, {"start", "2026-11-20T08:00:25Z"}, {"end", "2026-11-20T08:10:00Z"}});
  CHECK(tells(recorded.faults(), "gaps: dialog/1: peak 1000 inside the pci gap 20.00"));
}

TEST_CASE("the longest tail of the url's path is found below the folder") {
  const Folder folder;
  const auto deep = folder.write("a/b/x.wav", "1");
  const auto flat = folder.write("x.wav", "2");
  CHECK(find_media("https://h/a/b/x.wav", folder.path()) == deep);
  CHECK(find_media("https://h/media//a/b/x.wav?q#f", folder.path()) == deep);
  CHECK(find_media("https://h/a%2Fb/x%2Ewav", folder.path()) == deep);
  CHECK(find_media("https://h/c/x.wav", folder.path()) == flat);
}

TEST_CASE("no url leads out of the folder") {
  const Folder folder;
  folder.write("x.wav", "2");
  const auto inner = folder.path() / "inner";
  std::filesystem::create_directory(inner);
  for (const std::string& url :
       {std::string("https://h/../x.wav"), std::string("https://h/a/%2e%2e/x.wav"), std::string("https://h"),
        std::string("https://h/"), std::string("x.wav"), std::string("https://h/inner"),
        std::string("https://h/x%00.wav"), "https://h" + folder.path().string() + "/x.wav"}) {
    CAPTURE(url);
    CHECK_FALSE(find_media(url, inner));
  }
  std::string long_url = "https://h";
  for (std::size_t n = 0; n < kMaxUrlParts; ++n) long_url += "/a";
  CHECK_FALSE(find_media(long_url + "/x.wav", folder.path()));
  CHECK_FALSE(find_media("https://h/" + std::string(5000, 'a'), folder.path()));
}
