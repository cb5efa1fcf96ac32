// What a PowerShell engine says of our scripts:
//   check COMMANDS SCRIPT...               they parse, use nothing that PowerShell 2.0 does not know, and no command or parameter
//                                          that the tables in the folder COMMANDS do not have
//   quote LITERALS                         our quoting gives what the engine reads; lines of hexadecimal text, tab, literal
//   twin ENVIRONMENT PAIRS                 writes the environment with the hostile names, paths and texts of the pairs
//   reached MODULES LIST FOLDER...         every command of the modules is run by the plan of one of the folders, or stands in the list
//   run TESTS WORK NAME...                 the scenarios hold: each script is run end to end in a simulated world, made from
//                                          WORK/NAME/plan.json and facts.txt
using ScriptTest;

try
{
    return args switch
    {
        ["check", var commands, .. var scripts] when scripts.Length > 0 => Checks.Scripts(commands, scripts),
        ["quote", var literals] => Checks.Quoting(literals),
        ["twin", var source, var pairs] => Twin.Write(source, pairs),
        ["reached", var modules, var list, .. var folders] when folders.Length > 0 => Reached.Report(modules, list, folders),
        ["run", var tests, var work, .. var names] when names.Length > 0 => Runs.Jobs(tests, work, names),
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
    Console.Error.WriteLine("usage: scripttest check COMMANDS SCRIPT... | quote LITERALS | twin ENVIRONMENT PAIRS | reached MODULES LIST FOLDER... | run TESTS WORK NAME...");
    return 2;
}
