#include "calls/correlator.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "calls/attendees.h"
#include "calls/call_end.h"
#include "calls/call_table.h"
#include "calls/capture_drops.h"
#include "calls/closed_book.h"
#include "calls/closing.h"
#include "calls/closing_notes.h"
#include "calls/control_notes.h"
#include "calls/conversation_table.h"
#include "calls/encryption.h"
#include "calls/field_map.h"
#include "calls/key_book.h"
#include "calls/key_listener.h"
#include "calls/linker.h"
#include "calls/listed_keys.h"
#include "calls/live_view.h"
#include "calls/marker_reader.h"
#include "calls/media.h"
#include "calls/media_gate.h"
#include "calls/offers.h"
#include "calls/pause_command.h"
#include "calls/pause_desk.h"
#include "calls/pause_origin.h"
#include "calls/paused.h"
#include "calls/recording_sessions.h"
#include "calls/referrals.h"
#include "calls/roles.h"
#include "calls/roster.h"
#include "calls/signalling.h"
#include "calls/socket_listener.h"
#include "sipparse/body.h"
#include "sipparse/mute_status.h"
#include "sipparse/sdp.h"
#include "sipparse/text.h"

namespace tapestry::calls {
namespace {

/// A longer step of packet time counts as this much waiting: the clock jumped, or the capture was filtered.
constexpr Duration kLongestStep = std::chrono::seconds(10);
constexpr std::size_t kMaxRecordingSessions = 100'000;

}  // namespace

struct Correlator::State {
  State(const Rules& the_rules, Output& the_output)
      : rules(the_rules),
        output(the_output),
        roles(rules.parties),
        park(rules.park),
        fields(rules.fields),
        calls(rules),
        linker(rules, calls, conversations, roles, registrations),
        origin(rules, calls, roles, registrations),
        pauses(rules, calls, conversations, output),
        commands(calls, conversations, pauses),
        sockets(rules, calls, conversations, pauses, origin),
        listener(rules, calls, conversations, pauses, origin),
        markers(rules, pauses, calls, origin, conversations, listener),
        gate(calls, conversations, listener, output),
        media(rules, calls, conversations, linker, gate, ear, output) {}

  Rules rules;
  Output& output;
  Roles roles;
  Pattern park;
  FieldMap fields;
  Registrations registrations;
  CallTable calls;
  ConversationTable conversations;
  Linker linker;
  ControlBook control{calls};
  PauseOrigin origin;
  PauseDesk pauses;
  PauseCommands commands;
  SocketListener sockets;
  KeyListener listener;
  MarkerReader markers;
  MediaGate gate;
  VoiceEar ear;
  MediaRouter media;
  KeyBook keys;
  Duration clock{};
  std::optional<Time> now;
  ClosedBook closed_book;
  CaptureDrops drops;
  std::uint64_t closed = 0;
  std::uint64_t outside_dialogs = 0;
  std::uint64_t late = 0;
  std::uint64_t texts_outside = 0;
  std::uint64_t left_out = 0;  ///< notes and texts of closed calls
  bool ended = false;          ///< the capture did
  std::uint64_t evicted = 0;
  std::uint64_t robots_only = 0;
  std::vector<std::string> recording_sessions;

  /// A pause that a journal told of.
  struct Early {
    std::string call_id;
    PauseDecision decision;
    Time at;
  };
  Journal* journal = nullptr;
  std::deque<Early> pending;  ///< in the order in which they were decided
  std::deque<Early> unknown;  ///< whose time has come, and whose call is not known

  void apply_pending(Time until) {
    while (!pending.empty() && pending.front().at <= until) {
      Early early = std::move(pending.front());
      pending.pop_front();
      const bool unsignalled = early.call_id.starts_with(kUnsignalled);
      if (const Call* call = unsignalled ? media.recorded(early.call_id) : calls.find(early.call_id)) {
        pauses.apply(*call, std::move(early.decision));
      } else {
        unknown.push_back(std::move(early));
        if (unknown.size() > kMaxEarly) unknown.pop_front();
      }
    }
  }

