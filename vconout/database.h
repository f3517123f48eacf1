#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace tapestry::vconout {

/// What a Database and its Statements share; only database.cpp knows more.
struct DatabaseHandle;
struct StatementHandle;

/// A prepared statement of a Database, which outlives it. Its values are bound from ?1 on, in the order of the calls.
class Statement {
 public:
  Statement(const DatabaseHandle& database, std::string_view sql);
  ~Statement();
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;

 private:
  friend class Use;
  std::unique_ptr<StatementHandle> handle_;
};

/// One use of a statement: it is reset at the end, so that no lock stays. All throw std::runtime_error that names the
/// file when SQLite fails.
class Use {
 public:
  explicit Use(const Statement& statement) noexcept;
  ~Use();
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  /// The next value. A text must live until the last step.
  Use& bind(std::string_view text);
  Use& bind(const std::string& text) { return bind(std::string_view(text)); }
  Use& bind(const char* text) { return bind(std::string_view(text)); }
  Use& bind(double value);
  Use& bind(std::int64_t value);
  Use& bind(int value) { return bind(std::int64_t{value}); }
  Use& bind(bool value) { return bind(std::int64_t{value ? 1 : 0}); }
  /// NULL for an empty text.
  Use& bind_or_null(std::string_view text);

  /// The next row: false behind the last. What a statement does that gives no rows is done when it returns.
  bool step();
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] int integer(int column) const { return static_cast<int>(number(column)); }

 private:
  StatementHandle& handle_;
  int bound_ = 0;
};

/// An SQLite file. One thread. Everything throws std::runtime_error that names the file when SQLite fails.
class Database {
 public:
  enum class Mode : std::uint8_t { Read, ReadWrite };

  /// Opens it; with ReadWrite it is made when there is none.
  Database(const std::filesystem::path& file, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Statements without values or rows. `what` says in an error what could not be done.
  void run(const char* sql, const char* what = "write to") const;
  [[nodiscard]] Statement prepare(std::string_view sql) const { return {*handle_, sql}; }
  /// How many rows the last statement changed.
  [[nodiscard]] std::int64_t changes() const noexcept;
  [[nodiscard]] int version() const;  ///< PRAGMA user_version
  [[nodiscard]] const std::string& file() const noexcept;

 private:
  std::unique_ptr<DatabaseHandle> handle_;
};

/// BEGIN IMMEDIATE; rolled back unless it was committed.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

}  // namespace tapestry::vconout
