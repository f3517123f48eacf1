#pragma once
#include <array>
#include <string>
#include <vector>

/// What a recorder must leave of a scene. Times are seconds of the scene (since Truth::start); members and their
/// meaning are those of the truth files in ../shared/captures/scenes, which `to_json` writes.
namespace tapestry::scenes {

/// Somebody is heard. `voice` is a name or a sum of names, "cust+a2" (scenes/microphone.h).
struct Stretch {
  double from = 0;
  double to = 0;
  std::string voice{};
};

struct Gap {
  std::string reason{};
  double from = 0;
  double to = 0;
};

/// One agent's recording: channel 0 is what the agent hears, channel 1 the agent. Elsewhere they are silent.
struct Recording {
  std::string agent{};  ///< sip: URI
  double at = 0;
  double duration = 0;
  std::array<std::vector<Stretch>, 2> channels{};
  std::vector<Gap> gaps{};
  bool own_may_mix = false;  ///< the agent's phone is the mixer: its channel is not judged
  double gap_slack = 0;      ///< seconds by which gaps may begin and end elsewhere; 0: pauses exact to a packet
};

/// An empty role is not judged.
struct Party {
  std::string uri{};
  std::string role{};
};

struct Transfer {
  std::string transferee{};
  std::string transferor{};
  std::string target{};
  bool consultation = false;
};

/// An entry of party_history, within half a second.
struct Event {
  std::string event{};
  std::string uri{};
  double at = 0;
};

struct Conversation {
  std::vector<std::string> call_ids{};
  std::vector<Recording> recordings{};
  std::vector<Party> parties{};
  std::vector<std::string> bots{};
  std::vector<Transfer> transfers{};
  std::vector<Event> history{};
  std::string disposition{};            ///< of an incomplete dialog; empty: not judged
  std::vector<std::string> contains{};  ///< texts that the vCon holds
  std::vector<std::string> absent{};    ///< URIs of no party; judged by this project's judge only
  bool no_transfer = false;
  bool more_recordings = false;             ///< truth files call it consult_recordings_allowed
  bool more_gaps = false;                   ///< truth files call it extra_gaps_allowed
  double min_correlation = 0;               ///< 0: 0.85
  std::string redacted{};                   ///< redacted.type; empty: there is no `redacted`, unless more_gaps
  std::string forbidden{};                  ///< digits that no file and no key event may show; empty: not judged
  std::vector<Event> absent_history{};      ///< judged by this project's judge only
  std::vector<std::string> absent_texts{};  ///< that no file holds; judged by this project's judge only
};

struct Truth {
  std::string name{};
  std::string about{};
  double start = 1'790'000'000;  ///< Unix time of scene time 0; truth files call it t0
  std::vector<Conversation> conversations{};
};

/// The truth file's text. Call-IDs are left as they are; `absent`, `absent_history` and `absent_texts` are left out.
std::string to_json(const Truth& truth);

}  // namespace tapestry::scenes
