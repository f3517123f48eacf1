#include "app/retain.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "app/catalog_index.h"
#include "app/erasure.h"
#include "app/folder_lock.h"
#include "app/json_view.h"
#include "app/keys.h"
#include "app/retention_log.h"
#include "app/text.h"
#include "vconout/file.h"
#include "vconout/retention_book.h"
#include "vconout/uuid.h"

namespace tapestry::app {
namespace {

using vconout::Deletion;
using vconout::NumberedRow;

constexpr std::size_t kPage = 500;
constexpr std::chrono::days kDay{1};

std::optional<Time> end_of(const vconout::CatalogRow& row) {
  const auto start = from_rfc3339(row.start);
  if (!start) return std::nullopt;
  return later(*start, std::max(row.duration, 0.0));
}

/// Times are subtracted from the clock only: it is far from the ends of what Time can hold.
bool is_due(const RetentionRule* rule, const vconout::CatalogRow& row, Time now) {
  const auto end = end_of(row);
  return rule != nullptr && rule->days && end && *end <= now - kDay * *rule->days;
}

class Sweep {
 public:
  Sweep(const RetainCommand& command, const std::function<void(const Swept&)>& tell, std::ostream& err)
      : command_(command),
        tell_(tell),
        book_(command.out / "catalog.sqlite"),
        log_(command.out),
        who_(local_user()),
        err_(err) {
    if (!command.dry_run) lock_.emplace(command.out, err);
  }

  vconout::RetentionBook& book() { return book_; }
  [[nodiscard]] const SweepResult& result() const { return result_; }
  /// What was deleted is in the catalog's write-ahead log no more; else it is said, and a fault.
  bool settle() {
    if (book_.settle()) return true;
    err_ << "tapestry: the catalog is in use: names of what was deleted stay in its log until the next sweep\n";
    ++result_.faults;
    return false;
  }

  void check_clock() const {
    const auto last = book_.last_sweep();
    if (!last || command_.clock_checked || command_.now - kLongestBetweenSweeps <= *last) return;
    throw ConfigError(fmt::format("the last sweep was on {}: if the clock ({}) is right, add --clock-checked",
                                  date_text(*last), date_text(command_.now)));
  }

  void go_on_with_begun() {
    for (const Deletion& deletion : book_.pending()) {
      Swept swept{.uuid = deletion.uuid, .start = {}, .rule = deletion.rule, .outcome = {}, .detail = {}};
      guarded(swept, [&] { go_on(deletion, swept); });
      count(swept);
    }
  }

  /// Gives the number behind which the next sweep begins.
  std::int64_t sweep_due() {
    const auto shortest = shortest_days();
    if (!shortest) return 0;
    const Time ended = command_.now - kDay * *shortest;
    const std::int64_t begin = command_.dry_run ? 0 : book_.next_begin();
    most_faults_ = result_.faults + kMostSweepFaults;
    if (const auto gave_up = sweep_between(ended, begin, std::numeric_limits<std::int64_t>::max())) return *gave_up;
    return sweep_between(ended, 0, begin).value_or(0);
  }

  /// Deletes a chain, or says in `swept` what holds it.
  void remove(const std::vector<NumberedRow>& chain, const std::string& reason, const std::string& rule, Swept& swept) {
    std::vector<Deletion> deletions;
    for (const NumberedRow& row : chain) {
      Deletion& deletion = deletions.emplace_back(deletion_of(row.row, book_.facts_of(row.number), command_.now));
      deletion.reason = reason;
      deletion.rule = rule;
      deletion.who = who_;
    }
    open_signer_once();
    if (const auto hold = book_.begin(chain, deletions)) {
      swept.outcome = "held";
      swept.detail = hold->matter;
      return;
    }
    for (const Deletion& deletion : deletions) finish(deletion);
    swept.outcome = "deleted";
  }

  void count(const Swept& swept) {
    result_.deleted += swept.outcome == "deleted" ? 1U : 0U;
    result_.held += swept.outcome == "held" ? 1U : 0U;
    result_.due += swept.outcome == "due" ? 1U : 0U;
    result_.faults += swept.outcome == "fault" ? 1U : 0U;
    if (!swept.outcome.empty()) tell_(swept);
  }

 private:
  void guarded(Swept& swept, const std::function<void()>& work) const {
    try {
      work();
    } catch (const std::runtime_error& error) {
      swept.outcome = "fault";
      swept.detail = error.what();
    }
  }

  [[nodiscard]] std::optional<int> shortest_days() const {
    std::optional<int> shortest;
    for (const RetentionRule& rule : command_.config.retention) {
      if (rule.days) shortest = std::min(shortest.value_or(*rule.days), *rule.days);
    }
    return shortest;
  }

  void go_on(const Deletion& deletion, Swept& swept) {
    if (const auto hold = book_.held(deletion)) {
      swept.outcome = "held";
      swept.detail = hold->matter;
    } else if (command_.dry_run) {
      swept.outcome = "due";
    } else {
      open_signer_once();
      finish(deletion);
      swept.outcome = "deleted";
    }
  }