  void apply_unknown(const Call& call, std::string_view name) {
    std::erase_if(unknown, [&](Early& early) {
      if (early.call_id != name) return false;
      pauses.apply(call, std::move(early.decision));
      return true;
    });
  }

  void tell_closed(const Conversation& conversation, std::uint64_t number) {
    if (journal == nullptr) return;
    std::vector<CallName> names;
    for (const std::uint64_t serial : conversation.calls) {
      const Call& call = *calls.find(serial);
      names.push_back({serial, call.unsignalled ? media.recorded_name(serial) : call.call_id});
    }
    journal->closed(names, number);
  }

  /// The call is over, and so may be its conversation.
  void call_over(std::uint64_t serial, CloseReason reason) {
    Call* call = calls.find(serial);
    if (call == nullptr) return;
    calls.set_aside(*call);
    call->closed_by = reason;
    linker.on_over(*call);
    markers.on_over(*call);
    const Conversation& conversation = conversations.of(serial);
    const auto done = [this](std::uint64_t n) { return calls.find(n)->set_aside; };
    if (!std::ranges::all_of(conversation.calls, done)) return;
    if (!wait_for_retrieval(conversation)) close(conversation.id);
  }

  /// A customer who was parked last may be called back much later. Waits once.
  bool wait_for_retrieval(const Conversation& conversation) {
    Call* last = nullptr;
    for (const std::uint64_t serial : conversation.calls) {
      Call* call = calls.find(serial);
      if (call->over && (last == nullptr || *call->over >= *last->over)) last = call;
    }
    if (ended || last == nullptr || last->kept_until != Duration(0)) return false;
    if (!park.matches(roles.standing(*last, Side::Callee, registrations).party.uri)) return false;
    last->kept_until = *last->over + rules.parked_linger;
    calls.touch(*last, clock);
    return true;
  }

  void close(std::uint64_t id) {
    Conversation conversation = conversations.close(id);
    const std::vector<Hearing> hearings = ear.close(conversation);
    std::vector<Leg> legs;
    std::vector<std::string> told;  ///< dialogs that messages name
    bool session = false;
    for (const std::uint64_t serial : conversation.calls) {
      Call& call = *calls.find(serial);
      sort_tracks(call);
      resolve_encryption(call, keys);
      call.overflowed |= conversation.overflowed || conversation.rosters.overflowed;
      session |= call.recording_session;
      legs.push_back(leg_of(call, call.closed_by, roles, registrations));
      for (const Reference& reference : call.references) told.push_back("call-id " + reference.dialog.call_id);
    }
    const auto bot = [](const Party& party) { return party.role == Role::Bot; };
    Interaction interaction =
        session ? close_recording_session(legs)
                : close_conversation(legs, std::move(conversation.links),
                                     attendees_of(conversation.rosters, roles, registrations, Time::max()), hearings,
                                     rules);
    leave_out_paused(interaction, conversation.pauses.finished(Time::max()));
    drops.mark(interaction);
    interaction.pci_suspected = conversation.keyed_digits;
    if (rules.list_keys) list_keys(legs, interaction);
    left_out += left_out_of(interaction);
    const bool robots = !session && std::ranges::all_of(interaction.parties, bot);
    if (robots) {
      ++robots_only;
      for (Track& track : interaction.tracks) track.use = Use::Bot;
    }
    for (const Leg& leg : legs) media.on_close(*calls.find(leg.call->serial), interaction, leg.first_track);
    tell_closed(conversation, session || robots ? 0 : closed + 1);
    for (const std::uint64_t serial : conversation.calls) {
      linker.forget(*calls.find(serial));
      listener.forget(*calls.find(serial));
      gate.forget(*calls.find(serial));
      calls.close(serial, clock);
    }
    if (session || robots) return;
    interaction.number = ++closed;
    const std::vector<std::string> names = names_of(interaction);
    told.insert(told.end(), names.begin(), names.end());
    interaction.amends = closed_book.find(told, closed, clock);
    closed_book.add(names, closed, clock);
    mask_texts(interaction);
    output.closed(std::move(interaction));
  }

