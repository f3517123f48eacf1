#include "mux/srtp.h"

#include <fstream>
#include <iterator>
#include <numeric>

#include "studio.h"
#include "tests/support/srtp_sender.h"

namespace tapestry::mux {
namespace {

using calls::SrtpKey;
using testing::SrtpSender;
using Lines = std::vector<std::string>;
using Octets = std::vector<std::uint8_t>;

constexpr std::array kProfiles{"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AES_192_CM_HMAC_SHA1_80",
                               "AES_192_CM_HMAC_SHA1_32", "AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32",
                               "AEAD_AES_128_GCM",        "AEAD_AES_256_GCM"};
const std::string kCm = kProfiles[0];

/// A key that tests make: counts up from `first`.
SrtpKey key_of(const std::string& profile, std::uint8_t first = 0, Duration since = {}, Octets mki = {}) {
  Octets octets(testing::secret_bytes(profile));
  std::iota(octets.begin(), octets.end(), first);
  return {.since = kStart + since, .profile = profile, .secret = Secret(octets), .mki = std::move(mki)};
}

SrtpSender sender_of(const SrtpKey& key) { return {key.profile, key.secret.bytes(), key.mki}; }

testing::Buffer plain(const Sent& sent) {
  return testing::rtp_packet(sent.type, sent.sequence, sent.timestamp, sent.ssrc, false, sent.payload);
}

std::vector<Sent> protect(std::vector<Sent> packets, SrtpSender& sender) {
  for (Sent& packet : packets) packet.raw = sender.protect(plain(packet));
  return packets;
}

std::vector<Sent> speech(std::uint16_t sequence = 100, std::size_t count = 500, Duration first = {}) {
  return Sender{.signal = sine(440), .first = first, .sequence = sequence}.packets(count);
}

/// What a recording of these packets on channel 0 is, with speech in clear on channel 1.
struct Result {
  Octets file;
  Lines gaps;
  PacketCounts packets;
};

Result record(const std::vector<Sent>& packets, const std::vector<SrtpKey>& keys, const std::string& encryption = kCm,
              Format format = Format::G711) {
  Studio studio;
  const std::size_t track = studio.play(0, packets);
  studio.tracks[track].encryption = encryption;
  studio.tracks[track].srtp_keys = keys;
  studio.play(1, speech());
  const Rendered rendered = studio.render(format);
  std::ifstream file(rendered.path, std::ios::binary);
  using Read = std::istreambuf_iterator<char>;
  return {.file = Octets(Read(file), Read()), .gaps = describe(rendered.gaps), .packets = rendered.packets};
}

Result record_clear(const std::vector<Sent>& packets, Format format = Format::G711) {
  return record(packets, {}, "", format);
}

bool same(const Result& a, const Result& b) { return a.file == b.file && a.gaps == b.gaps; }

Octets octets_of(std::string_view hex) {
  Octets octets;
  for (std::size_t n = 0; n + 1 < hex.size(); n += 2) {
    octets.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(n, 2)), nullptr, 16)));
  }
  return octets;
}

/// The payload in clear of one packet; empty when it stays sealed.
Octets open_one(const SrtpKey& key, Bytes packet) {
  calls::Track track;
  track.encryption = key.profile;
  track.srtp_keys = {key};
  Decryptor decryptor(track);
  decryptor.begin_chunk(packet);
  const auto parsed = rtp::parse_packet(packet, kStart);
  REQUIRE(parsed);
  const auto opened = decryptor.open(*parsed);
  if (opened.sealed) return {};
  return {opened.packet.payload.begin(), opened.packet.payload.end()};
}

}  // namespace

TEST_CASE("a packet of libsrtp's published vector, whose key is that of RFC 3711 B.3, is opened") {
  const SrtpKey key{.profile = kCm,
                    .secret = Secret(octets_of("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6"))};
  CHECK(open_one(key, octets_of("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb")) ==
        Octets(16, 0xab));
}

