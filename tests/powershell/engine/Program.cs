// What a PowerShell engine says of our scripts:
//   check COMMANDS SCRIPT...               they parse, use nothing that PowerShell 2.0 does not know, and no command or parameter
//                                          that the tables in the folder COMMANDS do not have
//   quote LITERALS                         our quoting gives what the engine reads; lines of hexadecimal text, tab, literal
//   run TESTS SCENARIOS PLAN FACTS SCRIPT FOLDER
//                                          the scenarios of a file hold: the script is run end to end in a simulated world
using ScriptTest;

try
{
    return args switch
    {
        ["check", var commands, .. var scripts] when scripts.Length > 0 => Checks.Scripts(commands, scripts),
        ["quote", var literals] => Checks.Quoting(literals),
        ["run", var tests, var scenarios, var plan, var facts, var script, var folder] => Runs.Scenarios(tests, scenarios, plan, facts, script, folder),
        _ => Usage(),
    };
}
catch (Exception problem) when (problem is IOException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("usage: scripttest check COMMANDS SCRIPT... | quote LITERALS | run TESTS SCENARIOS PLAN FACTS SCRIPT FOLDER");
    return 2;
}
