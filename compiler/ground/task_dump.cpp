#include "compiler/ground/task_dump.h"

#include <fmt/format.h>

#include "compiler/check/evaluate.h"

namespace exm {

using namespace task;

namespace {

constexpr const char* words[] = {"", "", "not", "and", "or", "==", "<", "<=", "in", "set", "count", "sum", "+", "-", "*", "/", "if", "known"};
constexpr const char* measures[] = {"disruption", "duration", "cost", "away"};

class Dumper {
 public:
  Dumper(const program::Program& program, const Task& task) : program_(program), task_(task) {}

  std::string formula(NodeId id) const {
    const Node& node = task_.formulas.nodes[id.index];
    if (node.op == NodeOp::constant) return value(ValueId(node.a));
    if (node.op == NodeOp::variable) return name(Id<Variable>(node.a));
    std::string text = fmt::format("({}", words[static_cast<std::size_t>(node.op)]);
    for (std::uint32_t i = 0; i < node.count; ++i) text += " " + formula(task_.formulas.operands[node.first + i]);
    return text + ")";
  }

  std::string all() {
    line("maintenance {}", program_.maintenances[task_.maintenance].name);
    for (const Variable& v : task_.variables) variable(v);
    for (const Operator& op : task_.operators) operator_(op);
    for (const Rule& rule : task_.rules) {
      const Constraint& c = task_.constraints[rule.constraint];
      line("{}{}{} {}", rule.rule ? "rule " + c.name : "keep", rule.of_steps ? " of steps" : "", rule.repaired ? " repaired" : "", formula(rule.formula));
      line("  says {}", c.sentence);
      if (c.formula != c.sentence) line("  here {}", c.formula);
    }
    for (const DisruptsWhen& d : task_.disrupts_when) line("disrupts {} when {}", path(d.whose), formula(d.formula));
    for (const Wish& wish : task_.wishes) line("wish {}\n  says {}", formula(wish.formula), task_.constraints[wish.constraint].sentence);
    limits();
    for (const Fault& fault : task_.faults) line("fault {}{}: {}", program_.faults[fault.fault].name, arguments(fault.arguments), effect(fault.effects));
    for (const std::string& notice : task_.notices) line("notice {}", notice);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(const char* format, const Args&... args) {
    out_ += fmt::format(fmt::runtime(format), args...) + "\n";
  }

  std::string value(ValueId id) const { return program::to_text(program_, task_.values[id.index]); }
  std::string name(Id<Variable> id) const { return task_.variables[id].name; }
  std::string path(Id<program::Object> id) const { return program_.objects[id].path; }

  std::string arguments(const std::vector<program::Value>& values) const {
    std::string text = "(";
    for (std::size_t i = 0; i < values.size(); ++i)
      text += (i ? ", " : "") + (values[i].tag == program::Value::Tag::object ? path(values[i].object) : program::to_text(program_, values[i]));
    return text + ")";
  }

  void variable(const Variable& v) {
    constexpr const char* free[] = {"", " lasting", " left", " planned", " unknown at the start"};
    line("var {} = {}{}{}", v.name, value(v.start), v.restore == v.start ? "" : " restore " + value(v.restore), free[static_cast<std::size_t>(v.free)]);
  }

  std::string assignment(const Assignment& a) const {
    return fmt::format("{} := {}{}", name(a.variable), formula(a.to), a.when ? " when " + formula(a.when) : "");
  }

  std::string effect(const Effect& e) const {
    std::string text;
    for (const Assignment& a : e.assignments) text += (text.empty() ? "" : ", ") + assignment(a);
    for (const Effect& part : e.parts) text += (text.empty() ? "" : e.kind == Effect::Kind::sequence ? "; " : " | ") + effect(part);
    return e.parts.empty() ? text : (e.kind == Effect::Kind::sequence ? "[" + text + "]" : "{" + text + "}");
  }

  void operator_(const Operator& op) {
    line("step {}{} \"{}\"", program_.actions[op.action].name, arguments(op.arguments), op.title);
    if (op.on) line("  on {}", formula(op.on));
    for (Id<program::Object> used : op.uses) line("  uses {}", path(used));
    for (const Requirement& r : op.requires_) line("  requires {}\n    says {}", formula(r.formula), task_.constraints[r.constraint].sentence);
    for (const Assignment& a : op.during) line("  during {}", assignment(a));
    line("  effect {}", effect(op.effects));
    for (Id<Variable> read : op.reads) line("  reads {}", name(read));
    line("  takes {}{}{}", program::to_text(program_, {program::Value::Tag::duration, op.takes, {}, {}, {}}),
         op.cost == 1 ? "" : fmt::format(" cost {}", op.cost), op.forbidden ? " forbidden" : "");
    for (const TimedDisruption& d : op.disrupts) line("  disrupts {} for {}s", path(d.whose), d.lasts);
  }

  void limits() {
    std::string order;
    for (program::Measure m : task_.minimize) order += std::string(order.empty() ? "" : ", ") + measures[static_cast<std::size_t>(m)];
    line("minimize {}", order);
    if (task_.at_most) line("at most {}", *task_.at_most);
    if (task_.longest) line("window of {}s", task_.longest);
    for (const Withstand& w : task_.withstand) line("withstand {} {}", w.n, program_.faults[w.fault].name);
  }

  const program::Program& program_;
  const Task& task_;
  std::string out_;
};

}  // namespace

std::string dump(const program::Program& program, const Task& task) { return Dumper(program, task).all(); }
std::string dump(const program::Program& program, const Task& task, NodeId formula) { return Dumper(program, task).formula(formula); }

}  // namespace exm
