// Runs a script in an engine: a world of stub commands is loaded first, then the scenarios drive the script through it.
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Security;

namespace ScriptTest;

public static class Runs
{
    /// Each job is a folder of WORK with a plan, its facts and its script. One process does them all, a runspace each: what
    /// costs most is to make the engine warm.
    public static int Jobs(string tests, string work, string[] names)
    {
        Documented documented = new(Path.Combine(tests, "documented"));
        object turn = new();
        int failed = 0;
        Parallel.ForEach(names, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, name =>
        {
            StringWriter said = new();
            Stopwatch watch = Stopwatch.StartNew();
            bool held = Scenarios(tests, documented, work, name, said);
            lock (turn)
            {
                Console.WriteLine($"--- {name}\n{said}{(held ? "ok" : "FAILED")}: {name}, {watch.Elapsed.TotalSeconds:0} s");
                if (!held) failed++;
            }
        });
        return failed == 0 ? 0 : 1;
    }

    /// The scenarios of every plan where it has an environment, then those of its own. `NAME=TWIN`: that it does what its twin does.
    static bool Scenarios(string tests, Documented documented, string work, string name, StringWriter said)
    {
        string folder = Path.Combine(work, name.Split('=')[0]);
        if (name.Contains('=')) return One(tests, documented, folder, Path.Combine(tests, "scenarios", "hostile.ps1"), said, name.Split('=')[1]);
        string own = Path.Combine(tests, "scenarios", name + ".ps1");
        bool held = true;
        if (new FileInfo(Path.Combine(folder, "facts.txt")).Length > 0)
            held &= One(tests, documented, folder, Path.Combine(tests, "scenarios", "every-plan.ps1"), said);
        if (File.Exists(own)) held &= One(tests, documented, folder, own, said);
        return held;
    }

    static bool One(string tests, Documented documented, string folder, string scenarios, StringWriter said, string twin = null)
    {
        TestHost host = new();
        using Runspace runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.Open();
        Plan plan = new(Path.Combine(folder, "plan.json"), Path.Combine(folder, "facts.txt"));
        Plan parent = ParentOf(folder) is { } of ? new(Path.Combine(of, "plan.json"), Path.Combine(of, "facts.txt")) : null;
        string journals = Directory.CreateDirectory(Path.Combine(folder, "journals")).FullName;
        foreach ((string name, object value) in new (string, object)[]
                 {
                     ("TestHost", host.Lines), ("TestPlan", plan), ("TestParent", parent), ("TestWatch", new Watch(plan)), ("TestDocumented", documented), ("TestStates", new States()),
                     ("TestBlocks", new Blocks()), ("ScriptPath", Path.Combine(folder, "script.ps1")), ("Folder", journals), ("TestsFolder", Path.GetFullPath(tests)),
                     ("TestWork", Path.GetDirectoryName(folder)), ("TestName", Path.GetFileName(folder)), ("TestTwin", twin),
                 })
            runspace.SessionStateProxy.SetVariable(name, value);
        if (!Load(runspace, World(tests), said)) return false;
        using PowerShell shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddScript(File.ReadAllText(scenarios));
        bool failed = false;
        using PSDataCollection<PSObject> output = [];
        output.DataAdded += (_, _) => { foreach (PSObject line in output.ReadAll()) said.WriteLine(line); };
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException problem)
        {
            said.WriteLine($"{problem.ErrorRecord}\n{problem.ErrorRecord.ScriptStackTrace}");
            failed = true;
        }
        // what ends a script by a binding error shows only here
        foreach (ErrorRecord error in shell.Streams.Error) said.WriteLine($"error: {error}\n{error.ScriptStackTrace}");
        failed |= shell.Streams.Error.Count > 0 || !host.Lines.Contains("all scenarios hold");
        if (failed) foreach (string line in host.Lines.TakeLast(15)) said.WriteLine("| " + line);
        return !failed;
    }

    /// A variant is named after the example that it lies in: cas-array-four.
    static string ParentOf(string folder)
    {
        for (string name = folder; name.LastIndexOf('-') > name.LastIndexOf('/');)
        {
            name = name[..name.LastIndexOf('-')];
            if (File.Exists(Path.Combine(name, "variants"))) return name;
        }
        return null;
    }

    static bool Load(Runspace runspace, string world, StringWriter said)
    {
        using PowerShell shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddScript(world).Invoke();
        foreach (ErrorRecord error in shell.Streams.Error) said.WriteLine($"the world: {error}\n{error.ScriptStackTrace}");
        return shell.Streams.Error.Count == 0;
    }

    /// The world is one module, so that what it calls and what it names is its own, whatever the script does.
    static string World(string tests)
    {
        IEnumerable<string> files = Directory.GetFiles(Path.Combine(tests, "world"), "*.ps1").Order(StringComparer.Ordinal)
            .Concat(Directory.GetFiles(Path.Combine(tests, "modules"), "*.ps1").Order(StringComparer.Ordinal));
        return "$Global:TestScript = { param($With) & $ScriptPath @With }\nNew-Module -Name World -ScriptBlock {\n"
            + string.Join("\n", files.Select(file => ". '" + Path.GetFullPath(file).Replace("'", "''") + "'")) + "\n} | Out-Null";
    }
}

/// Blocks made anew from their text, each text once: a block that came over a wire has nothing of where it was written.
public sealed class Blocks
{
    readonly Dictionary<string, ScriptBlock> made = [];
    public ScriptBlock Get(string text) => made.TryGetValue(text, out ScriptBlock block) ? block : made[text] = ScriptBlock.Create(text);
}

/// A host that keeps what is written: -WhatIf and -Confirm need one with a user interface.
public sealed class TestHost : PSHost
{
    public List<string> Lines { get; } = [];
    readonly TestInterface face;
    public TestHost() => face = new TestInterface(Lines);
    public override string Name => "scripttest";
    public override Version Version => new(1, 0);
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override PSHostUserInterface UI => face;
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;
    public override void SetShouldExit(int exitCode) { }
    public override void EnterNestedPrompt() { }
    public override void ExitNestedPrompt() { }
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
}

public sealed class TestInterface(List<string> lines) : PSHostUserInterface
{
    public override PSHostRawUserInterface RawUI => null;
    public override string ReadLine() => throw new InvalidOperationException("nobody is there to answer");
    public override SecureString ReadLineAsSecureString() => throw new InvalidOperationException("nobody is there to answer");
    public override void Write(string value) => lines.Add(value);
    public override void Write(ConsoleColor foreground, ConsoleColor background, string value) => lines.Add(value);
    public override void WriteLine(string value) => lines.Add(value);
    public override void WriteErrorLine(string value) => lines.Add("ERROR " + value);
    public override void WriteDebugLine(string message) => lines.Add("DEBUG " + message);
    public override void WriteProgress(long sourceId, ProgressRecord record) { }
    public override void WriteVerboseLine(string message) => lines.Add("VERBOSE " + message);
    public override void WriteWarningLine(string message) => lines.Add("WARNING " + message);
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => [];
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => null;
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes types, PSCredentialUIOptions options) => null;
    /// Confirmation asks here; the answer is the first choice, yes.
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        lines.Add("ASKED " + message.Replace('\n', ' '));
        return 0;
    }
}