  void run_timers() {
    while (const auto serial = calls.expired(clock)) {
      call_over(*serial, calls.find(*serial)->over ? CloseReason::Over : CloseReason::Timeout);
    }
    while (const auto serial = calls.surplus()) {
      calls.find(*serial)->evicted = true;
      ++evicted;
      close(conversations.of(*serial).id);
    }
    media.expire(clock);
    closed_book.forget(clock);
  }

  Call& open_call(std::string_view call_id) {
    Call& call = calls.open(call_id, clock);
    linker.on_open(call);
    apply_unknown(call, call.call_id);
    return call;
  }

  /// A REFER outside of all dialogs, for one that is named.
  void outside(const sip::Message& message, const MessageInfo& info) {
    if (!message.request) return markers.on_outside_response(message, info);
    const auto dialog = sip::parse_dialog_reference(message.value(sip::HeaderName::TargetDialog));
    Call* call = message.method == "REFER" && dialog ? calls.find(dialog->call_id) : nullptr;
    if (call == nullptr || !names(*dialog, *call)) return;
    apply_outside_refer(*call, message, info);
    linker.on_message(*call, info.time);
    if (knows(*dialog, *call)) markers.on_outside(*call, message, info);
  }

  Call* call_of(const sip::Message& message, const MessageInfo& info) {
    if (message.call_id.empty()) return nullptr;
    if (Call* call = calls.find(message.call_id)) return call;
    if (!begins_call(message)) {
      const std::vector<Call*> about = control.note(message, info);
      if (!about.empty()) take_rosters(*about.back(), message, info);
      if (about.empty()) ++(message.method == "MESSAGE" ? texts_outside : outside_dialogs);
      for (Call* call : about) linker.on_message(*call, info.time);
      outside(message, info);
      return nullptr;
    }
    const bool to_tag = message.value(sip::HeaderName::To).find("tag=") != std::string_view::npos;
    if (calls.was_closed(message.call_id) && (to_tag || !message.request)) {
      ++late;
      return nullptr;
    }
    return &open_call(message.call_id);
  }

  /// A conference package's document (RFC 4575), in the call or about it.
  void take_rosters(Call& call, const sip::Message& message, const MessageInfo& info) {
    const auto document = conference_info_in(message);
    if (!document) return;
    Conversation& conversation = conversations.of(call.serial);
    Time begun = info.time;
    for (const std::uint64_t serial : conversation.calls) begun = std::min(begun, calls.find(serial)->first_seen);
    const sip::Header* state = message.find("Subscription-State");
    const bool ends = state != nullptr && sip::starts_with_ignore_case(state->value, "terminated");
    take_roster(conversation.rosters, *document,
                {.subscription = message.call_id, .time = info.time, .begun = begun, .ends = ends});
  }

  /// A supervisor's words are listened to.
  void watch_supervisors(const Call& call, const sip::Message& message) {
    if (message.request || message.method != "INVITE" || message.status / 100 != 2) return;
    for (const Side side : {Side::Caller, Side::Callee}) {
      if (roles.standing(call, side, registrations).party.role == Role::Supervisor) ear.watch(call, side);
    }
  }

  /// What tells of registrations, or of dialogs from outside of them.
  void write_outside(const sip::Message& message, const MessageInfo& info) {
    constexpr std::array<std::string_view, 4> kMethods = {"REGISTER", "SUBSCRIBE", "NOTIFY", "REFER"};
    const bool counts = std::ranges::find(kMethods, message.method) != kMethods.end();
    if (journal != nullptr && counts) journal->message({{}, message, info, true});
  }

