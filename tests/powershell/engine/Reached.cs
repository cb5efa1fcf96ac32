// Which commands of the modules some script runs, and which none does: an action with `run powershell`, a probe in PowerShell. Those that
// none runs stand in a list with the reason; a command that is in neither is a fault, and so is a line of the list that is not needed.
using System.Text.RegularExpressions;

namespace ScriptTest;

public static partial class Reached
{
    public static int Report(string modules, string list, string[] folders)
    {
        HashSet<string> reached = [.. folders.SelectMany(In)];
        HashSet<string> all = [.. Directory.GetFiles(modules, "*.exm", SearchOption.AllDirectories).SelectMany(Commands)];
        Dictionary<string, string> excused = File.ReadAllLines(list).Where(line => line.Contains(": ") && !line.StartsWith('#'))
            .Select(line => line.Split(": ", 2)).ToDictionary(part => part[0], part => part[1]);
        int problems = 0;
        foreach (string one in all.Except(reached).Except(excused.Keys).Order(StringComparer.Ordinal)) problems += Say($"{one} is run by none of {folders.Length} scripts");
        foreach (string one in excused.Keys.Order(StringComparer.Ordinal))
        {
            if (!all.Contains(one)) problems += Say($"{one} is in {Path.GetFileName(list)}, and is no command of a module");
            else if (reached.Contains(one)) problems += Say($"{one} is in {Path.GetFileName(list)}, and a script runs it");
            else Console.WriteLine($"  not run: {one}: {excused[one]}");
        }
        Console.WriteLine($"{all.Intersect(reached).Count()} of {all.Count} commands of the modules are run by the {folders.Length} scripts ({Path.GetFileName(list)})");
        return problems == 0 && all.Count > 0 ? 0 : 1;
    }

    static int Say(string problem)
    {
        Console.WriteLine("PROBLEM " + problem);
        return 1;
    }

    /// What the steps of a plan run and look at: `action NAME`, `probe KIND.STATE`. Ways back are no steps of a script.
    static IEnumerable<string> In(string folder)
    {
        Plan plan = new(Path.Combine(folder, "plan.json"), Path.Combine(folder, "facts.txt"));
        foreach (Step step in plan.Steps.Values)
        {
            if (step.Runs.Contains("\"powershell\"")) yield return "action " + step.Action;
            foreach (string variable in step.Probed.Keys)
            {
                int dot = variable.LastIndexOf('.');
                yield return $"probe {plan.Objects[variable[..dot]].Kind}{variable[dot..]}";
            }
        }
    }

    static IEnumerable<string> Commands(string module)
    {
        foreach (Match found in Declaration().Matches(File.ReadAllText(module)))
        {
            string text = found.Value;
            Match head = Head().Match(text);
            if (head.Success && text.Contains(head.Groups[1].Value == "action" ? "  run powershell" : "powershell")) yield return $"{head.Groups[1].Value} {head.Groups[2].Value}";
        }
    }

    /// From one line that begins at the margin to the next; what closes a block stands at the margin too.
    [GeneratedRegex(@"^[a-z][^\n]*(?:\n(?![a-z#])[^\n]*)*", RegexOptions.Multiline)]
    private static partial Regex Declaration();
    [GeneratedRegex(@"^(action|probe) ([\w.]+)")]
    private static partial Regex Head();
}
