#include "vconout/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

namespace tapestry::vconout {
namespace {

constexpr int kBusyMillis = 10'000;

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

}  // namespace

struct DatabaseHandle {
  std::string file;
  std::unique_ptr<sqlite3, CloseDatabase> database{};

  [[noreturn]] void fail(std::string_view what) const {
    throw std::runtime_error(fmt::format("cannot {} {}: {}", what, file, sqlite3_errmsg(database.get())));
  }
};

struct StatementHandle {
  const DatabaseHandle& database;
  std::unique_ptr<sqlite3_stmt, Finalize> statement{};

  /// What is wrong with a read is no more than that; else something was to be written.
  [[nodiscard]] const char* what() const noexcept {
    return sqlite3_stmt_readonly(statement.get()) != 0 ? "read" : "write to";
  }
  void require(int result) const {
    if (result != SQLITE_OK) database.fail(what());
  }
};

Statement::Statement(const DatabaseHandle& database, std::string_view sql)
    : handle_(std::make_unique<StatementHandle>(database)) {
  sqlite3_stmt* made = nullptr;
  const auto size = static_cast<int>(sql.size());
  if (sqlite3_prepare_v2(database.database.get(), sql.data(), size, &made, nullptr) != SQLITE_OK) database.fail("read");
  handle_->statement.reset(made);
}

Statement::~Statement() = default;
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;

Use::Use(const Statement& statement) noexcept : handle_(*statement.handle_) {}

Use::~Use() {
  sqlite3_reset(handle_.statement.get());
  sqlite3_clear_bindings(handle_.statement.get());
}

Use& Use::bind(std::string_view text) {
  // A null destructor is SQLITE_STATIC: the text outlives the step. An empty view may be null, which would be NULL.
  const char* bytes = text.empty() ? "" : text.data();
  handle_.require(sqlite3_bind_text64(handle_.statement.get(), ++bound_, bytes, text.size(), nullptr, SQLITE_UTF8));
  return *this;
}

Use& Use::bind(double value) {
  handle_.require(sqlite3_bind_double(handle_.statement.get(), ++bound_, value));
  return *this;
}

Use& Use::bind(std::int64_t value) {
  handle_.require(sqlite3_bind_int64(handle_.statement.get(), ++bound_, value));
  return *this;
}

Use& Use::bind_or_null(std::string_view text) {
  if (!text.empty()) return bind(text);
  handle_.require(sqlite3_bind_null(handle_.statement.get(), ++bound_));
  return *this;
}

bool Use::step() {
  const int result = sqlite3_step(handle_.statement.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE) handle_.database.fail(handle_.what());
  return result == SQLITE_ROW;
}

std::string Use::text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_.statement.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.statement.get(), column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

double Use::real(int column) const { return sqlite3_column_double(handle_.statement.get(), column); }

std::int64_t Use::number(int column) const { return sqlite3_column_int64(handle_.statement.get(), column); }

Database::Database(const std::filesystem::path& file, Mode mode)
    : handle_(std::make_unique<DatabaseHandle>(file.string())) {
  sqlite3* opened = nullptr;
  const int flags = mode == Mode::Read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int result = sqlite3_open_v2(handle_->file.c_str(), &opened, flags, nullptr);
  handle_->database.reset(opened);
  if (result != SQLITE_OK) handle_->fail("open");
  sqlite3_busy_timeout(opened, kBusyMillis);
  // Who may only read the folder can open the file while nobody writes only if its log is still there.
  int keep = mode == Mode::ReadWrite ? 1 : 0;
  (void)sqlite3_file_control(opened, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
}

Database::~Database() = default;

void Database::run(const char* sql, const char* what) const {
  if (sqlite3_exec(handle_->database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) handle_->fail(what);
}

std::int64_t Database::changes() const noexcept { return sqlite3_changes(handle_->database.get()); }

int Database::version() const {
  const Statement statement = prepare("PRAGMA user_version");
  Use use(statement);
  return use.step() ? use.integer(0) : 0;
}

const std::string& Database::file() const noexcept { return handle_->file; }

Transaction::Transaction(const Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const std::runtime_error&) {
    // SQLite rolled it back by itself, or will when the file is opened again.
    return;
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace tapestry::vconout