  void note_recording_session(Call& call, const sip::Message& message) {
    if (call.recording_session || message.method != "INVITE" || !is_recording_session(message)) return;
    call.recording_session = true;
    if (recording_sessions.size() < kMaxRecordingSessions) recording_sessions.push_back(call.call_id);
  }
};

Correlator::Correlator(const Rules& rules, Output& output) : state_(std::make_unique<State>(rules, output)) {}
Correlator::~Correlator() = default;

void Correlator::replace_rules(const Rules& rules) {
  State& state = *state_;
  Rules next = rules;
  next.pauses.delay = state.rules.pauses.delay;
  Roles roles(next.parties);
  Pattern park(next.park);
  FieldMap map(next.fields);
  MarkerReader::Prepared prepared = state.markers.prepare(next.pauses);
  state.rules = std::move(next);
  state.roles = std::move(roles);
  state.park = std::move(park);
  state.fields = std::move(map);
  state.calls.take_rules(state.clock);
  state.media.take_rules();
  state.markers.take_rules(std::move(prepared), state.now);
}

const std::vector<pause::MarkerRule>& Correlator::markers() const noexcept { return state_->pauses.markers().rules(); }

void Correlator::on_message(const sip::Message& message, const MessageInfo& info) {
  State& state = *state_;
  if (state.registrations.on_message(message, info)) return state.write_outside(message, info);
  Call* call = state.call_of(message, info);
  if (call == nullptr) return state.write_outside(message, info);
  const MessageSides sides = apply_message(*call, message, info);
  // What is said in a pause may be what it is for.
  if (!state.conversations.of(call->serial).pauses.covers(info.time)) state.fields.apply(call->fields, message);
  for (std::string& key : state.fields.keys(message)) {
    if (!add_once(call->keys, sip::CorrelationKey{"configured", std::move(key)}, kMaxKeys)) call->overflowed = true;
  }
  state.note_recording_session(*call, message);
  const Bytes body = sip::sdp_body(message);
  const auto sdp = body.empty() ? std::nullopt : sip::parse_sdp(body);
  std::vector<Endpoint> claimed;
  apply_offer_answer(*call, message, info, sides, sdp ? &*sdp : nullptr, claimed);
  if (const auto muted = sip::mute_status(message))
    call->mute_infos[index_of(sides.sender)].set(*muted, info.time, kMaxHolds);
  apply_references(*call, message, info, sides);
  if (const auto conference = conference_info_in(message); conference && call->focus.empty()) {
    // Who tells of the conference in the call's own dialog is its focus.
    call->focus = focus_of(*conference);
    call->focus_side = sides.sender;
    call->focus_at_once = sides.sender == Side::Callee;
  }
  state.control.learn(*call);
  state.linker.on_message(*call, info.time);
  state.take_rosters(*call, message, info);
  state.watch_supervisors(*call, message);
  state.markers.on_message(*call, message, info, sides);
  if (state.journal != nullptr) {
    const bool paused = state.conversations.of(call->serial).pauses.covers(info.time);
    state.journal->message({{call->serial, call->call_id}, message, info, paused});
  }
  for (Call* recorded : hand_on_metadata(*call, message, info, state.calls))
    state.linker.on_message(*recorded, info.time);
  state.calls.touch(*call, state.clock);
  if (!is_over(*call)) {
    call->over.reset();
  } else if (!call->over) {
    call->over = state.clock;
  }
  if (!claimed.empty()) state.media.on_claims(*call, claimed, state.clock);
}

void Correlator::write_to(Journal* journal) {
  state_->journal = journal;
  state_->pauses.write_to(journal);
  state_->gate.write_to(journal);
  state_->media.write_to(journal);
}

void Correlator::set_recovering(bool recovering) { state_->pauses.set_recovering(recovering); }

void Correlator::on_recorded(const RecordedMedia& media) {
  state_->media.on_recorded(media, state_->clock);
  if (state_->unknown.empty() || !media.call.starts_with(kUnsignalled)) return;
  if (const Call* call = state_->media.recorded(media.call)) state_->apply_unknown(*call, media.call);
}

void Correlator::resume_flows(rtp::FlowTable& table) { state_->media.resume(table); }

std::optional<Time> Correlator::oldest_unclaimed() const { return state_->media.oldest_waiting(); }

void Correlator::on_shared_media(std::string_view call_id, std::string_view other_call_id, Time time) {
  const Call* one = state_->calls.find(call_id);
  const Call* another = state_->calls.find(other_call_id);
  if (one != nullptr && another != nullptr) state_->linker.on_shared_media(*one, *another, time);
}

void Correlator::on_pause(std::string call_id, PauseDecision decision, Time at) {
  state_->pending.push_back({std::move(call_id), std::move(decision), at});
  if (state_->now) state_->apply_pending(*state_->now);
}

void Correlator::on_srtp_key(const Endpoint& source, const Endpoint& destination, SrtpKey key) {
  if (state_->journal != nullptr) state_->journal->srtp_key(source, destination, key);
  state_->keys.add(source, destination, std::move(key));
}

void Correlator::on_text(const TextBytes& bytes) { state_->sockets.on_text(bytes); }

void Correlator::on_drop(const CaptureDrop& drop) {
  if (state_->journal != nullptr) state_->journal->drop(drop);
  state_->drops.add(drop);
}

void Correlator::on_flow(rtp::FlowId id, const rtp::FlowKey& key, Time) { state_->media.on_flow(id, key); }

void Correlator::on_chunk(rtp::Chunk& chunk, const rtp::FlowStats& stats) {
  state_->media.on_chunk(chunk, stats, state_->clock);
}

void Correlator::on_flow_end(rtp::FlowId id, const rtp::FlowStats& stats) { state_->media.on_flow_end(id, stats); }

void Correlator::advance(Time now) {
  State& state = *state_;
  if (state.now && now > *state.now) state.clock += std::min<Duration>(now - *state.now, kLongestStep);
  state.now = now;
  state.apply_pending(now);
  // Behind a clock that stepped back what was decided would come far too late.
  if (!state.pending.empty() && state.pending.front().at - now > rtp::FlowTable::kReadAgain) {
    state.apply_pending(Time::max());
  }
  state.run_timers();
  state.listener.advance(now);
  state.pauses.advance(now);
  state.gate.advance(now);
  state.output.advanced(now);
}

PauseAnswer Correlator::command(const PauseCommand& command) {
  return state_->commands.apply(command, state_->now.value_or(Time{}));
}

LivePage Correlator::live(const LiveQuery& query) const {
  State& state = *state_;
  return LiveView(state.calls, state.conversations, state.roles, state.registrations).page(query);
}

LiveCounts Correlator::live_counts() const {
  State& state = *state_;
  return LiveView(state.calls, state.conversations, state.roles, state.registrations).counts();
}

void Correlator::finish() {
  State& state = *state_;
  state.ended = true;
  state.apply_pending(Time::max());
  state.listener.advance(Time::max());
  state.media.finish(state.clock);
  // First all that is known of all, for it may join them; what closes a conversation is the last of its calls.
  std::vector<std::uint64_t> open;
  for (const std::uint64_t serial : state.calls.all()) {
    Call& call = *state.calls.find(serial);
    if (!call.set_aside) open.push_back(serial);
    state.linker.on_over(call);
  }
  for (const std::uint64_t serial : open) {
    const Call* call = state.calls.find(serial);
    state.call_over(serial, call->over ? CloseReason::Over : CloseReason::CaptureEnd);
  }
  state.ended = false;
}

const std::vector<std::string>& Correlator::recording_sessions() const noexcept { return state_->recording_sessions; }
std::size_t Correlator::open_calls() const noexcept { return state_->calls.size(); }
std::uint64_t Correlator::calls_seen() const noexcept { return state_->calls.opened(); }

Counters Correlator::counters() const {
  const State& state = *state_;
  Counters counters = state.media.counters();
  for (const Counter& counter : state.linker.counters()) counters.push_back(counter);
  for (const Counter& counter : state.pauses.counters()) counters.push_back(counter);
  for (const Counter& counter : state.sockets.counters()) counters.push_back(counter);
  counters.push_back({"calls.opened", state.calls.opened()});
  counters.push_back({"calls.closed", state.closed});
  counters.push_back({"calls.capture_drops", state.drops.packets()});
  counters.push_back({"calls.evicted", state.evicted});
  counters.push_back({"calls.robots_only", state.robots_only});
  counters.push_back({"calls.srtp_keys_dropped", state.keys.dropped()});
  counters.push_back({"calls.notes_left_out", state.left_out});
  counters.push_back({"calls.conferences_forgotten", state.control.forgotten()});
  counters.push_back({"sip.outside_dialogs", state.outside_dialogs});
  counters.push_back({"sip.texts_outside_dialogs", state.texts_outside});
  counters.push_back({"sip.late_messages", state.late});
  counters.push_back({"sip.registrations_refused", state.registrations.refused()});
  return counters;
}

}  // namespace tapestry::calls
