// A plan file as the tests read it: where the world begins, what each step makes of it, the rules, how it ends.
using System.Text.Json;

namespace ScriptTest;

public sealed record Rule(string Id, string Title, string Instance, bool Binds, Formula Holds);
public sealed record Assignment(string Variable, Formula To, Formula When);

public sealed class Step
{
    public string Id { get; init; }
    public string Template { get; init; }
    public string Action { get; init; }
    /// What it runs, as the plan has it: two actions of one name may run different things.
    public string Runs { get; init; }
    public string[] Objects { get; init; }
    public List<Formula> Requires { get; } = [];
    /// Groups of assignments, in their order.
    public List<Assignment> Effects { get; } = [];
    /// What is looked at, and the values that its probe has words for; none where it is read as it is.
    public Dictionary<string, HashSet<string>> Probed { get; } = [];
    public bool HasCommand { get; init; }
    public string On { get; init; }

    public bool MayBegin(IReadOnlyDictionary<string, object> state) => Requires.TrueForAll(formula => formula(state) is true);

    /// What the step makes of a state: all is read where it begins.
    public Dictionary<string, object> Applied(IReadOnlyDictionary<string, object> state)
    {
        Dictionary<string, object> made = [];
        foreach (Assignment effect in Effects)
        {
            object when = effect.When is null ? true : effect.When(state);
            object to = effect.To(state);
            if (when is true) made[effect.Variable] = to;
            else if (when is null && !(state.TryGetValue(effect.Variable, out object now) && Formulas.Same(now, to) is true)) made[effect.Variable] = null;
        }
        return made;
    }
}

public sealed class Plan
{
    public string Name { get; }
    public Dictionary<string, WorldObject> Objects { get; }
    public Dictionary<string, object> Start { get; } = [];
    /// How each variable must end; those that may end in any way are not in it.
    public Dictionary<string, object> End { get; } = [];
    public Dictionary<string, JsonElement> Types { get; } = [];
    public Dictionary<string, Step> Steps { get; } = [];
    /// By the step that was cut off: the steps of its way back, in order. They are among no others' `Steps`.
    public Dictionary<string, List<Step>> WaysBack { get; } = [];
    /// By the step that was cut off: what stays other than it was.
    public Dictionary<string, HashSet<string>> StaysOpen { get; } = [];
    public List<Rule> Rules { get; } = [];
    /// What users feel: true where somebody does.
    public List<Rule> Felt { get; } = [];
    public Dictionary<string, string> Hosts { get; } = [];
    public HashSet<string> Planned { get; } = [];
    /// What need not be put back.
    public HashSet<string> Free { get; } = [];
    public DateTime Begins { get; } = DateTime.SpecifyKind(new DateTime(2026, 11, 28, 22, 0, 0), DateTimeKind.Local);

