#include "compiler/ground/world.h"

#include <algorithm>
#include <set>

namespace exm::task {

namespace {

using program::Program;
using program::Type;
using program::Value;

void collect_existence(const program::Effect& effect, const Program& program, std::set<Id<program::Kind>>& kinds) {
  for (const program::Assignment& assignment : effect.together) {
    const program::Field& field = program.fields[assignment.state];
    if (World::is_existence(field)) kinds.insert(assignment.object.type.kind ? assignment.object.type.kind : field.kind);
  }
  for (const program::Effect& body : effect.body) collect_existence(body, program, kinds);
}

/// The kinds whose objects some action or fault makes or unmakes, and what these own.
std::set<Id<program::Kind>> changing_kinds(const Program& program) {
  std::set<Id<program::Kind>> kinds;
  for (const program::Action& action : program.actions)
    for (const program::Part& part : action.parts) {
      for (const program::Effect& effect : part.during) collect_existence(effect, program, kinds);
      for (const program::Effect& effect : part.effects) collect_existence(effect, program, kinds);
    }
  for (const program::Fault& fault : program.faults)
    for (const program::Effect& effect : fault.effects) collect_existence(effect, program, kinds);
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t k = 0; k < program.kinds.size(); ++k) {
      const program::Kind& kind = program.kinds.items()[k];
      if (kind.owner && kinds.count(kind.owner)) grew = kinds.insert(program.kinds.id(k)).second || grew;
    }
  }
  return kinds;
}

/// What the files say, or a `--state`: that something planned was made meanwhile, or that something is gone.
bool declared_to_exist(const Program& program, const program::Object& object) {
  for (Id<program::Field> field : program.kinds[object.kind].fields) {
    if (!World::is_existence(program.fields[field])) continue;
    const auto value = object.values.find(field);
    if (value == object.values.end()) return !object.planned;
    return value->second.tag == Value::Tag::boolean && value->second.number == 1;
  }
  return !object.planned;
}

void place_objects(World& world) {
  const Program& program = world.program;
  const auto kinds = changing_kinds(program);
  world.of_kind.resize(program.kinds.size());
  for (std::size_t i = 0; i < program.objects.size(); ++i) {
    const program::Object& object = program.objects.items()[i];
    world.of_kind[object.kind.index].push_back(program.objects.id(i));
  }
  world.existence.resize(program.objects.size());
  world.exists_at_start.resize(program.objects.size());
  for (std::size_t i = 0; i < program.objects.size(); ++i) {
    bool there = true, changes = false;
    for (Id<program::Object> o = program.objects.id(i); o; o = program.objects[o].owner) {
      const program::Object& object = program.objects[o];
      there = there && declared_to_exist(program, object);
      changes = changes || object.planned || !there || kinds.count(object.kind) > 0;
    }
    world.exists_at_start[i] = there;
    world.existence[i] = changes;
  }
}

Variable make_variable(const World& world, Builder& builder, Id<program::Object> o, Id<program::Field> f, bool existence) {
  const program::Object& object = world.program.objects[o];
  const program::Field& field = world.program.fields[f];
  Variable variable{object.path + "." + field.name, o, f, unknown, unknown, Variable::Free::no, {}, false, {}};
  const bool there = world.exists_at_start[o.index];
  if (existence) {
    variable.start = there ? true_ : false_;
  } else if (const auto value = object.values.find(f); there && value != object.values.end()) {
    variable.start = builder.value(value->second);
  }
  variable.restore = variable.start;
  const auto restore = object.restore.find(f);
  if (restore != object.restore.end()) variable.restore = builder.value(restore->second);
  if (const auto ends = object.ends.find(f); ends != object.ends.end()) variable.finished = builder.value(ends->second);
  if (!there && restore == object.restore.end()) variable.free = Variable::Free::planned;
  else if (field.lasting) variable.free = Variable::Free::lasting;
  else if (variable.restore == unknown) variable.free = Variable::Free::unknown_at_start;
  const auto& probes = world.program.kinds[object.kind].probes;
  variable.probed = std::any_of(probes.begin(), probes.end(), [&](const program::Probe& p) { return p.state == f; });
  return variable;
}

}  // namespace

Value object_value(Id<program::Object> object) { return {Value::Tag::object, 0, {}, object, {}}; }

Id<Variable> World::existence_variable(Id<program::Object> object) const {
  return existence[object.index] ? Id<Variable>(first_variable[object.index]) : Id<Variable>();
}

Id<Variable> World::variable(Id<program::Object> object, Id<program::Field> state) const {
  const program::Field& field = program.fields[state];
  if (is_existence(field)) return existence_variable(object);
  if (!field.is_state || program.objects[object].kind != field.kind) return {};
  return Id<Variable>(first_variable[object.index] + existence[object.index] + state_offset[state.index]);
}

std::vector<Value> World::all_values(const Type& type) const {
  std::vector<Value> values;
  switch (type.tag) {
    case Type::Tag::boolean:
      for (int b : {0, 1}) values.push_back({Value::Tag::boolean, b, {}, {}, {}});
      break;
    case Type::Tag::enumeration:
      for (const std::string& name : program.enums[type.enumeration].values) values.push_back({Value::Tag::enumerator, 0, name, {}, {}});
      break;
    case Type::Tag::object:
      if (!type.kind) break;
      for (Id<program::Object> object : of_kind[type.kind.index]) values.push_back(object_value(object));
      break;
    case Type::Tag::optional:
      values = all_values(type.element[0]);
      if (!values.empty()) values.push_back({Value::Tag::none, 0, {}, {}, {}});
      break;
    default: break;
  }
  return values;
}

std::vector<Value> World::possible(Id<Variable> variable) const {
  if (const auto found = held.find(variable); found != held.end()) return found->second;
  const Type& type = program.fields[task.variables[variable].state].type;
  return all_values(type.tag == Type::Tag::set || type.tag == Type::Tag::list ? type.element[0] : type);
}

World world_of(const Program& program, const Task& task) {
  World world{program, task, {}, {}, {}, {}, {}, {}};
  place_objects(world);
  world.state_offset.assign(program.fields.size(), 0);
  std::vector<std::uint32_t> states(program.kinds.size());
  for (std::size_t k = 0; k < program.kinds.size(); ++k)
    for (Id<program::Field> field : program.kinds.items()[k].fields)
      if (program.fields[field].is_state && !World::is_existence(program.fields[field])) world.state_offset[field.index] = states[k]++;
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < program.objects.size(); ++i) {
    world.first_variable.push_back(next);
    next += world.existence[i] + states[program.objects.items()[i].kind.index];
  }
  return world;
}

World make_world(const Program& program, Task& task, Builder& builder) {
  World world = world_of(program, task);
  for (std::size_t i = 0; i < program.objects.size(); ++i) {
    const Id<program::Object> object = program.objects.id(i);
    const auto& fields = program.kinds[program.objects[object].kind].fields;
    for (bool existence : {true, false})
      for (Id<program::Field> field : fields) {
        if (!program.fields[field].is_state || World::is_existence(program.fields[field]) != existence) continue;
        if (existence && !world.existence[i]) continue;
        task.variables.add(make_variable(world, builder, object, field, existence));
      }
  }
  return world;
}

}  // namespace exm::task
