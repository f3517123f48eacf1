#include "calls/key_listener.h"

#include <algorithm>
#include <array>

#include "core/card_numbers.h"

namespace tapestry::calls {
namespace {

/// How long a key that a message tells is taken to last.
constexpr Duration kToldPress = std::chrono::milliseconds(100);

/// Media comes in chunks: what was sent may be told so much later.
constexpr Duration kChunkDelay = std::chrono::seconds(2);

// RFC 3551 §6.
constexpr std::uint8_t kPcmu = 0;
constexpr std::uint8_t kPcma = 8;

constexpr std::string_view kKeyedDigits = "keyed-digits";

}  // namespace

KeyListener::KeyListener(const Rules& rules, CallTable& calls, ConversationTable& conversations, PauseDesk& desk,
                         const PauseOrigin& origin)
    : rules_(rules), calls_(calls), conversations_(conversations), desk_(desk), origin_(origin) {}

std::vector<KeyListener::Code> KeyListener::codes(const std::vector<Code>& had) const {
  std::vector<Code> all;
  for (const pause::MarkerRule& rule : desk_.markers().rules()) {
    const std::array codes{std::pair{pause::Action::Pause, rule.dtmf_pause},
                           std::pair{pause::Action::Resume, rule.dtmf_resume},
                           std::pair{pause::Action::Toggle, rule.dtmf_toggle}};
    for (const auto& [action, keys] : codes) {
      if (keys.empty()) continue;
      const auto same = std::ranges::find_if(had, [&, wanted = action, text = keys](const Code& code) {
        return code.rule.name == rule.name && code.action == wanted && code.keys == text;
      });
      all.push_back({name_of(rule), action, keys, same == had.end() ? dtmf::CodeMatcher(keys) : same->matcher});
    }
  }
  return all;
}

void KeyListener::take_rules() {
  for (auto& [place, ear] : ears_) {
    ear.codes = codes(ear.codes);
    ear.guard.set_most(rules_.pauses.keyed_digits);
  }
}

KeyListener::Ear& KeyListener::ear_at(const Place& place, const Call& call, std::string message, const Endpoint& source,
                                      const Endpoint& destination) {
  const auto known = ears_.find(place);
  if (known != ears_.end()) return known->second;
  const auto& uris = call.sides[index_of(place.sender)].uris;
  Ear ear{.message = std::move(message),
          .from = uris.empty() ? std::string() : mask_card_numbers(uris.front()),
          .source = source,
          .destination = destination,
          .codes = codes({}),
          .guard = dtmf::DigitGuard(rules_.pauses.keyed_digits)};
  return ears_.emplace(place, std::move(ear)).first->second;
}

void KeyListener::on_events(Call& call, const Track& track, const pause::EventTypes& events, const rtp::Chunk& chunk) {
  const Place place{call.serial, track.sender, track.id, false};
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    const Bytes event = pause::event_of(packet, events);
    if (event.empty()) return;
    Ear& ear = ear_at(place, call, "telephone-event", track.flow.source, track.flow.destination);
    const auto press = ear.tracker.add(packet.arrival, packet.timestamp, event, events.clock_hz);
    if (press) hear(call, track.sender, ear, *press);
  });
}

void KeyListener::on_tones(Call& call, const Track& track, const rtp::Chunk& chunk) {
  if (!desk_.markers().have_codes()) return;
  std::vector<dtmf::Press> pressed;
  Ear* ear = nullptr;
  rtp::Chunk::for_each(chunk.bytes(), [&](const rtp::Packet& packet) {
    if (packet.payload_type != kPcmu && packet.payload_type != kPcma) return;
    if (ear == nullptr) {
      const Place place{call.serial, track.sender, track.id, true};
      ear = &ear_at(place, call, "tone", track.flow.source, track.flow.destination);
    }
    ear->tones.add(packet, packet.payload_type == kPcmu ? Law::Mu : Law::A, pressed);
  });
  for (const dtmf::Press& press : pressed) hear(call, track.sender, *ear, press);
}

void KeyListener::on_keys(Call& call, Side sender, std::string_view keys, const PauseMark& mark, const Endpoint& source,
                          const Endpoint& destination) {
  Ear& ear = ear_at({call.serial, sender, 0, false}, call, mark.message, source, destination);
  ear.source = source;
  Time at = mark.at;
  for (const char key : keys) {
    hear(call, sender, ear, {.key = key, .start = at, .end = at + kToldPress});
    at += kToldPress;
  }
}

void KeyListener::hear(Call& call, Side sender, Ear& ear, const dtmf::Press& press) {
  for (Code& code : ear.codes) {
    if (const auto found = code.matcher.add(press)) match(call, sender, ear, code, *found);
  }
  guard(call, sender, ear, press);
  const bool paused = conversations_.of(call.serial).pauses.covers(press.start);
  if (rules_.list_keys && !paused && call.pressed.size() < kMaxPressed) {
    call.pressed.push_back({.side = sender, .key = press.key, .start = press.start, .end = press.end});
  }
}

void KeyListener::match(const Call& call, Side sender, Ear& ear, Code& code, const dtmf::Match& found) {
  const Asked asked{
      .rule = code.rule,
      .action = code.action,
      .mark = {.rule = code.rule.name,
               .message = ear.message,
               .call_id = call.call_id,
               .from = ear.from,
               .at = found.start},
      .requested = found.start,
      .source = ear.source,
      .destination = ear.destination,
      .place = call.call_id + " " + ear.message + " " + ear.source.to_string() + " " + ear.destination.to_string()};
  if (!desk_.allows(call, asked, origin_.of_keys(call, sender, ear.source, conversations_.of(call.serial)))) return;
  if (desk_.action_of(call, asked) == pause::Action::Pause) {
    desk_.pause(call, asked);
  } else {
    desk_.resume(call, asked, found.end);
  }
}

void KeyListener::guard(const Call& call, Side sender, Ear& ear, const dtmf::Press& press) {
  Conversation& conversation = conversations_.of(call.serial);
  const pause::Pauses& pauses = conversation.pauses;
  if (pauses.covers(press.start) && !pauses.is_covered_only_by(kKeyedDigits, press.start)) return;
  const auto run = ear.guard.add(press);
  if (!run || call.answered_branch() == nullptr) return;
  if (!run->card && (origin_.is_inside(call, sender, conversation) || origin_.is_robot(call, other(sender)))) return;
  conversation.keyed_digits = true;
  const PauseMark mark{.rule = std::string(kKeyedDigits),
                       .message = ear.message,
                       .call_id = call.call_id,
                       .from = ear.from,
                       .at = run->start};
  PauseMark end = mark;
  end.at = run->end;
  desk_.add(call, {.start = run->start, .end = run->end, .opened = mark, .closed = end, .how = PauseEnd::Resume});
}

void KeyListener::advance(Time now) {
  for (auto& [place, ear] : ears_) {
    Call* call = calls_.find(place.call);
    if (call == nullptr) continue;
    const Time heard = now == Time::max() ? now : now - kChunkDelay;
    if (const auto press = ear.tracker.flush(heard)) hear(*call, place.sender, ear, *press);
  }
}

void KeyListener::forget(const Call& call) {
  std::erase_if(ears_, [&](const auto& entry) { return entry.first.call == call.serial; });
}

}  // namespace tapestry::calls