    public Plan(string file, string facts)
    {
        JsonElement root = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { MaxDepth = 1024 }).RootElement;
        Name = root.GetProperty("maintenance").GetString();
        JsonElement kinds = root.GetProperty("kinds");
        Objects = Facts.Read(facts, FactKinds(facts));
        ReadObjects(root, kinds);
        foreach (JsonProperty host in Of(root, "hosts")) Hosts[host.Name] = host.Value.GetProperty("address").GetString();
        foreach (JsonProperty item in Of(root, "objects")) AddUnknown(item.Name, item.Value.GetProperty("kind").GetString());
        foreach (JsonElement rule in Elements(root, "rules")) ReadRule(rule);
        Dictionary<string, JsonElement> templates = Of(root, "templates").ToDictionary(t => t.Name, t => t.Value);
        foreach (JsonElement step in Elements(root, "steps")) Add(Steps, ReadStep(step, step.GetProperty("id").GetString(), [], [], templates));
        Dictionary<string, JsonElement> retreats = Of(root, "retreats").ToDictionary(r => r.Name, r => r.Value);
        foreach (JsonElement step in Elements(root, "steps"))
            if (step.TryGetProperty("retreat", out JsonElement name)) ReadWayBack(step, retreats[name.GetString()], templates);
        foreach (JsonElement felt in Elements(root, "disrupts_when")) ReadFormulas(felt, "felt", "users feel it", true, Felt);
        ReadEnd(root);
        if (root.TryGetProperty("limits", out JsonElement limits) && limits.TryGetProperty("windows", out JsonElement windows))
            Begins = InWindow(windows[0]);
    }

    /// A step of the plan or of a way back; null where there is none.
    public Step Named(string id)
    {
        if (Steps.TryGetValue(id, out Step step)) return step;
        int slash = id.IndexOf("/retreat/", StringComparison.Ordinal);
        return slash >= 0 && WaysBack.TryGetValue(id[..slash], out List<Step> way) ? way.Find(s => s.Id == id) : null;
    }

    static IEnumerable<JsonProperty> Of(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement found) ? found.EnumerateObject() : [];
    static IEnumerable<JsonElement> Elements(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement found) ? found.EnumerateArray() : [];
    static string[] Strings(JsonElement json) => [.. json.EnumerateArray().Select(part => part.GetString())];

    /// The kinds that the facts declare; the plan has only those that it needs.
    static HashSet<string> FactKinds(string facts) =>
        [.. File.ReadLines(facts).Where(line => line.StartsWith("(kind ")).Select(line => line[6..].Split(' ', ')')[0])];

    void ReadObjects(JsonElement root, JsonElement kinds)
    {
        foreach (JsonProperty item in Of(root, "objects"))
        {
            string kind = item.Value.GetProperty("kind").GetString();
            if (item.Value.TryGetProperty("planned", out JsonElement planned) && planned.GetBoolean()) Planned.Add(item.Name);
            Types[item.Name + ".exists"] = JsonDocument.Parse("\"bool\"").RootElement;
            Start[item.Name + ".exists"] = !Planned.Contains(item.Name);
            JsonElement start = item.Value.TryGetProperty("start", out JsonElement given) ? given : default;
            foreach (JsonProperty state in Of(kinds.GetProperty(kind), "states"))
            {
                string variable = item.Name + "." + state.Name;
                Types[variable] = state.Value.GetProperty("type");
                if (start.ValueKind == JsonValueKind.Object && start.TryGetProperty(state.Name, out JsonElement value)) Start[variable] = Value(value);
                else if (state.Value.TryGetProperty("default", out JsonElement usual)) Start[variable] = Value(usual);
                else Start[variable] = null;
                if (state.Value.TryGetProperty("lasting", out JsonElement lasting) && lasting.GetBoolean()) Free.Add(variable);
            }
        }
    }

    /// An object of which nothing is known but what the plan says: a plan without an environment.
    void AddUnknown(string path, string kind)
    {
        if (Objects.ContainsKey(path)) return;
        List<string> parts = Facts.Parts(path);
        Objects[path] = new WorldObject { Path = path, Kind = kind, Name = Facts.Bare(parts[^1]), Owner = string.Join('.', parts.Take(parts.Count - 1)) };
        if (Hosts.TryGetValue(path, out string address)) Objects[path].Facts["fqdn"] = address;
    }

    static object Value(JsonElement json) => Formulas.Constant(json, new Slots([], []));

    void ReadRule(JsonElement rule)
    {
        bool waits = rule.TryGetProperty("of_steps", out JsonElement of) && of.GetBoolean();
        waits |= rule.TryGetProperty("repaired", out JsonElement repaired) && repaired.GetBoolean();
        string title = rule.TryGetProperty("title", out JsonElement text) ? text.GetString() : "";
        ReadFormulas(rule, rule.GetProperty("id").GetString(), title, !waits, Rules);
    }

    static void ReadFormulas(JsonElement json, string id, string title, bool binds, List<Rule> into)
    {
        List<string[]> instances = [.. Elements(json, "instances").Select(Strings)];
        if (!json.TryGetProperty("instances", out _)) instances.Add([]);
        foreach (string[] objects in instances)
            into.Add(new Rule(id, title, string.Join(", ", objects), binds, Formulas.Compile(json.GetProperty("formula"), new Slots(objects, []))));
    }

    static void Add(Dictionary<string, Step> steps, Step step) => steps[step.Id] = step;

    /// What a step of a way back has slots for are the objects of the step that was cut off; the arguments that it does not give are its, too.
    void ReadWayBack(JsonElement from, JsonElement retreat, Dictionary<string, JsonElement> templates)
    {
        string id = from.GetProperty("id").GetString();
        string[] objects = from.TryGetProperty("objects", out JsonElement o) ? Strings(o) : [];
        Slots slots = new(objects, []);
        List<Step> steps = [];
        foreach (JsonElement step in Elements(retreat, "steps"))
            steps.Add(ReadStep(step, $"{id}/retreat/{steps.Count + 1}", objects, Of(from, "args"), templates));
        WaysBack[id] = steps;
        StaysOpen[id] = [.. Of(retreat, "open").Select(open => slots.Fill(open.Name))];
    }

    static Step ReadStep(JsonElement json, string id, string[] outer, IEnumerable<JsonProperty> inherited, Dictionary<string, JsonElement> templates)
    {
        JsonElement template = templates[json.GetProperty("template").GetString()];
        string[] objects = json.TryGetProperty("objects", out JsonElement o) ? Strings(o) : [];
        if (outer.Length > 0) objects = [.. objects.Select(new Slots(outer, []).Fill)];
        Dictionary<string, object> args = inherited.ToDictionary(a => a.Name, a => Value(a.Value));
        Dictionary<string, object> theirs = new(args);
        foreach (JsonProperty own in Of(json, "args"))
            args[own.Name] = own.Value.ValueKind == JsonValueKind.Object && own.Value.TryGetProperty("arg", out JsonElement given)
                ? theirs[given.GetString()] : Value(own.Value);
        Slots slots = new(objects, args);
        Step step = new()
        {
            Id = id, Template = json.GetProperty("template").GetString(), Action = template.GetProperty("action").GetString(),
            Runs = template.TryGetProperty("run", out JsonElement run) ? run.GetRawText() : "", Objects = objects,
            HasCommand = template.TryGetProperty("run", out _),
            On = template.TryGetProperty("on", out JsonElement on) ? slots.Fill(on.GetString()) : "",
        };
        foreach (JsonElement required in Elements(template, "requires"))
            step.Requires.Add(Formulas.Compile(required.ValueKind == JsonValueKind.Object && required.TryGetProperty("formula", out JsonElement formula) ? formula : required, slots));
        ReadEffect(template.GetProperty("effects"), slots, step.Effects);
        foreach (JsonElement probe in Elements(template, "probes")) 
            step.Probed[slots.Fill(probe.GetProperty("var").GetString())] =
                probe.TryGetProperty("as", out JsonElement words) ? [.. words.EnumerateObject().Select(w => Watch.Say(Value(w.Value)))] : null;
        return step;
    }

    static void ReadEffect(JsonElement json, Slots slots, List<Assignment> into)
    {
        if (json.ValueKind == JsonValueKind.Object)
            foreach (JsonElement part in json.EnumerateObject().First().Value.EnumerateArray()) ReadEffect(part, slots, into);
        else
            foreach (JsonElement one in json.EnumerateArray())
                into.Add(new Assignment(slots.Fill(one.GetProperty("set").GetString()), Formulas.Compile(one.GetProperty("to"), slots),
                    one.TryGetProperty("when", out JsonElement when) ? Formulas.Compile(when, slots) : null));
    }

    void ReadEnd(JsonElement root)
    {
        foreach ((string variable, object value) in Start) if (value is not null) End[variable] = value;
        foreach (JsonProperty item in Of(root, "objects"))
            foreach (JsonProperty restored in Of(item.Value, "restore")) End[item.Name + "." + restored.Name] = Value(restored.Value);
        foreach (JsonProperty free in Of(root, "free"))
        {
            Free.Add(free.Name);
            object ends = Value(free.Value.GetProperty("ends"));
            if (ends is null) End.Remove(free.Name); else End[free.Name] = ends;
        }
    }

    /// The beginning of the first window after the usual beginning.
    DateTime InWindow(JsonElement window)
    {
        DateTime day = Begins.Date;
        while (((int)day.DayOfWeek + 6) % 7 != window.GetProperty("weekday").GetInt32()) day = day.AddDays(1);
        return day.AddMinutes(window.GetProperty("minute").GetInt32());
    }
}
