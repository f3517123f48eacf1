#include "calls/transfers.h"

#include <algorithm>
#include <tuple>

#include "calls/identity.h"
#include "calls/presence.h"

namespace tapestry::calls {
namespace {

constexpr std::array kSides{Side::Caller, Side::Callee};
/// Who is handed on may have both for a moment, or nobody while it rings.
constexpr Duration kHandover = std::chrono::seconds(5);
constexpr Duration kLongestRing = std::chrono::seconds(60);

struct Maker {
  const std::vector<Leg>& legs;
  const std::vector<Party>& parties;
  const std::vector<Attempt>& attempts;
  std::vector<DialogPlan>& dialogs;
  std::vector<DialogPlan> transfers{};

  void run() {
    for (std::size_t n = 0; n < legs.size(); ++n) {
      for (const Referral& referral : legs[n].call->referrals) by_refer(n, referral);
    }
    by_succession();
    std::ranges::sort(transfers, {}, [](const DialogPlan& one) {
      return std::tuple(one.start, one.transfer->transferor, one.transfer->transfer_target);
    });
    for (DialogPlan& transfer : transfers) dialogs.push_back(std::move(transfer));
  }

 private:
  [[nodiscard]] std::size_t party_at(std::size_t leg, Side side, Time time) const {
    std::size_t found = kNoParty;
    for (const Presence& one : behind(legs, leg, side)) {
      const bool there = one.when.start <= time && time <= one.when.end + kHandover;
      if (there && (found == kNoParty || parties[one.party].role == Role::Customer)) found = one.party;
    }
    return found;
  }

  [[nodiscard]] bool known(std::size_t transferor, std::size_t target) const {
    return std::ranges::any_of(transfers, [&](const DialogPlan& one) {
      return one.transfer->transferor == transferor && one.transfer->transfer_target == target;
    });
  }

  /// The party's recording at that time, or around it.
  [[nodiscard]] std::optional<std::size_t> recording_of(std::size_t party, Time time) const {
    std::optional<std::size_t> nearest;
    for (std::size_t n = 0; n < dialogs.size(); ++n) {
      const DialogPlan& dialog = dialogs[n];
      if (dialog.kind != DialogKind::Recording || dialog.agent != party) continue;
      if (!nearest || dialog.start <= time) nearest = n;
    }
    return nearest;
  }

  /// The dialog that tells of `party` on that leg: a recording, an attempt, or a placeholder made for it.
  std::size_t dialog_of(std::size_t leg, std::size_t party, Time time) {
    for (const Attempt& attempt : attempts) {
      if (attempt.leg == leg) return attempt.dialog;
    }
    if (const auto recording = recording_of(party, time)) return *recording;
    DialogPlan placeholder;
    placeholder.kind = DialogKind::Recording;
    const Window window =
        legs[leg].answer ? legs[leg].answer->window : Window{legs[leg].call->first_seen, legs[leg].call->last_seen};
    placeholder.start = window.start;
    placeholder.end = std::max(window.start, window.end);
    placeholder.agent = party;
    std::vector<std::size_t> all{party};
    for (const Side side : kSides) {
      for (const Presence& one : behind(legs, leg, side)) (void)add_once(all, one.party, parties.size());
    }
    for (const std::size_t one : all) placeholder.channel_parties.push_back({one});
    if (placeholder.start < placeholder.end)
      placeholder.gaps.push_back(
          {GapReason::NotRecorded, placeholder.start, placeholder.end, {}, "no agent's part of the call"});
    dialogs.push_back(std::move(placeholder));
    return dialogs.size() - 1;
  }

  void add(std::size_t transferee, std::size_t transferor, std::size_t target, Time time, std::size_t from_leg,
           std::size_t to_leg, std::optional<std::size_t> consultation) {
    const Time answered = legs[to_leg].answer ? legs[to_leg].answer->window.start : legs[to_leg].call->first_seen;
    TransferPlan plan{transferee, transferor, target, {}, consultation, {}};
    plan.original = dialog_of(from_leg, transferor, time);
    plan.target_dialog = dialog_of(to_leg, target, answered);
    DialogPlan dialog;
    dialog.kind = DialogKind::Transfer;
    dialog.start = dialog.end = time;
    dialog.transfer = plan;
    transfers.push_back(std::move(dialog));
  }

