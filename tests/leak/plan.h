#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/support/scenes/keys.h"

/// When a random conversation is paused, and how.
namespace tapestry::leak {

/// The same numbers for the same seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  /// 0 to `sides` - 1.
  unsigned number(unsigned sides) { return static_cast<unsigned>(engine_() % sides); }
  bool chance(unsigned percent) { return number(100) < percent; }
  /// 0 to 1.
  double part() { return number(10'000) / 10'000.0; }

 private:
  std::mt19937_64 engine_;
};

inline constexpr double kReplySeconds = 0.02;
inline constexpr scenes::KeyTimes kCodeTimes{.pressed = 0.08, .between = 0.08};

enum class Rule : std::uint8_t { Record, Pay, AudioCodes, Privacy, Attribute, Codes };

/// One marker.
struct Asked {
  Rule rule = Rule::Record;
  bool pauses = true;
  double at = 0;
  std::string status = "200 OK";  ///< empty: nobody answers
  bool by_customer = false;
  bool variant = false;         ///< another way to write it
  std::vector<double> again{};  ///< when the request is seen once more
  double refreshed = 0;         ///< when a re-INVITE without the attribute follows; 0: none
};

struct Span {
  double from = 0;
  double to = 0;
};

struct Plan {
  std::vector<Asked> asked;
  std::vector<Span> paused;  ///< in order, not touching: what the markers come to
};

/// One to three pauses between `from` and `end`, some of several rules, with whatever refused, repeated or strange
/// markers may come with them. `codes`: star codes are among the rules.
Plan plan_of(Dice& dice, double from, double end, bool codes);

/// A line for each marker and pause, in order of the plan.
std::string story_of(const Plan& plan);

/// The header line, without CR LF, of a marker that an INFO carries.
std::string header_of(const Asked& asked);

}  // namespace tapestry::leak
