#include "compiler/lower/observation.h"

#include "compiler/lower/parts.h"
#include "compiler/lower/values.h"

namespace exm {

namespace lowering {

namespace {

using program::Object;

std::string name_of(const program::Program& program, Id<Object> object, Id<program::Field> state) {
  return program.objects[object].path + "." + program.fields[state].name;
}

class Observables {
 public:
  Observables(const Lowering& l, const task::World& world, Places& places)
      : l_(l), x_(world, builder_, {task::Reading::Kind::state, &l.start}, UINT64_MAX / 2), world_(world), places_(places) {}

  plan::Observable one(Id<Object> object, const program::Probe& probe) {
    task::Terms frame = x_.frame(probe.locals, {task::object_value(object)});
    const std::string variable = name_of(l_.program, object, probe.state);
    plan::Observable out{variable, "", {variable, probe.language, {}, {}, probe.every}, ""};
    Shape shape(l_.program, l_.task, Shape::Constants::holes, Shape::Objects::written_out);
    Words words(l_.program, x_, shape, none_);
    find_host(out, probe, words, frame);
    out.probe.command.command = words.command(probe.text, frame);
    out.probe.as = plan_words(l_.program, probe);
    put_in(shape, out);
    return out;
  }

 private:
  void find_host(plan::Observable& out, const program::Probe& probe, Words& words, task::Terms& frame) {
    const auto& where = probe.from ? probe.from : probe.on;
    Id<program::Object> host;
    if (where && !probe.from_controller) host = words.object(*where, frame);
    if (where && !probe.from_controller && !host) out.obstacle = "the host that would know it is not known: it depends on a state that the files do not say";
    if (host) places_.hosts.insert(host);
    if (host) out.host = l_.program.objects[host].path;
    if (probe.from_controller) out.host = "controller";
    if (probe.language != "person") places_.languages.insert({probe.language, host ? l_.program.kinds[l_.program.objects[host].kind].name : ""});
  }

  /// The values for the holes of the command.
  static void put_in(const Shape& shape, plan::Observable& out) {
    plan::Template holder;
    holder.probes.push_back(std::move(out.probe));
    Filling filling;
    for (const Hole& hole : shape.holes()) filling.values.push_back(hole.value);
    filling.arguments.resize(filling.values.size());
    fill(holder, filling);
    out.probe = std::move(holder.probes[0]);
    for (const plan::Piece& piece : out.probe.command.command)
      if (piece.kind == plan::Piece::Kind::value && piece.value.type == plan::Value::Type::unknown && out.obstacle.empty())
        out.obstacle = "its probe reads a state that the files do not say";
  }

  const Lowering& l_;
  task::Task scratch_;
  task::Builder builder_{scratch_};
  task::Expander x_;
  const task::World& world_;
  Places& places_;
  const std::vector<program::Local> none_;
};

/// What the files say of a state and where: at the object, where they say nothing of it.
plan::Said said(const Lowering& l, const task::World& world, const Sources& sources, Id<Object> id, Id<program::Field> state) {
  const Object& object = l.program.objects[id];
  const auto at = object.said.find(state);
  const Span span = at == object.said.end() ? object.span : at->second;
  const LineColumn place = line_column(sources[span.source].text, span.begin);
  const auto variable = world.variable(id, state);
  const plan::Value value = variable ? plan_value(l.program, l.task.values[l.start[variable.index].index]) : plan::boolean(world.exists_at_start[id.index] != 0);
  return {value, sources[span.source].path, static_cast<int>(place.line), static_cast<int>(place.column)};
}

}  // namespace

}  // namespace lowering

plan::Observation lower_observation(const program::Program& program, const Sources& sources) {
  using namespace lowering;
  task::Task task;
  task::Builder builder(task);
  const task::World world = task::make_world(program, task, builder);
  const Found nothing;
  const Lowering l{program, task, nothing, task::start_of(task), {}, std::vector<std::uint8_t>(task.variables.size())};
  Places places;
  Observables observables(l, world, places);
  plan::Observation out;
  for (std::size_t i = 0; i < program.objects.size(); ++i) {
    const Id<Object> object = program.objects.id(i);
    for (const program::Probe& probe : program.kinds[program.objects[object].kind].probes) {
      out.observables.push_back(observables.one(object, probe));
      const bool existence = task::World::is_existence(program.fields[probe.state]);
      if (existence || world.exists_at_start[i] != 0) out.said[out.observables.back().variable] = said(l, world, sources, object, probe.state);
    }
  }
  lower_all_objects(l, places, out.plan);
  return out;
}

}  // namespace exm
