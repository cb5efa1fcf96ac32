// The formulas of a plan file, by the rules of its documentation (strong Kleene logic; counts and sums between bounds), and
// nothing of what the compiler, the runtime or the emitted script make of them. null is "not known".
using System.Text.Json;

namespace ScriptTest;

/// A number known within bounds only.
public sealed record Bounds(long Low, long High);

/// "none", which is a value.
public sealed record None
{
    public static readonly None Value = new();
    public override string ToString() => "none";
}

/// The objects and arguments that a template or a rule is filled with.
public sealed record Slots(string[] Objects, Dictionary<string, object> Arguments)
{
    /// A path whose head may be a slot: $0.mode; $$ is a dollar.
    public string Fill(string path)
    {
        int end = 1;
        while (path.StartsWith('$') && end < path.Length && char.IsAsciiDigit(path[end])) end++;
        string rest = (end == 1 ? path : path[end..]).Replace("$$", "$");
        return end == 1 ? rest : Objects[int.Parse(path[1..end])] + rest;
    }
}

public delegate object Formula(IReadOnlyDictionary<string, object> state);

public static class Formulas
{
    public static Formula Compile(JsonElement json, Slots slots)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object when json.TryGetProperty("var", out JsonElement variable):
                string name = slots.Fill(variable.GetString());
                return state => state.TryGetValue(name, out object value) ? value : null;
            case JsonValueKind.Array when json[0].ValueKind == JsonValueKind.String && json[0].GetString() is not ("none" or "unknown" or "set"):
                return Operation(json[0].GetString(), [.. json.EnumerateArray().Skip(1).Select(part => Compile(part, slots))]);
            case JsonValueKind.Array when json[0].GetString() == "set":
                Formula[] members = [.. json.EnumerateArray().Skip(1).Select(part => Compile(part, slots))];
                return state => members.Select(member => member(state)).ToArray();
            default:
                object constant = Constant(json, slots);
                return _ => constant;
        }
    }

    /// A constant as the plan file writes it. Versions keep their numbers only: 14.1 is 14.1.0.
    public static object Constant(JsonElement json, Slots slots)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String: return json.GetString();
            case JsonValueKind.Number: return json.GetInt64();
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Array when json[0].GetString() == "none": return None.Value;
            case JsonValueKind.Array when json[0].GetString() == "unknown": return null;
            case JsonValueKind.Array: return json.EnumerateArray().Skip(1).Select(part => Constant(part, slots)).ToArray();
        }
        JsonProperty typed = json.EnumerateObject().First();
        return typed.Name switch
        {
            "version" => Version(typed.Value.GetString()),
            "duration" => typed.Value.GetInt64(),
            "ref" => slots.Fill(typed.Value.GetString()),
            "object" => slots.Objects[typed.Value.GetInt32()],
            "arg" => slots.Arguments[typed.Value.GetString()],
            _ => typed.Value.GetString(),
        };
    }

    public static string Version(string text)
    {
        List<string> parts = [.. text.Split('.').Select(part => part.TrimStart('0') is "" ? "0" : part.TrimStart('0'))];
        while (parts.Count > 1 && parts[^1] == "0") parts.RemoveAt(parts.Count - 1);
        return string.Join('.', parts);
    }

    static Formula Operation(string name, Formula[] of) => name switch
    {
        "and" => state => All(of, state, true),
        "or" => state => All(of, state, false),
        "not" => state => of[0](state) is bool b ? !b : null,
        "known" => state => of[0](state) is not null,
        "==" => state => Same(of[0](state), of[1](state)),
        "!=" => state => Same(of[0](state), of[1](state)) is bool b ? !b : null,
        "<" => state => Less(of[0](state), of[1](state)),
        ">" => state => Less(of[1](state), of[0](state)),
        "<=" => state => Less(of[1](state), of[0](state)) is bool b ? !b : null,
        ">=" => state => Less(of[0](state), of[1](state)) is bool b ? !b : null,
        "in" => state => In(of[0](state), of[1](state)),
        "count" => state => Count([.. of.Select(part => part(state))]),
        "if" => state => If(of, state),
        "sum" or "+" => state => Sum([.. of.Select(part => part(state))]),
        "-" => state => Both(of[0](state), of[1](state), (a, b) => a.Low - b.High, (a, b) => a.High - b.Low),
        "*" => state => of[0](state) is long a && of[1](state) is long b ? a * b : null,
        "/" => state => of[0](state) is long a && of[1](state) is long b && b != 0 ? a / b : null,
        _ => throw new InvalidDataException($"a formula with the operator '{name}'"),
    };

    /// Conjunction, or with the values turned round, disjunction.
    static object All(Formula[] of, IReadOnlyDictionary<string, object> state, bool whole)
    {
        bool known = true;
        foreach (Formula part in of)
        {
            object value = part(state);
            if (value is null) known = false;
            else if ((bool)value != whole) return !whole;
        }
        return known ? whole : null;
    }

    public static object Same(object a, object b)
    {
        if (a is null || b is null) return null;
        if (a is None || b is None) return a is None && b is None;
        if (a is object[] left && b is object[] right)
            return left.Contains(null) || right.Contains(null) ? null : new HashSet<object>(left).SetEquals(right);
        if (a is long or Bounds && b is long or Bounds)
        {
            (Bounds x, Bounds y) = (AsBounds(a), AsBounds(b));
            if (x.High < y.Low || y.High < x.Low) return false;
            return x.Low == x.High && x == y ? true : null;
        }
        return a.Equals(b);
    }

    static object Less(object a, object b)
    {
        if (a is null || b is null) return null;
        if (a is string left && b is string right) return CompareVersions(left, right) < 0;
        (Bounds x, Bounds y) = (AsBounds(a), AsBounds(b));
        if (x.High < y.Low) return true;
        return x.Low >= y.High ? false : null;
    }

    static int CompareVersions(string a, string b)
    {
        long[] left = [.. a.Split('.').Select(long.Parse)];
        long[] right = [.. b.Split('.').Select(long.Parse)];
        for (int i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            int order = left.ElementAtOrDefault(i).CompareTo(right.ElementAtOrDefault(i));
            if (order != 0) return order;
        }
        return 0;
    }

    static object In(object value, object set)
    {
        if (value is null || set is not object[] members) return null;
        if (members.Any(member => Same(member, value) is true)) return true;
        return members.Contains(null) ? null : false;
    }

    static object Count(object[] values)
    {
        long low = values.Count(value => value is true);
        return Number(new Bounds(low, low + values.Count(value => value is null)));
    }

    static object Sum(object[] values)
    {
        if (values.Contains(null)) return null;
        return Number(new Bounds(values.Sum(value => AsBounds(value).Low), values.Sum(value => AsBounds(value).High)));
    }

    static object If(Formula[] of, IReadOnlyDictionary<string, object> state)
    {
        object condition = of[0](state);
        if (condition is bool known) return known ? of[1](state) : of[2](state);
        (object a, object b) = (of[1](state), of[2](state));
        if (Same(a, b) is true) return a;
        if (a is not (long or Bounds) || b is not (long or Bounds)) return null;
        return Number(new Bounds(Math.Min(AsBounds(a).Low, AsBounds(b).Low), Math.Max(AsBounds(a).High, AsBounds(b).High)));
    }

    static object Both(object a, object b, Func<Bounds, Bounds, long> low, Func<Bounds, Bounds, long> high)
    {
        if (a is null || b is null) return null;
        return Number(new Bounds(low(AsBounds(a), AsBounds(b)), high(AsBounds(a), AsBounds(b))));
    }

    static Bounds AsBounds(object value) => value as Bounds ?? new Bounds((long)value, (long)value);
    static object Number(Bounds bounds) => bounds.Low == bounds.High ? bounds.Low : bounds;
}
