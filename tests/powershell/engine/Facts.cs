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
    /// By lines, since names are written as they are, blanks and brackets included.
    public static Dictionary<string, WorldObject> Read(string path, IReadOnlySet<string> kinds)
    {
        Dictionary<string, WorldObject> found = new(StringComparer.Ordinal);
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            string head = lines[i].StartsWith("(planned ") ? "(" + lines[i][9..] : lines[i];
            int blank = head.IndexOf(' ');
            if (!head.StartsWith('(') || blank < 0 || !kinds.Contains(head[1..blank])) continue;
            bool more = HasMore(lines, i);
            string name = more ? head[(blank + 1)..] : head[(blank + 1)..^1];
            List<string> parts = Parts(name);
            WorldObject item = new() { Path = name, Kind = head[1..blank], Name = Bare(parts[^1]), Owner = string.Join('.', parts.Take(parts.Count - Depth(parts, found))) };
            while (more)
            {
                string fact = lines[++i].TrimStart();
                more = HasMore(lines, i);
                blank = fact.IndexOf(' ');
                item.Facts[fact[1..blank]] = more ? fact[(blank + 1)..^1] : fact[(blank + 1)..^2];
            }
            found[name] = item;
        }
        // a path is quoted as a text is, where its name needs it: it stays as it is then
        foreach (WorldObject item in found.Values)
            foreach ((string key, string value) in item.Facts.ToList())
                if (!found.ContainsKey(value)) item.Facts[key] = Bare(value);
        return found;
    }

    static bool HasMore(string[] lines, int i) => i + 1 < lines.Length && lines[i + 1].StartsWith("  (");

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
}