  /// Where the consultation of an attended transfer is heard: it lies in the target's recording as in the transferor's.
  [[nodiscard]] std::optional<std::size_t> consultation_of(const sip::DialogReference& dialog,
                                                           std::size_t transferor) const {
    for (std::size_t n = 0; n < legs.size(); ++n) {
      if (legs[n].call->call_id != dialog.call_id || !legs[n].answer) continue;
      return consultation_on(n, transferor);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::size_t> consultation_on(std::size_t leg, std::size_t transferor) const {
    for (const Side side : kSides) {
      for (const Presence& one : behind(legs, leg, side)) {
        if (one.party == transferor) continue;
        if (const auto recording = recording_of(one.party, one.when.start)) return recording;
      }
    }
    return recording_of(transferor, legs[leg].answer->window.start);
  }

  [[nodiscard]] std::size_t made_by(const Referral& referral) const {
    for (std::size_t n = 0; n < legs.size(); ++n) {
      const Call& call = *legs[n].call;
      if (referral.call != 0 && call.serial == referral.call) return n;
      const bool replaces = std::ranges::any_of(call.references, [&](const Reference& reference) {
        return reference.kind == LinkKind::Replaces && referral.target.replaces &&
               reference.dialog.call_id == referral.target.replaces->call_id;
      });
      if (replaces) return n;
    }
    return kNoParty;
  }

  /// The consultation that a REFER with Replaces names, when it came about without an INVITE: a PBX joined the two
  /// inside itself.
  [[nodiscard]] std::size_t joined_inside(const Referral& referral) const {
    if (!referral.target.replaces || referral.outcome < 200 || referral.outcome >= 300) return kNoParty;
    for (std::size_t n = 0; n < legs.size(); ++n) {
      if (legs[n].call->call_id == referral.target.replaces->call_id && legs[n].answer) return n;
    }
    return kNoParty;
  }

  [[nodiscard]] std::size_t target_of(std::size_t leg, std::size_t transferor) const {
    for (const Side side : {Side::Callee, Side::Caller}) {
      for (const Presence& one : behind(legs, leg, side)) {
        if (one.party != transferor) return one.party;
      }
    }
    return kNoParty;
  }

  /// Both ends talk on beside the call that was asked for: nobody was handed on (a far-fork, RFC 5850).
  [[nodiscard]] bool goes_on(std::size_t leg, Side referrer, std::size_t made) const {
    if (!legs[leg].answer || !legs[made].answer) return false;
    const Window after{legs[made].answer->window.start + kHandover, legs[leg].answer->window.end};
    return after.start < after.end &&
           std::ranges::none_of(
               holds_of(*legs[leg].call, referrer, after), [&](const Window& hold) { return hold.end == after.end; });
  }

  void by_refer(std::size_t leg, const Referral& referral) {
    if (referral.status >= 300) return;
    std::size_t made = made_by(referral);
    if (made != kNoParty && goes_on(leg, referral.referrer, made)) return;
    if (made == kNoParty) made = joined_inside(referral);
    if (made == kNoParty || mixing_side(legs[made])) return;
    const std::size_t transferor = party_at(leg, referral.referrer, referral.time);
    const std::size_t transferee = party_at(leg, other(referral.referrer), referral.time);
    const std::size_t target = target_of(made, transferor);
    if (transferor == kNoParty || transferee == kNoParty || target == kNoParty) return;
    if (target == transferee || target == transferor) return;
    const auto consultation =
        referral.target.replaces ? consultation_of(*referral.target.replaces, transferor) : std::nullopt;
    add(transferee, transferor, target, referral.time, leg, made, consultation);
  }

  struct Facing {
    std::size_t leg;
    std::size_t party;
    Window when;
  };

  /// Who spoke with the customer, in order of time.
  [[nodiscard]] std::vector<Facing> facing(std::size_t customer) const {
    std::vector<Facing> list;
    for (std::size_t n = 0; n < legs.size(); ++n) {
      for (const Side side : kSides) {
        const std::size_t party = legs[n].party[index_of(side)];
        if (!legs[n].answer || party == kNoParty || party == customer || legs[n].mixer[index_of(other(side))]) continue;
        for (const Presence& one : behind(legs, n, other(side))) {
          if (one.party == customer) list.push_back({n, party, one.when});
        }
      }
    }
    std::ranges::sort(list, {}, [](const Facing& one) { return std::tuple(one.when.start, one.when.end, one.leg); });
    return list;
  }

  void by_succession() {
    for (std::size_t customer = 0; customer < parties.size(); ++customer) {
      if (parties[customer].role != Role::Customer) continue;
      const std::vector<Facing> list = facing(customer);
      for (std::size_t n = 1; n < list.size(); ++n) {
        const Facing& from = list[n - 1];
        const Facing& to = list[n];
        const bool follows = to.when.start >= from.when.end - kHandover &&
                             to.when.start <= from.when.end + kLongestRing && to.when.end > from.when.end;
        if (from.party == to.party || !follows || parties[to.party].role == Role::Supervisor) continue;
        if (known(from.party, to.party)) continue;
        add(customer, from.party, to.party, std::min(from.when.end, to.when.start), from.leg, to.leg,
            consulted(from.party, to));
      }
    }
  }

  /// A call between the two before the one was followed by the other.
  [[nodiscard]] std::optional<std::size_t> consulted(std::size_t transferor, const Facing& to) const {
    for (std::size_t n = 0; n < legs.size(); ++n) {
      for (const Side side : kSides) {
        if (!legs[n].answer || legs[n].party[index_of(side)] != transferor ||
            legs[n].answer->window.start >= to.when.start)
          continue;
        for (const Presence& one : behind(legs, n, other(side))) {
          if (one.party == to.party && n != to.leg) return consultation_on(n, transferor);
        }
      }
    }
    return std::nullopt;
  }
};

}  // namespace

void add_transfers(const std::vector<Leg>& legs, const std::vector<Party>& parties,
                   const std::vector<Attempt>& attempts, std::vector<DialogPlan>& dialogs) {
  if (legs.size() > 1) Maker{legs, parties, attempts, dialogs}.run();
}

}  // namespace tapestry::calls
