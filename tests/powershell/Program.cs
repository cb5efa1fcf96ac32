// What a PowerShell engine says of our scripts:
//   check SCRIPT...                        they parse, and use nothing that PowerShell 2.0 does not know
//   quote LITERALS                         our quoting gives what the engine reads; lines of hexadecimal text, tab, literal
//   run WORLD SCENARIOS SCRIPT FOLDER      the scenarios hold: a script is run end to end in a small world
using ScriptTest;

try
{
    return args switch
    {
        ["check", .. var scripts] when scripts.Length > 0 => Checks.Scripts(scripts),
        ["quote", var literals] => Checks.Quoting(literals),
        ["run", var world, var scenarios, var script, var folder] => Runs.Scenarios(world, scenarios, script, folder),
        _ => Usage(),
    };
}
catch (IOException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("usage: scripttest check SCRIPT... | quote LITERALS | run WORLD SCENARIOS SCRIPT FOLDER");
    return 2;
}