TEST_CASE("packets that another implementation protected are opened, with each profile, from any roll-over counter") {
  struct Vector {
    const char* profile;
    const char* roc0;
    const char* roc3;
  };
  // Made with Python's cryptography package from RFC 3711 §4, RFC 6188 and RFC 7714.
  constexpr std::array kVectors{
      Vector{"AES_CM_128_HMAC_SHA1_80", "c8f5e0214236e5fde9cbd62d47b0a0914abc4786f3c58a32060f",
             "390874d122c3e930d4fc1249c008984fe0496c023fea36269ed9"},
      Vector{"AES_CM_128_HMAC_SHA1_32", "c8f5e0214236e5fde9cbd62d47b0a0914abc4786",
             "390874d122c3e930d4fc1249c008984fe0496c02"},
      Vector{"AES_192_CM_HMAC_SHA1_80", "a03a8c2b0029059cc25c94149ed24d3696e0388e0e840a4f81a7",
             "40b5e9613174fa8174f26795e9f9d7aa8ee4c52960596e3ef4d9"},
      Vector{"AES_192_CM_HMAC_SHA1_32", "a03a8c2b0029059cc25c94149ed24d3696e0388e",
             "40b5e9613174fa8174f26795e9f9d7aa8ee4c529"},
      Vector{"AES_256_CM_HMAC_SHA1_80", "c8aac6ca55421d12d04ae6ab515e76427ba288b42a3073f0ddfb",
             "322f13c85462ac9c453f9ea3d3ba790cec7d5cb9cc02f4afb381"},
      Vector{"AES_256_CM_HMAC_SHA1_32", "c8aac6ca55421d12d04ae6ab515e76427ba288b4",
             "322f13c85462ac9c453f9ea3d3ba790cec7d5cb9"},
      Vector{"AEAD_AES_128_GCM", "4ad7d8a55fb3fd902db557c94b415ecd17ea3bd1754d1f2808104e868c1cf597",
             "751bacd2a6727c1384dce1fcaa43bd4f0d49e9b0bc4544075949c9037c3e882a"},
      Vector{"AEAD_AES_256_GCM", "d54ed632a76bff3fa2efbb5597a5d5e87c07497c6b89729d1291317aeef11ba7",
             "03afbef9b63b0f278a29f65c805c6a0b5768a785f4f5c5cd3430b9ecc8dad6f1"}};
  for (const Vector& vector : kVectors) {
    INFO(vector.profile);
    const std::string header = "800f1234decafbadcafebabe";
    CHECK(open_one(key_of(vector.profile), octets_of(header + vector.roc0)) == Octets(16, 0xab));
    CHECK(open_one(key_of(vector.profile), octets_of(header + vector.roc3)) == Octets(16, 0xab));
    CHECK(open_one(key_of(vector.profile, 1), octets_of(header + vector.roc0)).empty());
  }
}

TEST_CASE("AES-192 counts roll-overs, too, where its keys are derived as RFC 6188 says") {
  calls::Track track;
  track.srtp_keys = {key_of("AES_192_CM_HMAC_SHA1_32")};
  track.encryption = track.srtp_keys.front().profile;
  Decryptor decryptor(track);
  std::vector<Octets> payloads;
  for (const char* const hex :
       {"800ffffedecafbadcafebabe7811d588b50adc2e", "800f0001decafbadcafebabe8a4f93ce8233c293",
        "800fffffdecafbadcafebabe88f3ba9df267fdd7", "800f0002decafbadcafebabe309c306517f6c100"}) {
    const Octets packet = octets_of(hex);
    decryptor.begin_chunk(packet);
    const auto opened = decryptor.open(rtp::parse_packet(packet, kStart).value());
    CHECK_FALSE(opened.sealed);
    payloads.emplace_back(opened.packet.payload.begin(), opened.packet.payload.end());
  }
  CHECK(payloads == std::vector<Octets>(4, Octets(4, 0xab)));
}

