#include "calls/interaction.h"

namespace tapestry::calls {

std::string_view to_string(Role role) noexcept {
  switch (role) {
    case Role::Unknown:
      return "";
    case Role::Agent:
      return "agent";
    case Role::Customer:
      return "customer";
    case Role::Supervisor:
      return "supervisor";
    case Role::Sme:
      return "sme";
    case Role::Thirdparty:
      return "thirdparty";
    case Role::Bot:
      return "bot";
    case Role::Recorder:
      return "recorder";
    case Role::Pbx:
      return "pbx";
    case Role::Trunk:
      return "trunk";
  }
  return "";
}

std::string_view to_string(SupervisionKind kind) noexcept {
  switch (kind) {
    case SupervisionKind::Monitor:
      return "monitor";
    case SupervisionKind::BargeIn:
      return "barge-in";
    case SupervisionKind::Whisper:
      return "whisper";
  }
  return "";
}

std::string_view to_string(GapReason reason) noexcept {
  switch (reason) {
    case GapReason::Pci:
      return "pci";
    case GapReason::Hold:
      return "hold";
    case GapReason::Loss:
      return "loss";
    case GapReason::Codec:
      return "codec";
    case GapReason::Undecryptable:
      return "undecryptable";
    case GapReason::OneWay:
      return "one-way";
    case GapReason::LateStart:
      return "late-start";
    case GapReason::EarlyEnd:
      return "early-end";
    case GapReason::Drop:
      return "drop";
    case GapReason::NoMedia:
      return "no-media";
    case GapReason::Inactive:
      return "inactive";
    case GapReason::NotRecorded:
      return "not-recorded";
    case GapReason::VideoNotRecorded:
      return "video-not-recorded";
  }
  return "";
}

std::string_view to_string(Use use) noexcept {
  switch (use) {
    case Use::Recording:
      return "recording";
    case Use::SecondHop:
      return "second hop";
    case Use::Duplicate:
      return "duplicate";
    case Use::HoldMusic:
      return "hold music";
    case Use::Bot:
      return "bot";
    case Use::Monitor:
      return "monitor";
    case Use::Undecryptable:
      return "undecryptable";
    case Use::Codec:
      return "codec";
    case Use::Unassigned:
      return "unassigned";
    case Use::EarlyMedia:
      return "early media";
    case Use::NotAudio:
      return "not audio";
    case Use::OtherSource:
      return "other source";
    case Use::NotAnswered:
      return "not answered";
    case Use::AfterEnd:
      return "after end";
    case Use::RecordingSession:
      return "recording session";
  }
  return "";
}

std::string_view to_string(LinkKind kind) noexcept {
  switch (kind) {
    case LinkKind::Replaces:
      return "replaces";
    case LinkKind::Join:
      return "join";
    case LinkKind::TargetDialog:
      return "target-dialog";
    case LinkKind::DialogInfo:
      return "dialog-info";
    case LinkKind::ReferReplaces:
      return "refer-replaces";
    case LinkKind::Focus:
      return "focus";
    case LinkKind::Refer:
      return "refer";
    case LinkKind::Key:
      return "key";
    case LinkKind::CallId:
      return "call-id";
    case LinkKind::SharedMedia:
      return "shared-media";
    case LinkKind::RelayedMedia:
      return "relayed-media";
    case LinkKind::LocalMix:
      return "local-mix";
    case LinkKind::Consultation:
      return "consultation";
    case LinkKind::Proximity:
      return "proximity";
  }
  return "";
}

std::string_view to_string(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::Join:
      return "join";
    case EventKind::Drop:
      return "drop";
    case EventKind::Hold:
      return "hold";
    case EventKind::Unhold:
      return "unhold";
    case EventKind::Mute:
      return "mute";
    case EventKind::Unmute:
      return "unmute";
    case EventKind::KeyDown:
      return "keydown";
    case EventKind::KeyUp:
      return "keyup";
  }
  return "";
}

}  // namespace tapestry::calls
