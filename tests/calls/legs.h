#pragma once
#include <deque>
#include <string>
#include <vector>

#include "calls/leg.h"

namespace tapestry::testing {

/// One end of a leg.
struct Who {
  std::string user{};  ///< of its address of record; empty: it has none
  std::string ip{};    ///< of its signalling and media
  calls::Role role = calls::Role::Unknown;
  bool internal = false;
};

/// A call of a conversation. Times are a scene's seconds (tests/calls/scene.h).
struct LegPlan {
  std::string id{};
  Who caller{};
  Who callee{};
  double begin = 0;
  double answered = 0;  ///< 0: it never was
  double end = 0;
  std::string focus{};
};

/// Legs made by hand, as a conversation that is being closed has them: what only a whole conversation tells is tested
/// without a capture.
class Legs {
 public:
  /// The index of the new leg. Legs come in order of their begin.
  std::size_t add(const LegPlan& plan);
  /// A stream of that end while [from, to); 50 packets a second of PCMU.
  void media(std::size_t leg, calls::Side sender, double from, double to, const std::string& kind = "audio");
  /// `holder` holds the other end while [from, to).
  void hold(std::size_t leg, calls::Side holder, double from, double to);
  /// Call-ID's link between two legs.
  void link(std::size_t one, std::size_t another, calls::LinkKind kind);

  /// The call of a leg, to be changed.
  calls::Call& call(std::size_t leg) { return calls_.at(leg); }
  /// All legs; their parties are found by whoever asks.
  std::vector<calls::Leg>& all() { return legs_; }
  /// The tracks of all legs; sets the legs' first_track.
  std::vector<calls::Track> tracks();
  [[nodiscard]] const std::vector<calls::Link>& links() const { return links_; }

 private:
  std::deque<calls::Call> calls_;
  std::vector<calls::Leg> legs_;
  std::vector<calls::Link> links_;
  calls::TrackId next_ = 1;
};

/// The party with that user part; its index. Fails the test when there is none.
std::size_t party_of(const std::vector<calls::Party>& parties, const std::string& user);

}  // namespace tapestry::testing