TEST_CASE("a protected call gives the same bytes as the call in clear, with each profile") {
  const Result clear = record_clear(speech());
  CHECK(clear.gaps.empty());
  for (const char* const profile : kProfiles) {
    INFO(profile);
    SrtpSender sender = sender_of(key_of(profile));
    CHECK(same(record(protect(speech(), sender), {key_of(profile)}, profile), clear));
  }
}

TEST_CASE("an MKI is taken off, and tells keys apart") {
  const Result clear = record_clear(speech());
  for (const char* const profile : {kProfiles[0], kProfiles[6]}) {
    INFO(profile);
    const SrtpKey mine = key_of(profile, 7, {}, {0, 0, 0, 2});
    SrtpSender sender = sender_of(mine);
    const auto packets = protect(speech(), sender);
    CHECK(same(record(packets, {key_of(profile, 1, {}, {0, 0, 0, 1}), mine}, profile), clear));
    CHECK(record(packets, {key_of(profile, 7, {}, {0, 0, 0, 1})}, profile).gaps ==
          Lines{std::string("undecryptable 0 0-10 ") + profile});
  }
}

TEST_CASE("of several keys the one that authenticates is taken") {
  const SrtpKey last = key_of("AEAD_AES_256_GCM", 3);
  SrtpSender sender = sender_of(last);
  CHECK(same(record(protect(speech(), sender), {key_of(kCm), key_of("AES_192_CM_HMAC_SHA1_32"), last}),
             record_clear(speech())));
}

TEST_CASE("a re-keying within a call is followed, and late packets of the old key are heard") {
  const SrtpKey old_key = key_of(kCm, 1);
  const SrtpKey new_key = key_of(kCm, 2, 4900ms);
  SrtpSender before = sender_of(old_key);
  SrtpSender after = sender_of(new_key);
  auto packets = speech();
  for (std::size_t n = 0; n < packets.size(); ++n) {
    packets[n].raw = (n < 250 ? before : after).protect(plain(packets[n]));
  }
  CHECK(same(record(packets, {old_key, new_key}), record_clear(speech())));
  std::swap(packets[249].at, packets[252].at);
  const Result late = record(packets, {old_key, new_key});
  CHECK(late.gaps.empty());
  CHECK(late.packets.lost == 0);
}

TEST_CASE("keys that the capture told only later open what came before") {
  SrtpSender sender = sender_of(key_of(kCm));
  CHECK(same(record(protect(speech(), sender), {key_of(kCm, 0, 9s)}), record_clear(speech())));
}

TEST_CASE("a capture that begins late finds the roll-over counter") {
  for (const char* const profile : kProfiles) {
    for (const unsigned roc : {1U, 5U, 63U}) {
      INFO(profile << " " << roc);
      SrtpSender sender = sender_of(key_of(profile));
      sender.roll_over(0x1234, roc);
      CHECK(same(record(protect(speech(), sender), {key_of(profile)}, profile), record_clear(speech())));
    }
  }
}

