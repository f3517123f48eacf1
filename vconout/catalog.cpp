#include "vconout/catalog.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

#include "vconout/file.h"

namespace tapestry::vconout {
namespace {

constexpr int kVersion = 1;
constexpr int kBusyMillis = 10'000;

constexpr const char* kPragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;";

constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS conversations ("
    " id INTEGER PRIMARY KEY,"
    " uuid TEXT NOT NULL UNIQUE,"
    " fingerprint TEXT NOT NULL UNIQUE,"
    " vcon_path TEXT NOT NULL,"
    " start TEXT NOT NULL,"
    " duration REAL NOT NULL,"
    " parties TEXT NOT NULL,"
    " agents TEXT NOT NULL,"
    " disposition TEXT NOT NULL,"
    " recordings INTEGER NOT NULL,"
    " gaps INTEGER NOT NULL);"
    "PRAGMA user_version = 1;"
    "COMMIT;";

constexpr const char* kColumns =
    "SELECT uuid, fingerprint, vcon_path, start, duration, parties, agents, disposition, recordings, gaps, id"
    " FROM conversations ";
constexpr int kIdColumn = 10;
constexpr const char* kByFingerprint = "WHERE fingerprint = ?1";
constexpr const char* kByUuid = "WHERE uuid = ?1";
constexpr const char* kAfter = "WHERE id > ?1 ORDER BY id";
constexpr const char* kCount = "SELECT count(*) FROM conversations";
constexpr const char* kHasUuid = "SELECT 1 FROM conversations WHERE uuid = ?1";
constexpr const char* kAdd =
    "INSERT INTO conversations"
    " (uuid, fingerprint, vcon_path, start, duration, parties, agents, disposition, recordings, gaps)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// A prepared statement during one use: reset when done, so that no lock stays.
class Use {
 public:
  explicit Use(const Statement& statement) noexcept : statement_(statement.get()) {}
  ~Use() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  void bind(int at, const std::string& text) {
    // A null destructor is SQLITE_STATIC: the text outlives the step.
    sqlite3_bind_text64(statement_, at, text.data(), text.size(), nullptr, SQLITE_UTF8);
  }
  void bind(int at, double value) { sqlite3_bind_double(statement_, at, value); }
  void bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_, at, value); }
  void bind(int at, int value) { sqlite3_bind_int(statement_, at, value); }
  int step() { return sqlite3_step(statement_); }
  [[nodiscard]] std::string text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
  }
  [[nodiscard]] double real(int column) const { return sqlite3_column_double(statement_, column); }
  [[nodiscard]] int integer(int column) const { return sqlite3_column_int(statement_, column); }
  [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

struct CatalogFile {
  std::string file;
  Database database{};
  Statement find{};  ///< a Catalog's by fingerprint, a CatalogReader's by uuid
  Statement has_uuid{};
  Statement add{};
  Statement after{};
  Statement count{};

  [[noreturn]] void fail(std::string_view what) const {
    throw std::runtime_error(fmt::format("cannot {} {}: {}", what, file, sqlite3_errmsg(database.get())));
  }
  void open(int flags) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
    database.reset(opened);
    if (result != SQLITE_OK) fail("open");
    sqlite3_busy_timeout(opened, kBusyMillis);
  }
  /// Whoever may only read the folder can open the catalog when nobody writes only if its log is still there.
  void keep_log() const noexcept {
    int keep = 1;
    (void)sqlite3_file_control(database.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  }
  void run(const char* sql, const char* what = "set up") const {
    if (sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(what);
  }
  void insert(const CatalogRow& row) const;
  [[nodiscard]] Statement prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail("read");
    return Statement(statement);
  }
  [[nodiscard]] int version() const {
    const Statement statement = prepare("PRAGMA user_version");
    Use use(statement);
    if (use.step() != SQLITE_ROW) fail("read");
    return use.integer(0);
  }
  [[nodiscard]] int known_version() const {
    const int found = version();
    if (found <= kVersion) return found;
    throw std::runtime_error(fmt::format("{} is of version {}, made by a newer program", file, found));
  }
  /// True with a row, false without.
  bool row(Use& use) const {
    const int result = use.step();
    if (result != SQLITE_ROW && result != SQLITE_DONE) fail("read");
    return result == SQLITE_ROW;
  }
};

namespace {

/// Rolled back unless it was committed.
class Transaction {
 public:
  explicit Transaction(const CatalogFile& state) : state_(state) { state.run("BEGIN IMMEDIATE", "write to"); }
  ~Transaction() {
    if (open_) sqlite3_exec(state_.database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    state_.run("COMMIT", "write to");
    open_ = false;
  }

 private:
  const CatalogFile& state_;
  bool open_ = true;
};

CatalogRow row_of(const Use& use) {
  return {.uuid = use.text(0),
          .fingerprint = use.text(1),
          .vcon_path = use.text(2),
          .start = use.text(3),
          .duration = use.real(4),
          .parties = use.text(5),
          .agents = use.text(6),
          .disposition = use.text(7),
          .recordings = use.integer(8),
          .gaps = use.integer(9)};
}

std::optional<CatalogRow> find_row(const CatalogFile& state, const std::string& key) {
  Use use(state.find);
  use.bind(1, key);
  if (!state.row(use)) return std::nullopt;
  return row_of(use);
}

}  // namespace

Catalog::Catalog(const std::filesystem::path& file) : state_(std::make_unique<CatalogFile>()) {
  make_folders(folder_of(file));
  state_->file = file.string();
  state_->open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  state_->run(kPragmas);
  state_->keep_log();
  if (state_->known_version() == 0) state_->run(kSchema);
  state_->find = state_->prepare(std::string(kColumns) + kByFingerprint);
  state_->has_uuid = state_->prepare(kHasUuid);
  state_->add = state_->prepare(kAdd);
}

Catalog::~Catalog() = default;

std::optional<CatalogRow> Catalog::find(const std::string& fingerprint) const { return find_row(*state_, fingerprint); }

bool Catalog::has_uuid(const std::string& uuid) const {
  Use use(state_->has_uuid);
  use.bind(1, uuid);
  return state_->row(use);
}

void Catalog::add(std::span<const CatalogRow> rows) {
  if (rows.empty()) return;
  Transaction transaction(*state_);
  for (const CatalogRow& row : rows) state_->insert(row);
  transaction.commit();
}

void CatalogFile::insert(const CatalogRow& row) const {
  Use use(add);
  int at = 0;
  for (const std::string* text : {&row.uuid, &row.fingerprint, &row.vcon_path, &row.start}) use.bind(++at, *text);
  use.bind(++at, row.duration);
  for (const std::string* text : {&row.parties, &row.agents, &row.disposition}) use.bind(++at, *text);
  use.bind(++at, row.recordings);
  use.bind(++at, row.gaps);
  if (use.step() != SQLITE_DONE) fail("add a conversation to");
}

CatalogReader::CatalogReader(const std::filesystem::path& file) : state_(std::make_unique<CatalogFile>()) {
  state_->file = file.string();
  state_->open(SQLITE_OPEN_READONLY);
  (void)state_->known_version();
  state_->find = state_->prepare(std::string(kColumns) + kByUuid);
  state_->after = state_->prepare(std::string(kColumns) + kAfter);
  state_->count = state_->prepare(kCount);
}

CatalogReader::~CatalogReader() = default;

std::optional<CatalogRow> CatalogReader::find_uuid(const std::string& uuid) const { return find_row(*state_, uuid); }

std::uint64_t CatalogReader::count() const {
  Use use(state_->count);
  if (!state_->row(use)) return 0;
  return static_cast<std::uint64_t>(use.number(0));
}

void CatalogReader::each(std::int64_t after,
                         const std::function<bool(std::int64_t number, const CatalogRow&)>& use_row) const {
  Use use(state_->after);
  use.bind(1, after);
  while (state_->row(use) && use_row(use.number(kIdColumn), row_of(use))) {
  }
}

}  // namespace tapestry::vconout
