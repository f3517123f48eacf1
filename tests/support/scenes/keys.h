#pragma once
#include <string>

#include "tests/support/scenes/script.h"

/// Keys that somebody presses, in each form in which they travel. Streams must have been sent before: keys take the
/// place of their packets.
namespace tapestry::scenes {

/// Seconds that a key is pressed, and until the next one.
struct KeyTimes {
  double pressed = 0.1;
  double between = 0.1;
};

/// Seconds from the first key's start to the last key's end.
double length_of(const std::string& digits, const KeyTimes& times = {});

/// The stream that say() sends for that end.
Stream stream_of(const Leg& leg, Side side);

/// telephone-events (RFC 4733, payload type 101): an update every 20 ms, three packets with the E bit. The last key's
/// end.
double keys(Script& script, double at, const Stream& stream, const std::string& digits, const KeyTimes& times = {});
double keys(Script& script, double at, const Leg& leg, Side side, const std::string& digits,
            const KeyTimes& times = {});

/// Tones in the audio itself, and silence between them. The last key's end.
double tones(Script& script, double at, const Stream& stream, const std::string& digits, const KeyTimes& times = {});

/// Sample `index` of a key's tone, 8 kHz (ITU-T Q.23).
std::int16_t tone_sample(char key, std::uint32_t index);

/// An INFO for each key, with application/dtmf-relay (Signal=, Duration=160) or, `plain`, application/dtmf; a 200 to
/// each 10 ms later. The last INFO's time.
double info_keys(Script& script, double at, Leg& leg, Side from, const std::string& digits, bool plain = false,
                 const KeyTimes& times = {});

}  // namespace tapestry::scenes
