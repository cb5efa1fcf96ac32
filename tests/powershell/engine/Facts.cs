// The objects of an environment with their facts, from `exm plan --stop-after=check`: lines such as
//   (host casnlb.hosts.EX3
//     (server EX3)
//     (priority 1))
// A plan file has no facts; a world needs them.
using System.Text;

namespace ScriptTest;

public sealed class WorldObject
{
    public string Path { get; init; }
    public string Kind { get; init; }
    public string Name { get; init; }
    /// The path of the object that it is a part of, or "".
    public string Owner { get; init; }
    public Dictionary<string, string> Facts { get; } = new(StringComparer.Ordinal);
}

public static class Facts
{
    public static Dictionary<string, WorldObject> Read(string path, IReadOnlySet<string> kinds)
    {
        Dictionary<string, WorldObject> found = new(StringComparer.Ordinal);
        foreach (List<object> form in Forms(File.ReadAllText(path)))
        {
            if (form.Count < 2 || form[0] is not string kind || form[1] is not string name || !kinds.Contains(kind)) continue;
            List<string> parts = Parts(name);
            WorldObject item = new() { Path = name, Kind = kind, Name = Bare(parts[^1]), Owner = string.Join('.', parts.Take(parts.Count - Depth(parts, found))) };
            foreach (object fact in form.Skip(2))
                if (fact is List<object> { Count: 2 } pair && pair[0] is string key && pair[1] is string value) item.Facts[key] = Bare(value);
            found[name] = item;
        }
        return found;
    }

    /// How many parts of a path are the object's own: `EX3.forefront` has one, `EX3.services.X` two, `EX3` all.
    static int Depth(List<string> parts, Dictionary<string, WorldObject> found)
    {
        for (int own = 1; own < parts.Count; own++)
            if (found.ContainsKey(string.Join('.', parts.Take(parts.Count - own)))) return own;
        return parts.Count;
    }

    public static List<string> Parts(string path)
    {
        List<string> parts = [];
        StringBuilder part = new();
        bool quoted = false;
        for (int i = 0; i < path.Length; i++)
        {
            if (quoted && path[i] == '\\' && i + 1 < path.Length) { part.Append(path[i]).Append(path[++i]); continue; }
            if (path[i] == '"') quoted = !quoted;
            if (path[i] == '.' && !quoted) { parts.Add(part.ToString()); part.Clear(); }
            else part.Append(path[i]);
        }
        parts.Add(part.ToString());
        return parts;
    }

    /// What a quoted text stands for.
    public static string Bare(string text)
    {
        if (text.Length < 2 || text[0] != '"') return text;
        StringBuilder bare = new();
        for (int i = 1; i < text.Length - 1; i++)
        {
            if (text[i] != '\\') { bare.Append(text[i]); continue; }
            char next = text[++i];
            if (next == 'u')
            {
                int end = text.IndexOf('}', i);
                bare.Append(char.ConvertFromUtf32(Convert.ToInt32(text[(i + 2)..end], 16)));
                i = end;
            }
            else bare.Append(next switch { 'n' => '\n', 't' => '\t', _ => next });
        }
        return bare.ToString();
    }

    static List<List<object>> Forms(string text)
    {
        List<List<object>> top = [];
        Stack<List<object>> open = new();
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c)) i++;
            else if (c == '(') { open.Push([]); i++; }
            else if (c == ')')
            {
                List<object> done = open.Pop();
                if (open.Count > 0) open.Peek().Add(done); else top.Add(done);
                i++;
            }
            else
            {
                int begin = i;
                bool quoted = false;
                for (; i < text.Length && (quoted || !(char.IsWhiteSpace(text[i]) || text[i] is '(' or ')')); i++)
                {
                    if (quoted && text[i] == '\\') i++;
                    else if (text[i] == '"') quoted = !quoted;
                }
                if (open.Count > 0) open.Peek().Add(text[begin..i]);
            }
        }
        return top;
    }
}