TEST_CASE("sequence numbers go round within a call, also where packets are missing or late") {
  for (const char* const profile : kProfiles) {
    for (const unsigned roc : {0U, 1U, 4U}) {
      INFO(profile << " " << roc);
      SrtpSender sender = sender_of(key_of(profile));
      sender.roll_over(0x1234, roc);
      auto packets = speech(65'300);
      if (roc > 0) {
        // The numbers must go round before the first, too.
        packets = speech(65'300 - 65'000);
        (void)sender.protect(plain({.sequence = 100, .payload = {1}}));
        packets = speech(65'300);
        for (std::uint16_t step = 1; step < 3; ++step) {
          (void)sender.protect(plain({.sequence = static_cast<std::uint16_t>(step * 30'000), .payload = {1}}));
        }
      }
      auto sealed = protect(packets, sender);
      CHECK(same(record(sealed, {key_of(profile)}, profile), record_clear(packets)));
      for (auto* const one : {&packets, &sealed}) {
        std::swap((*one)[234].at, (*one)[237].at);
        std::swap((*one)[236].at, (*one)[241].at);
      }
      CHECK(same(record(sealed, {key_of(profile)}, profile), record_clear(packets)));
      for (auto* const one : {&packets, &sealed}) one->erase(one->begin() + 200, one->begin() + 260);
      CHECK(same(record(sealed, {key_of(profile)}, profile), record_clear(packets)));
    }
  }
}

TEST_CASE("reordering by a second and copies of packets do no harm") {
  SrtpSender sender = sender_of(key_of(kCm));
  auto packets = speech();
  packets[100].at += 1s;
  packets[101].at += 900ms;
  for (std::size_t n = 200; n < 300; ++n) {
    packets.push_back(packets[n]);
    packets.back().at += 3ms;
  }
  auto sealed = packets;
  std::ranges::sort(sealed, {}, &Sent::sequence);
  for (std::size_t n = 0; n < sealed.size(); ++n) {
    const bool copy = n > 0 && sealed[n].sequence == sealed[n - 1].sequence;
    sealed[n].raw = copy ? sealed[n - 1].raw : sender.protect(plain(sealed[n]));
  }
  const Result result = record(sealed, {key_of(kCm)});
  CHECK(same(result, record_clear(packets)));
  CHECK(result.packets.duplicate == 100);
  CHECK(result.packets.reordered == 2 + 100 - 100);
}

TEST_CASE("a wrong key is a gap that names the profile") {
  for (const char* const profile : kProfiles) {
    SrtpSender sender = sender_of(key_of(profile));
    CHECK(record(protect(speech(), sender), {key_of(profile, 99)}, profile).gaps ==
          Lines{std::string("undecryptable 0 0-10 ") + profile});
  }
}

TEST_CASE("keys that are no keys of their profile, or of a profile that is unknown, open nothing") {
  SrtpSender sender = sender_of(key_of(kCm));
  SrtpKey wrong = key_of(kCm);
  wrong.profile = "AES_256_CM_HMAC_SHA1_80";
  SrtpKey unknown = key_of(kCm);
  unknown.profile = "F8_128_HMAC_SHA1_80";
  CHECK(record(protect(speech(), sender), {wrong, unknown}).gaps == Lines{"undecryptable 0 0-10 " + kCm});
}

TEST_CASE("tampered packets are gaps, and the rest is heard") {
  SrtpSender sender = sender_of(key_of(kCm));
  auto packets = protect(speech(), sender);
  for (std::size_t n = 100; n < 150; ++n) packets[n].raw[20] ^= 1U;
  packets[300].raw.back() ^= 1U;
  CHECK(record(packets, {key_of(kCm)}).gaps == Lines{"undecryptable 0 2-3 " + kCm, "undecryptable 0 6-6.02 " + kCm});
}

TEST_CASE("a forged packet does not take the place of the true one") {
  for (const char* const profile : {kProfiles[0], kProfiles[6]}) {
    SrtpSender sender = sender_of(key_of(profile));
    auto packets = protect(speech(), sender);
    for (std::size_t n = 100; n < 150; ++n) {
      packets.push_back(packets[n]);
      packets.back().at -= 5ms;
      packets.back().raw[15] ^= 0xffU;
    }
    CHECK(same(record(packets, {key_of(profile)}, profile), record_clear(speech())));
  }
}

TEST_CASE("random bytes under the right SSRC cost a bounded time and silence nothing") {
  SrtpSender sender = sender_of(key_of(kCm));
  auto packets = protect(speech(), sender);
  std::uint32_t random = 1;
  const auto next = [&random] { return static_cast<std::uint8_t>((random = random * 1664525U + 1013904223U) >> 24U); };
  for (std::size_t n = 0; n < 5000; ++n) {
    Sent forged{.at = n * 2ms + 1ms, .payload = Octets(160)};
    forged.sequence = static_cast<std::uint16_t>(next() << 8U | next());
    forged.timestamp = static_cast<std::uint32_t>(next() << 24U | next());
    for (std::uint8_t& octet : forged.payload) octet = next();
    forged.raw = plain(forged);
    if (n % 7 == 0) forged.raw.resize(12 + next() % 12);
    packets.push_back(std::move(forged));
  }
  std::vector<SrtpKey> keys;
  for (std::uint8_t n = 0; n < 16; ++n) keys.push_back(key_of(kCm, n));
  const Result result = record(packets, keys);
  CHECK(result.gaps == Lines{});
  CHECK(result.packets.received >= 500);
}

TEST_CASE("SSRCs may change and mix within a track") {
  SrtpSender sender = sender_of(key_of(kCm));
  auto packets = speech(100, 250);
  auto second = speech(65'400, 250, 5s);
  for (Sent& packet : second) packet.ssrc = 0x5678;
  packets.insert(packets.end(), second.begin(), second.end());
  const auto sealed = protect(packets, sender);
  CHECK(same(record(sealed, {key_of(kCm)}), record_clear(packets)));
}

TEST_CASE("padding, contributing sources and header extensions are read as in clear") {
  SrtpSender sender = sender_of(key_of(kCm));
  auto packets = speech();
  for (Sent& packet : packets) {
    testing::Buffer bytes = plain(packet);
    bytes[0] |= 0x10U | 0x20U | 1U;
    const Octets more{9, 9, 9, 9, 0xbe, 0xde, 0, 1, 0x10, 1, 0, 0};
    bytes.insert(bytes.begin() + 12, more.begin(), more.end());
    bytes.insert(bytes.end(), {0, 0, 0, 4});
    packet.raw = sender.protect(bytes);
  }
  CHECK(same(record(packets, {key_of(kCm)}), record_clear(speech())));
}

TEST_CASE("packets that the capture cut short are gaps") {
  SrtpSender sender = sender_of(key_of(kCm));
  auto packets = protect(speech(), sender);
  for (std::size_t n = 100; n < 150; ++n) packets[n].raw.resize(12 + n - 100);
  CHECK(record(packets, {key_of(kCm)}).gaps == Lines{"undecryptable 0 2-3 " + kCm});
}

TEST_CASE("what is only authenticated is heard") {
  SrtpKey key = key_of(kCm);
  SrtpSender sender = sender_of(key);
  key.encrypts = false;
  // Encrypted payloads under a key that says that they are not: heard as the noise that they are.
  CHECK(record(protect(speech(), sender), {key}).gaps.empty());
}

TEST_CASE("other codecs are recognised behind the encryption") {
  SrtpSender sender = sender_of(key_of("AEAD_AES_128_GCM"));
  auto packets = speech();
  for (Sent& packet : packets) packet.payload.resize(33, 0xd0);
  for (Sent& packet : packets) packet.payload[0] = 0xd0;
  const auto sealed = protect(packets, sender);
  CHECK(same(record(sealed, {key_of("AEAD_AES_128_GCM")}, "AEAD_AES_128_GCM", Format::Wav),
             record_clear(packets, Format::Wav)));
}

TEST_CASE("numbers that begin again under a new key are no copies, and late copies of the old key are") {
  for (const char* const profile : {kProfiles[0], kProfiles[6]}) {
    const SrtpKey old_key = key_of(profile, 1);
    const SrtpKey new_key = key_of(profile, 2, 5s);
    SrtpSender before = sender_of(old_key);
    SrtpSender after = sender_of(new_key);
    auto packets = speech(100, 250);
    for (Sent packet : speech(100, 250, 5s)) {
      packet.timestamp += 900'000;
      packets.push_back(std::move(packet));
    }
    auto sealed = packets;
    for (std::size_t n = 0; n < sealed.size(); ++n)
      sealed[n].raw = (n < 250 ? before : after).protect(plain(packets[n]));
    const Result result = record(sealed, {old_key, new_key}, profile);
    CHECK(result.gaps == record_clear(packets).gaps);
    CHECK(result.packets.received == 1000);
    sealed.push_back(sealed[240]);
    sealed.back().at = 5010ms;
    CHECK(record(sealed, {old_key, new_key}, profile).gaps == result.gaps);
  }
}

TEST_CASE("of keys in rotation no more are tried than the packets pay for") {
  std::vector<SrtpKey> keys;
  std::vector<SrtpSender> senders;
  for (std::uint8_t n = 0; n < 64; ++n) keys.push_back(key_of(kCm, n));
  for (std::size_t n = 0; n < 6; ++n) senders.push_back(sender_of(keys[n]));
  calls::Track track;
  track.encryption = kCm;
  track.srtp_keys = keys;
  Decryptor decryptor(track);
  std::size_t opened = 0;
  for (std::uint16_t n = 0; n < 3000; ++n) {
    const Octets packet = senders[n % 6].protect(plain({.sequence = n, .payload = Octets(160)}));
    decryptor.begin_chunk(packet);
    opened += decryptor.open(rtp::parse_packet(packet, kStart).value()).sealed ? 0U : 1U;
  }
  CHECK(opened > 0);
  CHECK(opened < 2500);
}

TEST_CASE("a stream that changes between clear and SRTP is heard in both, though it follows the answer late") {
  const Result clear = record_clear(speech());
  for (const char* const profile : {kProfiles[0], kProfiles[1], kProfiles[6]}) {
    const SrtpKey key = key_of(profile, 1, 4s);
    for (const bool clear_first : {true, false}) {
      for (const Duration late : {-400ms, -20ms, 0ms, 60ms, 1500ms}) {
        INFO(profile << (clear_first ? " clear first, " : " SRTP first, ") << late.count() / 1'000'000);
        SrtpSender sender = sender_of(key);
        auto packets = speech();
        for (std::size_t n = 0; n < packets.size(); ++n) {
          const bool in_clear = (n < 250) == clear_first;
          packets[n].raw = in_clear ? plain(packets[n]) : sender.protect(plain(packets[n]));
        }
        const Time answer = kStart + 5s - late;
        const auto recorded = [&](const std::vector<SrtpKey>& keys) {
          Studio studio;
          const std::size_t track = studio.play(0, packets);
          studio.tracks[track].encryption = profile;
          studio.tracks[track].srtp_keys = keys;
          studio.tracks[track].in_clear = {clear_first ? calls::ClearSpan{Time::min(), answer}
                                                       : calls::ClearSpan{answer, Time::max()}};
          studio.play(1, speech());
          return describe(studio.render(Format::G711).gaps);
        };
        CHECK(recorded({key}) == clear.gaps);
        CHECK(recorded({}) == Lines{std::string("undecryptable 0 ") + (clear_first ? "5-10 " : "0-5 ") + profile});
      }
    }
  }
}

TEST_CASE("a stream goes to SRTP and back twice") {
  const SrtpKey key = key_of(kCm, 1);
  SrtpSender sender = sender_of(key);
  auto packets = speech();
  for (std::size_t n = 0; n < packets.size(); ++n) {
    packets[n].raw = n / 100 % 2 == 0 ? plain(packets[n]) : sender.protect(plain(packets[n]));
  }
  Studio studio;
  const std::size_t track = studio.play(0, packets);
  studio.tracks[track].encryption = kCm;
  studio.tracks[track].srtp_keys = {key};
  studio.tracks[track].in_clear = {{Time::min(), kStart + 2s}, {kStart + 4s, kStart + 6s}, {kStart + 8s, Time::max()}};
  studio.play(1, speech());
  CHECK(describe(studio.render(Format::G711).gaps).empty());
}

}  // namespace tapestry::mux
