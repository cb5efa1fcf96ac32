#include "runtime/adapter/sim_store.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "runtime/adapter/value_text.h"

namespace exm {
namespace {

using Json = nlohmann::json;

constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS clock(id INTEGER PRIMARY KEY CHECK (id = 1), now INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS world(variable TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS commands(key TEXT PRIMARY KEY, step TEXT NOT NULL, state INTEGER NOT NULL, phase INTEGER NOT NULL,
  next INTEGER NOT NULL, each INTEGER NOT NULL, changes TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS executions(n INTEGER PRIMARY KEY, key TEXT NOT NULL, step TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS executions_of ON executions(step);
)";

Json to_json(const Changes& changes) {
  Json list = Json::array();
  for (const auto& change : changes)
    list.push_back(Json::array({change.variable, value_to_json(change.value), change.doubtful}));
  return list;
}

Changes changes_of(const Json& list) {
  Changes changes;
  for (const auto& entry : list)
    changes.push_back({entry.at(0).get<std::string>(),
                       value_from_json(entry.at(1).get<std::string>()).value_or(plan::unknown()), entry.at(2).get<bool>()});
  return changes;
}

std::string changes_text(const SimCommand& command) {
  Json effects = Json::array();
  for (const auto& group : command.effects) effects.push_back(to_json(group));
  return Json{{"back", to_json(command.back)}, {"during", to_json(command.during)}, {"effects", effects}}.dump();
}

bool read_changes(const std::string& text, SimCommand& command) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return false;
  command.back = changes_of(json.at("back"));
  command.during = changes_of(json.at("during"));
  for (const auto& group : json.at("effects")) command.effects.push_back(changes_of(group));
  return true;
}

Failure damaged(const std::string& path) {
  return {Failure::Kind::environment, path + ": the simulated world can't be read; delete the file and the journal, then run anew"};
}

}  // namespace

Result<SimStore> SimStore::open(const std::string& path, Open how) {
  std::error_code ignored;
  if (how == Open::fresh) {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end, ignored);
  } else if (!std::filesystem::exists(path, ignored)) {
    return Failure{Failure::Kind::environment, path + ": the simulated world of this run is gone; without it the run can't go on"};
  }
  auto database = Database::open(path, Database::Mode::create, Database::Sync::normal);
  if (!database) return database.error();
  SimStore store(std::move(*database));
  if (auto done = store.prepare(); !done) return done.error();
  return store;
}

Result<Done> SimStore::prepare() {
  if (auto done = database_.execute(tables); !done) return done;
  struct Row {
    Statement* statement;
    const char* sql;
  };
  const Row rows[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&clock_, "INSERT INTO clock VALUES(1, ?) ON CONFLICT DO UPDATE SET now = excluded.now"},
      {&variable_, "INSERT INTO world VALUES(?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"},
      {&command_, "REPLACE INTO commands VALUES(?, ?, ?, ?, ?, ?, ?)"},
      {&advance_, "UPDATE commands SET state = ?, phase = ?, next = ? WHERE key = ?"},
      {&execution_, "INSERT INTO executions(key, step, at) VALUES(?, ?, ?)"},
      {&count_, "SELECT count(*) FROM executions WHERE step = ?"},
  };
  for (const auto& [statement, sql] : rows) {
    auto prepared = database_.prepare(sql);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  return Done{};
}

Result<Milliseconds> SimStore::load(World& world, std::map<std::string, SimCommand>& commands) {
  auto values = database_.prepare("SELECT variable, value FROM world");
  auto rows = database_.prepare("SELECT key, step, state, phase, next, each, changes FROM commands");
  auto clock = database_.prepare("SELECT now FROM clock");
  if (!values) return values.error();
  if (!rows) return rows.error();
  if (!clock) return clock.error();
  for (;;) {
    auto row = values->step();
    if (!row) return row.error();
    if (!*row) break;
    auto value = value_from_json(values->text(1));
    if (!value) return damaged(database_.path());
    world[values->text(0)] = std::move(*value);
  }
  for (;;) {
    auto row = rows->step();
    if (!row) return row.error();
    if (!*row) break;
    SimCommand command{rows->text(0), rows->text(1), static_cast<SimCommand::State>(rows->number(2)),
                       static_cast<int>(rows->number(3)), rows->number(4), rows->number(5), {}, {}, {}};
    if (!read_changes(rows->text(6), command)) return damaged(database_.path());
    commands[command.key] = std::move(command);
  }
  auto row = clock->step();
  if (!row) return row.error();
  return *row ? clock->number(0) : Milliseconds{0};
}

Result<Done> SimStore::begin() { return begin_.run(); }

Result<Done> SimStore::commit(Milliseconds now) {
  if (auto done = clock_.bind(1, now).run(); !done) return done;
  return commit_.run();
}

Result<Done> SimStore::save(const std::string& variable, const plan::Value& value) {
  return variable_.bind(1, variable).bind(2, value_to_json(value)).run();
}

Result<Done> SimStore::save(const SimCommand& command) {
  return command_.bind(1, command.key)
      .bind(2, command.step)
      .bind(3, static_cast<std::int64_t>(command.state))
      .bind(4, static_cast<std::int64_t>(command.phase))
      .bind(5, command.next)
      .bind(6, command.each)
      .bind(7, changes_text(command))
      .run();
}

Result<Done> SimStore::save_progress(const SimCommand& command) {
  return advance_.bind(1, static_cast<std::int64_t>(command.state))
      .bind(2, static_cast<std::int64_t>(command.phase))
      .bind(3, command.next)
      .bind(4, command.key)
      .run();
}

Result<Done> SimStore::log(const Execution& execution, Milliseconds now) {
  return execution_.bind(1, execution.key).bind(2, execution.step).bind(3, now).run();
}

Result<std::int64_t> SimStore::executions(const std::string& step) {
  auto row = count_.bind(1, step).step();
  if (!row) return row.error();
  const auto number = count_.number(0);
  count_.reset();
  return number;
}

Result<SimRecord> read_simulation(const std::string& path) {
  auto database = Database::open(path, Database::Mode::write, Database::Sync::normal);
  if (!database) return database.error();
  SimRecord record;
  auto values = database->prepare("SELECT variable, value FROM world");
  auto log = database->prepare("SELECT key, step FROM executions ORDER BY n");
  if (!values) return values.error();
  if (!log) return log.error();
  for (;;) {
    auto row = values->step();
    if (!row) return row.error();
    if (!*row) break;
    record.changed[values->text(0)] = value_from_json(values->text(1)).value_or(plan::unknown());
  }
  for (;;) {
    auto row = log->step();
    if (!row) return row.error();
    if (!*row) break;
    record.executions.push_back({log->text(0), log->text(1)});
  }
  return record;
}

}  // namespace exm