  void finish(const Deletion& deletion) {
    if (!std::filesystem::exists(command_.out / deletion.tombstone_path)) {
      log_.add({.time = command_.now,
                .action = "delete",
                .who = deletion.who,
                .uuid = deletion.uuid,
                .reason = deletion.reason,
                .rule = deletion.rule});
    }
    bury(command_.out, deletion, *signer_);
    vconout::give_to_folder_owner(command_.out / deletion.tombstone_path);
    carry_out(command_.out, deletion, *signer_, book_);
  }

  void consider(const NumberedRow& row) {
    const RetentionRule* rule = rule_of(command_.config.retention, row.row, book_.facts_of(row.number));
    if (!is_due(rule, row.row, command_.now) || seen_.contains(row.row.uuid)) return;
    const std::vector<NumberedRow> chain = book_.chain_of(row.row.uuid);
    if (chain.empty() || !is_whole_due(chain)) return;
    Swept shared{.uuid = {}, .start = {}, .rule = rule->name, .outcome = {}, .detail = {}};
    guarded(shared, [&] {
      if (!command_.dry_run) return remove(chain, "retention", rule->name, shared);
      const auto hold = book_.held(chain);
      shared.outcome = hold ? "held" : "due";
      if (hold) shared.detail = hold->matter;
    });
    for (const NumberedRow& one : chain) {
      if (chain.size() > 1) seen_.insert(one.row.uuid);
      Swept swept = shared;
      swept.uuid = one.row.uuid;
      swept.start = one.row.start;
      count(swept);
    }
  }

  /// What amends a conversation names its media: none goes before all may.
  [[nodiscard]] bool is_whole_due(const std::vector<NumberedRow>& chain) const {
    return std::ranges::all_of(chain, [&](const NumberedRow& one) {
      const RetentionRule* rule = rule_of(command_.config.retention, one.row, book_.facts_of(one.number));
      return is_due(rule, one.row, command_.now);
    });
  }

  /// Numbers behind `after` up to `last`. The last that was reached, when it gave up behind that.
  std::optional<std::int64_t> sweep_between(Time ended, std::int64_t after, std::int64_t last) {
    while (after < last) {
      const auto rows = book_.ended_by(ended, after, kPage);
      for (const NumberedRow& row : rows) {
        if (row.number > last) return std::nullopt;
        if (result_.faults >= most_faults_) return after;
        after = row.number;
        ++result_.looked_at;
        consider(row);
      }
      if (rows.size() < kPage) return std::nullopt;
    }
    return std::nullopt;
  }

  void open_signer_once() {
    if (!signer_) signer_.emplace(open_signer(command_.config, command_.out, err_));
  }

  const RetainCommand& command_;
  const std::function<void(const Swept&)>& tell_;
  std::optional<FolderLock> lock_;  ///< what two of them look at and change is more than the catalog
  vconout::RetentionBook book_;
  RetentionLog log_;
  std::string who_;
  std::ostream& err_;
  std::optional<vconout::Signer> signer_;
  SweepResult result_;
  std::uint64_t most_faults_ = 0;  ///< of result_, with those of deletions that were begun before
  std::set<std::string> seen_;     ///< of chains of more than one: each is dealt with once
};

}  // namespace

SweepResult retain(const RetainCommand& command, const std::function<void(const Swept&)>& tell, std::ostream& err) {
  (void)index_catalog(command.out);
  Sweep sweep(command, tell, err);
  sweep.check_clock();
  sweep.go_on_with_begun();
  const std::int64_t next = sweep.sweep_due();
  if (!command.dry_run) {
    sweep.book().note_next_begin(next);
    sweep.book().note_sweep(std::max(command.now, sweep.book().last_sweep().value_or(command.now)));
    sweep.settle();
  }
  return sweep.result();
}

int delete_now(const RetainCommand& command, const std::string& uuid, const std::string& reason, std::ostream& out,
               std::ostream& err) {
  if (!vconout::is_uuid(uuid)) throw ConfigError(fmt::format("{} is no uuid of a vCon", printable(uuid)));
  (void)index_catalog(command.out);
  const std::function<void(const Swept&)> tell = [](const Swept&) {};
  Sweep sweep(command, tell, err);
  const std::vector<NumberedRow> chain = sweep.book().chain_of(uuid);
  if (chain.empty()) throw ConfigError(fmt::format("no conversation {} in {}", uuid, command.out.string()));
  const bool begun =
      std::ranges::any_of(chain, [&](const NumberedRow& row) { return sweep.book().find(row.row.uuid).has_value(); });
  if (begun)
    throw std::runtime_error(fmt::format("the deletion of {} was begun: `tapestry retain` goes on with it", uuid));
  Swept swept{.uuid = uuid, .start = {}, .rule = {}, .outcome = {}, .detail = {}};
  sweep.remove(chain, reason, "", swept);
  if (swept.outcome == "held") {
    err << fmt::format("tapestry: {} is held for {}: nothing was deleted\n", uuid, printable(swept.detail));
    return 1;
  }
  for (const NumberedRow& row : chain) out << tombstone_path(row.row.vcon_path, row.row.uuid) << "\n";
  return sweep.settle() ? 0 : 1;
}

}  // namespace tapestry::app
