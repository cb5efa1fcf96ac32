// The tables of documented/: which commands there are, with their parameters and types, as Microsoft documents them. A stub is
// declared from its table and in no other way, so that a misspelt or missing parameter fails where it is bound.
//
//   module NAME                 what must be loaded before; "module -" for what every shell has
//   Verb-Noun | P:Type…         a command; behind a type: ! mandatory, % from the pipeline, #0 position, =A,B the values,
//                               {set} the parameter set that it belongs to; ? behind the name: it asks unless -Confirm:$false
using System.Text;
using System.Text.RegularExpressions;

namespace ScriptTest;

public sealed record Parameter(string Name, string Type, bool Mandatory, bool Piped, int? Position, string[] Values, string Set);

public sealed class Command
{
    public string Name { get; init; }
    public string Module { get; init; }
    public bool Asks { get; init; }
    public List<Parameter> Parameters { get; init; }
    public bool Decides => Parameters.Any(p => p.Name is "WhatIf" or "Confirm");
    /// What only looks is neither counted as a change nor made to fail.
    public bool Changes => !Regex.IsMatch(Name, "^(Get|Test|Select|Import|Add-PSSnapin|Join|Split|Sort|Measure|Where|Out|Write|Read|Start-Sleep|Start-Process|New-Object|Format|ConvertTo|ConvertFrom|Resolve)(-|$)");

    /// The declaration of a function that binds as the command does.
    public string Declaration()
    {
        StringBuilder text = new();
        string standard = Parameters.FirstOrDefault(p => p.Set is not null)?.Set;
        List<string> binding = [];
        if (Decides) binding.Add($"SupportsShouldProcess = $true, ConfirmImpact = '{(Asks ? "High" : "Medium")}'");
        if (standard is not null) binding.Add($"DefaultParameterSetName = '{standard}'");
        text.Append($"[CmdletBinding({string.Join(", ", binding)})]\nparam(\n");
        text.Append(string.Join(",\n", Parameters.Where(p => p.Name is not ("WhatIf" or "Confirm")).Select(Declared)));
        return text.Append("\n)\n").ToString();
    }

    static string Declared(Parameter p)
    {
        List<string> of = [];
        if (p.Mandatory) of.Add("Mandatory = $true");
        if (p.Piped) of.Add("ValueFromPipeline = $true");
        if (p.Position is { } at) of.Add($"Position = {at}");
        if (p.Set is not null) of.Add($"ParameterSetName = '{p.Set}'");
        string values = p.Values is null ? "" : $"[ValidateSet({string.Join(", ", p.Values.Select(v => $"'{v}'"))})]";
        return $"  [Parameter({string.Join(", ", of)})]{values}[{Net(p)}]${p.Name}";
    }

    /// The .NET type where the engine has one; a type of the product takes whatever it is given.
    static string Net(Parameter p)
    {
        bool many = p.Type.EndsWith("[]");
        string one = many ? p.Type[..^2] : p.Type;
        if (one == "SwitchParameter") return "switch";
        if (p.Values is not null || one is "Fqdn") return many ? "string[]" : "string";
        string known = one switch
        {
            "String" => "string", "Int32" => "int", "UInt32" => "uint32", "Int64" => "long", "Boolean" => "bool", "DateTime" => "DateTime",
            "TimeSpan" => "TimeSpan", "IPAddress" => "System.Net.IPAddress", "Uri" => "Uri", "ScriptBlock" => "scriptblock", "UInt16" => "uint16",
            _ => "object",
        };
        return many ? known + "[]" : known;
    }
}

public sealed partial class Documented
{
    public Dictionary<string, Command> Commands { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Documented(string folder)
    {
        foreach (string file in Directory.GetFiles(folder, "*.txt").Order()) Read(file);
    }

    void Read(string file)
    {
        string module = null;
        foreach (string line in File.ReadLines(file))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("module ")) { module = line[7..] == "-" ? "" : line[7..]; continue; }
            string[] half = line.Split('|', 2, StringSplitOptions.TrimEntries);
            string name = half[0].TrimEnd('?');
            Commands[name] = new Command
            {
                Name = name, Module = module, Asks = half[0].EndsWith('?'),
                Parameters = [.. half[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => One(file, text))],
            };
        }
    }

    static Parameter One(string file, string text)
    {
        Match m = Form().Match(text);
        if (!m.Success) throw new InvalidDataException($"{file}: {text} is not a parameter");
        return new Parameter(m.Groups["name"].Value, m.Groups["type"].Value, m.Groups["must"].Success, m.Groups["piped"].Success,
            m.Groups["at"].Success ? int.Parse(m.Groups["at"].Value) : null,
            m.Groups["values"].Success ? m.Groups["values"].Value.Split(',') : null, m.Groups["set"].Success ? m.Groups["set"].Value : null);
    }

    [GeneratedRegex(@"^(?<name>\w+):(?<type>[\w.]+(\[\])?)(?<must>!)?(?<piped>%)?(#(?<at>\d+))?(=(?<values>[\w.,-]+))?(\{(?<set>\w+)\})?$")]
    private static partial Regex Form();
}
