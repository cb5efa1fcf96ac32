// Objects as Windows gives them, made quickly: scripts look at services by the hundred.
using System.Collections;
using System.Management.Automation;

namespace ScriptTest;

/// What Get-Service gives. What it depends on is worked out when somebody asks, by blocks that get the machine and the name.
public sealed class ServiceShown(object machine, string name, bool running, ScriptBlock needs, ScriptBlock dependents)
{
    public string Name => name;
    public string ServiceName => name;
    public string Status => running ? "Running" : "Stopped";
    public object[] ServicesDependedOn => Named(needs);
    public object[] DependentServices => Named(dependents);
    public void Refresh() { }
    public void WaitForStatus(string status, TimeSpan time) { }

    object[] Named(ScriptBlock block) => [.. block.Invoke(machine, name).Select(n => (object)new ServiceName(n.ToString()))];
}

public sealed record ServiceName(string Name);

/// An instance of Win32_Service.
public sealed class WmiService(string name, string mode, bool running, ScriptBlock change)
{
    public string Name => name;
    public string StartMode => mode;
    public string State => running ? "Running" : "Stopped";
    public bool Started => running;
    public object ChangeStartMode(string to) => change.Invoke(name, to)[0];

    /// All services of a machine, as the states say that they are.
    public static object[] All(IDictionary services, States states, ScriptBlock change) =>
        [.. services.Values.Cast<object>().Select(one => One((IDictionary)Watch.Bare(one), states, change))];

    static object One(IDictionary service, States states, ScriptBlock change)
    {
        string path = (string)Watch.Bare(service["Path"]);
        string mode = Watch.Bare(states[path + ".startup"]) switch { "automatic" => "Auto", "manual" => "Manual", "disabled" => "Disabled", _ => null };
        return new WmiService((string)Watch.Bare(service["Name"]), mode, Watch.Bare(states[path + ".running"]) is true, change);
    }
}

/// A program's key among those that can be uninstalled.
public sealed class UninstallKey(string name)
{
    public object GetValue(string value) => value == "DisplayName" ? name : null;
}
