// What must be so in every state of the world, and what the plan says of it.
using System.Management.Automation;
using System.Text.Json;

namespace ScriptTest;

/// The state of the world, by the names that the plan has for it. null is "not known".
public sealed class States : Dictionary<string, object>
{
    public States() : base(StringComparer.Ordinal) { }
}

public sealed class Watch(Plan plan)
{
    HashSet<Rule> bound = [];

    /// States as they come from a script: wrapped, with numbers of any width.
    static Dictionary<string, object> Plain(States states)
    {
        Dictionary<string, object> plain = new(states.Count);
        foreach ((string variable, object value) in states) plain[variable] = Bare(value);
        return plain;
    }

    public static object Bare(object value) => value switch
    {
        PSObject wrapped => Bare(wrapped.BaseObject),
        DBNull => None.Value,
        int number => (long)number,
        object[] many => many.Select(Bare).ToArray(),
        _ => value,
    };

    object Typed(string variable, object value) =>
        value is string text && plan.Types.TryGetValue(variable, out JsonElement type) && type.ValueKind == JsonValueKind.String
        && type.GetString() == "version" ? Formulas.Version(text) : value;

    Dictionary<string, object> Read(States states)
    {
        Dictionary<string, object> plain = Plain(states);
        foreach (string variable in plan.Types.Keys) if (plain.TryGetValue(variable, out object value)) plain[variable] = Typed(variable, value);
        return plain;
    }

    public void Begin(States states)
    {
        Dictionary<string, object> now = Read(states);
        bound = [.. plan.Rules.Where(rule => rule.Binds || rule.Holds(now) is true)];
    }

    /// The rules that do not hold. Where the running step is what moves a variable that the world itself does not know
    /// (`pending`), a rule is broken only if it is so both before and after.
    public string[] Broken(States states, System.Collections.IDictionary pending)
    {
        Dictionary<string, object> now = Read(states);
        Dictionary<string, object> then = pending is { Count: > 0 } ? new(now) : null;
        if (then is not null) foreach (System.Collections.DictionaryEntry one in pending) then[(string)one.Key] = Bare(one.Value);
        List<string> broken = [];
        foreach (Rule rule in plan.Rules)
        {
            bool holds = rule.Holds(now) is true;
            if (holds) bound.Add(rule);
            else if (bound.Contains(rule) && !(then is not null && rule.Holds(then) is true))
                broken.Add($"{rule.Id} ({rule.Instance}): {rule.Title}");
        }
        return [.. broken];
    }

    public Dictionary<string, object> Applied(string step, States states) => plan.Named(step).Applied(Read(states));

    public bool Same(string variable, object a, object b)
    {
        (a, b) = (Typed(variable, Bare(a)), Typed(variable, Bare(b)));
        return a is null ? b is null : Formulas.Same(a, b) is true;
    }

    /// Where the world has not ended as the plan says.
    public string[] Open(States states)
    {
        Dictionary<string, object> now = Read(states);
        return [.. plan.End.Where(end => !(now.TryGetValue(end.Key, out object value) && Formulas.Same(value, end.Value) is true))
            .Select(end => $"{end.Key} is {Say(now.GetValueOrDefault(end.Key))}, not {Say(end.Value)}")];
    }

    /// After a way back from a step: what is neither as it was nor as the plan ends, and not said to stay open; and what users feel
    /// and did not at the start.
    public string[] Strayed(States states, string from)
    {
        Dictionary<string, object> now = Read(states);
        bool Is(string variable, Dictionary<string, object> wanted) =>
            !wanted.TryGetValue(variable, out object value) || value is null || Formulas.Same(now.GetValueOrDefault(variable), value) is true;
        IEnumerable<string> strayed = plan.Start.Keys
            .Where(v => !plan.Free.Contains(v) && !plan.StaysOpen[from].Contains(v) && !plan.Planned.Contains(v[..v.LastIndexOf('.')]))
            .Where(v => !Is(v, plan.Start) && !Is(v, plan.End))
            .Select(v => $"{v} is {Say(now.GetValueOrDefault(v))}, not {Say(plan.Start[v])}");
        IEnumerable<string> felt = plan.Felt.Where(f => f.Holds(plan.Start) is false && f.Holds(now) is not false).Select(f => $"users of {f.Instance} feel it");
        return [.. strayed, .. felt];
    }

    /// Other values that a variable can have, for a world that has drifted.
    public object[] Others(string variable, object now)
    {
        JsonElement type = plan.Types[variable];
        if (type.ValueKind == JsonValueKind.Object && type.TryGetProperty("enum", out JsonElement names))
            return [.. names.EnumerateArray().Select(n => n.GetString()).Where(n => !n.Equals(now))];
        if (type.ValueKind == JsonValueKind.Object && type.TryGetProperty("ref", out JsonElement kind))
            return [.. plan.Objects.Values.Where(o => o.Kind == kind.GetString() && !o.Path.Equals(now)).Select(o => o.Path)];
        if (type.ValueKind != JsonValueKind.String) return [];
        return type.GetString() switch
        {
            "bool" => [!(Bare(now) is true)],
            "version" => ["1.2.3.4"],
            "int" => [Bare(now) is long n ? n + 7 : 7L],
            "string" => ["something else"],
            _ => [],
        };
    }

    public static string Say(object value) => value switch
    {
        null => "unknown", bool b => b ? "true" : "false", object[] many => "{" + string.Join(", ", many.Select(Say)) + "}", _ => value.ToString(),
    };
}
