// Runs a script in an engine: a world of stub commands is loaded first, then the scenarios drive the script through it.
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Security;

namespace ScriptTest;

public static class Runs
{
    public static int Scenarios(string world, string scenarios, string script, string folder)
    {
        Directory.CreateDirectory(folder);
        TestHost host = new();
        using Runspace runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.Open();
        runspace.SessionStateProxy.SetVariable("TestHost", host.Lines);
        runspace.SessionStateProxy.SetVariable("ScriptPath", Path.GetFullPath(script));
        runspace.SessionStateProxy.SetVariable("Folder", Path.GetFullPath(folder));
        using PowerShell shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddScript(File.ReadAllText(world)).AddStatement().AddScript(File.ReadAllText(scenarios));
        bool failed = false;
        try
        {
            foreach (PSObject line in shell.Invoke()) Console.WriteLine(line);
        }
        catch (RuntimeException problem)
        {
            Console.WriteLine($"{problem.ErrorRecord}\n{problem.ErrorRecord.ScriptStackTrace}");
            failed = true;
        }
        // what ends a script by a binding error shows only here
        foreach (ErrorRecord error in shell.Streams.Error) Console.WriteLine($"error: {error}\n{error.ScriptStackTrace}");
        failed |= shell.Streams.Error.Count > 0 || !host.Lines.Contains("all scenarios hold");
        if (failed) foreach (string line in host.Lines.TakeLast(60)) Console.WriteLine("| " + line);
        return failed ? 1 : 0;
    }
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
