// The hostile twin of an environment: the same file with other names, paths and texts. A pair is a word of the file and, behind a tab,
// what stands for it, both as they are between quotes in an environment file. A word that is a name in the file becomes quoted text; within quoted text every
// occurrence is replaced.
using System.Text;

namespace ScriptTest;

public static class Twin
{
    public static int Write(string source, string pairs)
    {
        Console.Out.Write(Of(File.ReadAllText(source), Pairs(pairs)));
        return 0;
    }

    /// What a text of the one twin is in the other.
    public static string Text(string text, string pairs) => Replaced(text, [.. Pairs(pairs).Select(pair => (Facts.Bare($"\"{pair.Word}\""), Facts.Bare($"\"{pair.Hostile}\"")))]);

    /// Longest first, so that no word takes a part of a longer one.
    public static List<(string Word, string Hostile)> Pairs(string path) =>
        [.. File.ReadAllLines(path).Where(line => line.Contains('\t')).Select(line => line.Split('\t'))
            .Select(part => (part[0], part[1])).OrderByDescending(pair => pair.Item1.Length)];

    public static string Of(string text, List<(string Word, string Hostile)> pairs)
    {
        StringBuilder twin = new();
        for (int i = 0; i < text.Length;)
        {
            int end = text[i] == '"' ? EndOfText(text, i) : text[i] == '#' ? text.IndexOf('\n', i) : IsOfName(text[i]) ? EndOfName(text, i) : i + 1;
            if (end < 0) end = text.Length;
            string part = text[i..end];
            twin.Append(text[i] == '"' ? Replaced(part, pairs) : Named(part, pairs));
            i = end;
        }
        return twin.ToString();
    }

    static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
    static int EndOfName(string text, int i)
    {
        while (i < text.Length && IsOfName(text[i])) i++;
        return i;
    }

    static int EndOfText(string text, int i)
    {
        if (text.AsSpan(i).StartsWith("\"\"\"")) return text.IndexOf("\"\"\"", i + 3, StringComparison.Ordinal) + 3;
        for (i++; text[i] != '"'; i++) if (text[i] == '\\') i++;
        return i + 1;
    }

    static string Named(string word, List<(string Word, string Hostile)> pairs)
    {
        foreach ((string from, string to) in pairs) if (word == from) return $"\"{to}\"";
        return word;
    }

    /// In one pass: what has been put in is not looked at again.
    static string Replaced(string text, List<(string Word, string Hostile)> pairs)
    {
        StringBuilder made = new();
        for (int i = 0; i < text.Length;)
        {
            (string from, string to) = pairs.FirstOrDefault(pair => text.AsSpan(i).StartsWith(pair.Word));
            made.Append(from is null ? text[i] : to);
            i += from is null ? 1 : from.Length;
        }
        return made.ToString();
    }
}
