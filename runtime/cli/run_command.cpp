#include "runtime/cli/run_command.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "runtime/cli/attendant.h"
#include "runtime/cli/choose_adapter.h"
#include "runtime/cli/exit_codes.h"
#include "runtime/cli/input.h"
#include "runtime/cli/interrupt.h"
#include "runtime/cli/questions.h"
#include "runtime/cli/signature.h"
#include "runtime/cli/terminal.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/plan_json.h"
#include "runtime/run/owner.h"
#include "runtime/run/retreat.h"
#include "runtime/run/retreat_plan.h"
#include "runtime/show/words.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"

namespace exm {
namespace {

int refuse(const Failure& failure) {
  std::cerr << failure.message << "\n";
  return exit_code_of(failure);
}

Milliseconds wall_clock() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// Dies by SIGKILL at the nth call; 0: never.
std::function<void()> crash_point(int at) {
  if (at <= 0) return {};
  return [at, count = 0]() mutable {
    if (++count == at) (void)raise(SIGKILL);
  };
}

Result<std::map<std::string, Decision>> decisions(const std::vector<std::string>& texts) {
  constexpr std::string_view words[] = {"done", "again", "ended"};
  std::map<std::string, Decision> map;
  for (const auto& text : texts) {
    const auto equals = text.rfind('=');
    const auto word = equals == std::string::npos ? "" : text.substr(equals + 1);
    const auto* const known = std::find(std::begin(words), std::end(words), word);
    if (known == std::end(words))
      return Failure{Failure::Kind::usage, "--decide " + text + ": expected STEP=done or STEP=again, or STEP=ended with --retreat"};
    map[text.substr(0, equals)] = static_cast<Decision>(known - std::begin(words));
  }
  return map;
}

/// The journal of a plan that says nothing else: its maintenance's name, so long as that is a file's name.
std::string journal_path(const RunArguments& arguments, const plan::Plan& plan) {
  if (!arguments.journal.empty()) return arguments.journal;
  std::string name;
  for (const char c : plan.maintenance) name += c == '/' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
  return (name.empty() ? "plan" : name) + ".exmrun";
}

Result<std::unique_ptr<Adapter>> open_adapter(const RunArguments& arguments, const plan::Plan& plan, const Journal& journal, bool begun,
                                              const std::function<void()>& at_point) {
  auto misfortunes = injections_of(arguments.inject);
  if (!misfortunes) return misfortunes.error();
  AdapterSetup setup;
  setup.start = plan::start_world(plan);
  setup.begun = journal.head().created;
  setup.log = [](const std::string& line) { std::cerr << line << "\n"; };
  SimOptions& sim = setup.sim;
  sim.path = journal.path() + ".sim";
  sim.open = begun ? SimStore::Open::existing : SimStore::Open::fresh;
  sim.injections = std::move(*misfortunes);
  sim.speed = arguments.speed;
  sim.start = begun ? 0 : wall_clock();
  sim.evaluate = [](const plan::Expression& expression, const World& world) { return evaluate(expression, world); };
  sim.at_point = at_point;
  sim.crash = [] { (void)raise(SIGKILL); };
  auto adapter = make_adapter({journal.head().adapter, journal.head().adapter_options}, plan, std::move(setup));
  if (!adapter) return adapter.error();
  if (auto started = (*adapter)->start(); !started) return started.error();
  return adapter;
}

/// How records and the outcome get out: JSON a line for a machine; lines for a person, above the board where there is one.
void show_as(const RunArguments& arguments, const plan::Plan& plan, const Terminal& terminal, Board* board, Questions& questions, RunOptions& options) {
  if (arguments.format == "json") {
    options.on_record = [](const Record& record) { std::cout << record_to_json(record) << std::endl; };
    return;
  }
  options.on_record = [&plan, terminal, board, &questions](const Record& record) {
    const auto line = record_line(plan, record, terminal.colour);
    if (line && questions.open()) {
      std::cout << "\n";
      questions.interrupted();
    }
    if (board != nullptr)
      board->take(record, line.value_or(""));
    else if (line)
      std::cout << *line << std::endl;
  };
}

void ask_on_terminal(const Terminal& terminal, Questions& questions, RunOptions& options) {
  if (!terminal.person) return;
  options.ask = [&questions](const Gate& gate) { return questions.ask(gate.key(), gate.question); };
  options.hand_over = [&questions](const std::string& step, const std::string& what) {
    return questions.ask(step, "step " + step + " is yours: " + what + " - is it done?");
  };
}

/// Whether steps take the time that a clock on the wall shows. A simulation without a speed does not wait at all.
bool takes_time(const Adapter& adapter, const RunArguments& arguments) { return adapter.name() != "sim" || arguments.speed > 0; }

/// No other run may work on these hosts meanwhile. A simulated world is the run's own.
Result<HostLocks> lock_hosts(const RunArguments& arguments, const plan::Plan& plan, const Journal& journal) {
  if (journal.head().adapter == "sim") return HostLocks();
  std::set<std::string> hosts;
  for (const auto& [object, host] : plan.hosts) hosts.insert(host.address);
  std::error_code ignored;
  return HostLocks::take(arguments.locks.empty() ? lock_folder() : arguments.locks, hosts,
                         {owner_name(), plan.maintenance, std::filesystem::absolute(journal.path(), ignored).string()}, wall_clock());
}

/// A run that was refused before it began leaves no file behind.
void remove_journal(Journal journal) {
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm", ".sim", ".sim-wal", ".sim-shm"})
    std::filesystem::remove(journal.path() + end, ignored);
}

/// A signature that was found good, and whose it is. Both empty: none was asked for.
struct Approval {
  std::string signature, signer;
};

/// The approval of exactly these bytes, which are the ones that are run. `file`: what they were read from; `kept`: the signature that a journal
/// has, nothing where a plan file is begun.
Result<Approval> approval_of(const RunArguments& arguments, const std::string& file, const std::string& bytes, const std::optional<std::string>& kept) {
  if (arguments.require_signed.empty()) {
    if (arguments.signature.empty()) return Approval{};
    return Failure{Failure::Kind::usage, "--signature is held against something by --require-signed ALLOWED_SIGNERS"};
  }
  if (file == "-" && arguments.signature.empty())
    return Failure{Failure::Kind::usage, "the plan comes from standard input: say by --signature FILE where its signature is"};
  SignatureCheck check{file, arguments.signature, {}, arguments.require_signed};
  if (kept && !kept->empty() && check.name.empty()) {
    check.name = file + " (the signature in it)";
    check.signature = *kept;
  } else {
    if (kept && check.name.empty())
      return Failure{Failure::Kind::bad_input, file + ": the run was begun without a signature, and there is none in it; name the plan's by --signature FILE. Nothing was run"};
    if (check.name.empty()) check.name = file + ".sig";
    auto text = read_input(check.name);
    if (!text)
      return Failure{Failure::Kind::bad_input, file + ": it has to be signed, and there is no signature: " + text.error().message +
                                                   "\n  Sign it by `ssh-keygen -Y sign -n exm-plan -f KEY " + file + "`, or name the file by --signature FILE. Nothing was run"};
    check.signature = std::move(*text);
  }
  auto signer = check_signature(bytes, check);
  if (!signer) return signer.error();
  return Approval{check.signature, signer->name + " with the " + signer->key};
}

/// Who signed stands in the log, which nobody changes unseen.
void note_signer(const Approval& approval, Journal& journal) {
  if (!approval.signer.empty()) journal.add({Record::Kind::note, wall_clock(), {}, {}, 0, std::string(signed_words) + approval.signer, {}});
}

int carry_out(const RunArguments& arguments, const plan::Plan& plan, Journal& journal, const std::function<void()>& at_point) {
  const bool begun = std::any_of(journal.records().begin(), journal.records().end(), [](const Record& record) {
    return record.kind == Record::Kind::transition && record.state == StepState::running;
  });
  auto locks = lock_hosts(arguments, plan, journal);
  if (!locks) return refuse(locks.error());
  auto adapter = open_adapter(arguments, plan, journal, begun, at_point);
  if (!adapter) return refuse(adapter.error());
  auto decided = decisions(arguments.decide);
  if (!decided) return refuse(decided.error());

  const Terminal terminal = look_at_terminal();
  Interrupt interrupt;
  Attendant attendant(journal.path(), std::move(*locks));
  Questions questions(interrupt.once(), [&attendant] { attendant.clear(); });
  std::optional<Board> board;
  if (terminal.screen && arguments.format == "text" && takes_time(**adapter, arguments)) {
    board.emplace(plan, [](const std::string& text) { std::cout << text << std::flush; }, screen_size);
    attendant.show(*board, [&adapter] { return (*adapter)->now(); }, [&questions] { return questions.open(); });
  }
  RunOptions options;
  options.parallel = arguments.parallel;
  options.yes = arguments.yes;
  options.approved = {arguments.approve.begin(), arguments.approve.end()};
  options.wait_for_window = arguments.wait || (!takes_time(**adapter, arguments));
  options.decisions = std::move(*decided);
  options.stop_now = interrupt.twice();
  if (takes_time(**adapter, arguments)) options.attend = [&attendant] { return attendant.look(); };
  show_as(arguments, plan, terminal, board ? &*board : nullptr, questions, options);
  ask_on_terminal(terminal, questions, options);

  const Outcome outcome = (arguments.retreat ? retreat : run)(plan, **adapter, journal, interrupt.once(), options);
  attendant.clear();
  (arguments.format == "json" ? std::cerr : std::cout) << outcome_text(outcome, journal.path());
  return exit_code_of(outcome);
}

/// What would be run, in order; nothing is written and no host is asked.
int rehearse(const plan::Plan& plan) {
  const Verdict verdict = verify(plan);
  if (!verdict.valid) {
    std::cerr << verdict_text(verdict, plan, plan.maintenance);
    return verdict.bound_reached ? exit_bound : exit_refuted;
  }
  bool first = true;
  for (const auto& step : plan.steps) {
    const auto shape = plan::instantiate(plan, step);
    for (const auto& gate : gates_of(plan, shape, first)) std::cout << "ask   " << gate.question << " (--approve " << gate.id << ")\n";
    first = false;
    std::cout << "run   " << step.id << "  " << shape.title;
    if (!shape.on.empty()) std::cout << " [on " << shape.on << "]";
    if (shape.irreversible) std::cout << " (can't be undone)";
    std::cout << "\n";
    for (const auto& line : show::lease_lines(shape)) std::cout << "timer " << line << "\n";
    for (const auto& notice : shape.notices) std::cout << "note  " << notice << "\n";
  }
  std::cout << plan.steps.size() << " steps; nothing was run\n";
  return exit_done;
}

}  // namespace

int run_plan(const RunArguments& arguments) {
  auto loaded = load_plan(arguments.plan);
  if (!loaded) return refuse(loaded.error());
  const auto& plan = loaded->plan;
  auto choice = adapter_choice(arguments.adapter, arguments.adapter_options, arguments.inject);
  if (!choice) return refuse(choice.error());
  if (auto misfortunes = injections_of(arguments.inject); !misfortunes) return refuse(misfortunes.error());
  auto approval = approval_of(arguments, arguments.plan, loaded->text, std::nullopt);
  if (!approval) return refuse(approval.error());
  if (arguments.dry_run) return rehearse(plan);
  const auto at_point = crash_point(arguments.crash_at);
  const auto path = journal_path(arguments, plan);
  const JournalOptions options{arguments.no_sync ? Database::Sync::normal : Database::Sync::full, at_point};
  auto journal = Journal::create(path, {loaded->text, plan.digest, plan.maintenance, choice->name, utc_text(wall_clock()), choice->options, approval->signature}, options);
  if (!journal) return refuse(journal.error());
  note_signer(*approval, *journal);
  const int code = carry_out(arguments, plan, *journal, at_point);
  if (journal->empty()) remove_journal(std::move(*journal));
  return code;
}

int resume_run(const RunArguments& arguments) {
  const auto at_point = crash_point(arguments.crash_at);
  auto journal = Journal::open(arguments.journal, {arguments.no_sync ? Database::Sync::normal : Database::Sync::full, at_point});
  if (!journal) return refuse(journal.error());
  auto plan = plan_from_json(journal->head().plan_json);
  if (!plan) return refuse({Failure::Kind::environment, arguments.journal + ": the plan in it can't be read: " + plan.error().message});
  // The chain of hashes begins at the digest: a plan put into the file afterwards has another.
  if (plan->digest != journal->head().digest)
    return refuse({Failure::Kind::environment, arguments.journal + ": the plan in it is not the one that was begun; take the file back from a backup"});
  auto approval = approval_of(arguments, arguments.journal, journal->head().plan_json, journal->head().signature);
  if (!approval) return refuse(approval.error());
  note_signer(*approval, *journal);
  if (const auto begun = begun_retreat(*plan, journal->records()); begun && !arguments.retreat)
    return refuse({Failure::Kind::usage, "the run went back from step " + begun->from->id + "; `resume --retreat` goes on with that, and `exm replan " + arguments.journal + " FILE…` plans from there"});
  return carry_out(arguments, *plan, *journal, at_point);
}

}  // namespace exm
