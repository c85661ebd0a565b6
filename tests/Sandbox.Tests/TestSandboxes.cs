using System.Text;
using Lambent.Kernel;
using Lambent.Sandbox.Isolation;
using Xunit;

namespace Lambent.Sandbox.Tests;

/// <summary>A sandbox host in a temporary folder, and short ways to run things in sandboxes.</summary>
public sealed class TestSandboxes : IAsyncLifetime
{
    private static int lastId;

    public string Root { get; } = Directory.CreateTempSubdirectory("lt-").FullName;

    public SandboxHost Host { get; private set; } = null!;

    public List<string> Warnings { get; } = [];

    public string CodeFolder => Path.Combine(Root, "code");

    public async ValueTask InitializeAsync()
    {
        OpenToAll(Root);
        OpenToAll(Directory.CreateDirectory(CodeFolder).FullName);
        Host = await SandboxHost.StartAsync(new SandboxHostOptions
        {
            RunFolder = Path.Combine(Root, "run"),
            LinkedFoldersRoot = Path.Combine(Root, "linked"),
            Warn = text =>
            {
                lock (Warnings)
                {
                    Warnings.Add(text);
                }
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>The namespace driver; skips the test, with the reason, where it cannot work.</summary>
    public async Task<IIsolationDriver> NamespaceDriverAsync()
    {
        if (await Host.Drivers.NamespaceFailureAsync() is { } reason)
        {
            Assert.Skip($"Namespaces do not work here: {reason}");
        }

        return (await Host.Drivers.SelectAsync("namespace")).Value;
    }

    public SandboxOptions Options(params string[] command) => new()
    {
        EnvironmentId = $"e{Interlocked.Increment(ref lastId)}",
        Command = command,
        Variables = new Dictionary<string, string>(),
        CodeFolder = CodeFolder,
        UsesFrames = false,
        MemoryMegabytes = 128,
        EphemeralStorageMegabytes = 512,
    };

    public async Task<SandboxResult> RunAsync(SandboxOptions options) =>
        await RunAsync(await NamespaceDriverAsync(), options);

    /// <summary>Runs a shell script to its end.</summary>
    public Task<SandboxResult> RunScriptAsync(string script) => RunAsync(Options("/bin/sh", "-c", script));

    public static async Task<SandboxResult> RunAsync(IIsolationDriver driver, SandboxOptions options)
    {
        await using var sandbox = await driver.StartAsync(options, CancellationToken.None);
        var text = new StringBuilder();
        sandbox.Output = piece => text.Append(Encoding.UTF8.GetString(piece.Span));
        var exit = await sandbox.Exited.WaitAsync(TimeSpan.FromSeconds(60));
        await sandbox.DrainOutputAsync();
        return new SandboxResult(exit, text.ToString());
    }

    /// <summary>Writes a file that every user may read, and perhaps run, into the code folder.</summary>
    public string WriteCode(string name, string text)
    {
        var path = Path.Combine(CodeFolder, name);
        File.WriteAllText(path, text);
        OpenToAll(path);
        return path;
    }

    public static void OpenToAll(string path) => File.SetUnixFileMode(path, (UnixFileMode)0x1ED);
}

public sealed record SandboxResult(SandboxExit Exit, string Output);
