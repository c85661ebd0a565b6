using Lambent.Kernel;
using Lambent.Sandbox.Isolation.Namespaces;
using Lambent.Sandbox.Isolation.Native;
using Lambent.Sandbox.Isolation.Processes;

namespace Lambent.Sandbox.Isolation;

/// <summary>The isolation drivers by their names, and which of them work on this machine.</summary>
public sealed class IsolationDrivers
{
    /// <summary>Drivers that the function tag may name but that this build does not have.</summary>
    private static readonly string[] KnownElsewhere = ["runc", "runsc", "oci"];

    private readonly SandboxServices services;
    private readonly ProcessDriver process;
    private readonly Lock gate = new();
    private Task<NamespaceFinding>? namespaces;

    internal IsolationDrivers(SandboxServices services)
    {
        this.services = services;
        process = new ProcessDriver(services);
    }

    /// <summary>
    /// The driver of that name, or the strongest that works here for null. The first call tries namespaces out by
    /// starting one sandbox, which takes some 20 ms. Fails with NotSupported, naming what is available.
    /// </summary>
    public async ValueTask<Result<IIsolationDriver>> SelectAsync(string? name)
    {
        var finding = await FindingAsync();
        switch (name)
        {
            case null or "":
                return finding.Driver is { } strongest ? strongest : process;
            case ProcessDriver.DriverName:
                return process;
            case NamespaceDriver.DriverName when finding.Driver is { } driver:
                return driver;
            case NamespaceDriver.DriverName:
                return NotSupported($"Isolation 'namespace' does not work on this machine: {finding.Reason}", finding);
            default:
                return NotSupported(
                    KnownElsewhere.Contains(name)
                        ? $"Isolation '{name}' is not available on this machine."
                        : $"There is no isolation '{name}'.",
                    finding);
        }
    }

    /// <summary>Why namespaces do not work here, in a sentence; null when they do.</summary>
    public async ValueTask<string?> NamespaceFailureAsync() => (await FindingAsync()).Reason;

    private static Error NotSupported(string message, NamespaceFinding finding)
    {
        var available = finding.Driver is null ? "process" : "namespace, process";
        return new Error(ErrorCode.NotSupported, $"{message} Available: {available}.", "lambent:isolation");
    }

    private Task<NamespaceFinding> FindingAsync()
    {
        lock (gate)
        {
            return namespaces ??= ProbeAsync();
        }
    }

    private async Task<NamespaceFinding> ProbeAsync()
    {
        if (SystemCalls.Current is not { } calls)
        {
            return new(null, "there is no system call filter for this processor's architecture.");
        }

        if (Bubblewrap.Find() is not { } bubblewrap)
        {
            return new(null, "bubblewrap is not installed (apt-get install bubblewrap).");
        }

        var isRoot = Libc.EffectiveUser() == 0;
        var users = isRoot ? UserRange.TryCreate() : null;
        if (isRoot && users is not null && !File.Exists(BubblewrapArguments.UserSwitch))
        {
            return new(null, "setpriv is not installed (apt-get install util-linux).");
        }

        try
        {
            var driver = new NamespaceDriver(services, bubblewrap, calls, users);
            return await NamespaceProbe.RunAsync(driver, services.RunFolder.Path) is { } reason
                ? new(null, reason)
                : new(driver, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(null, exception.Message);
        }
    }

    private sealed record NamespaceFinding(NamespaceDriver? Driver, string? Reason);
}
