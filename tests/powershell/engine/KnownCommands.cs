// Every command in a script is one that there is: of the script itself, of the engine, of the tables, or a program. So a command
// that no run comes to is looked at as well.
using System.Management.Automation.Language;

namespace ScriptTest;

public static class KnownCommands
{
    /// What every shell has and world/ supplies.
    static readonly HashSet<string> Shell = new(StringComparer.OrdinalIgnoreCase)
    {
        "ForEach-Object", "Where-Object", "Out-Null", "New-Module", "Set-StrictMode", "New-Object", "Write-Output", "Write-Host", "Write-Warning", "Write-Verbose",
        "Write-Error", "Get-Date", "Start-Sleep", "Join-Path", "Split-Path", "Sort-Object", "Select-Object", "Measure-Object", "Out-String", "Read-Host", "Get-Module",
        "Import-Module", "Add-PSSnapin", "Get-PSSnapin", "New-PSSession", "Remove-PSSession", "Invoke-Command", "Wait-Job", "Receive-Job", "Remove-Job", "Get-Command",
    };

    static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
        { "Verbose", "Debug", "ErrorAction", "WarningAction", "ErrorVariable", "WarningVariable", "OutVariable", "OutBuffer" };

    public static IEnumerable<(IScriptExtent, string)> Find(ScriptBlockAst script, Documented documented)
    {
        HashSet<string> own = new(script.FindAll(a => a is FunctionDefinitionAst, true).Cast<FunctionDefinitionAst>().Select(f => f.Name), StringComparer.OrdinalIgnoreCase);
        foreach (CommandAst command in script.FindAll(a => a is CommandAst, true).Cast<CommandAst>())
        {
            string name = command.GetCommandName();
            if (name is null || own.Contains(name) || Shell.Contains(name) || IsProgram(name)) continue;
            if (!documented.Commands.TryGetValue(name, out Command known))
            {
                yield return (command.Extent, "no such command is documented");
                continue;
            }
            foreach (CommandParameterAst parameter in command.CommandElements.OfType<CommandParameterAst>())
                if (!Common.Contains(parameter.ParameterName) && !known.Parameters.Any(p => p.Name.Equals(parameter.ParameterName, StringComparison.OrdinalIgnoreCase)))
                    yield return (parameter.Extent, $"{known.Name} has no such parameter");
        }
    }

    static bool IsProgram(string name) => name.ToLowerInvariant() is var n && (n.EndsWith(".exe") || n.EndsWith(".com"));
}
