using Lambent.Sandbox.Isolation;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation;

/// <summary>Nothing remains: after each environment, after the host, after a host that was killed.</summary>
public sealed class LeftoverTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TestSandboxes sandboxes = new();

    public ValueTask InitializeAsync() => sandboxes.InitializeAsync();

    public ValueTask DisposeAsync() => sandboxes.DisposeAsync();

    [Fact]
    public async Task Two_hundred_environments_leave_nothing_behind()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        // Enough of them at once that .NET has made all the threads and queues it makes for sockets.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => StartAndKillAsync(driver, index)));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Census();
        for (var round = 0; round < 50; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(index => StartAndKillAsync(driver, index)));
        }

        // The kernel lets go of the last sockets and groups a moment later.
        for (var attempt = 0; attempt < 50 && Census() != before; attempt++)
        {
            GC.Collect();
            await Task.Delay(20);
        }

        output.WriteLine(before.ToString());
        Census().ShouldBe(before);
        sandboxes.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Host_that_is_disposed_ends_what_still_runs()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        var sandbox = await driver.StartAsync(sandboxes.Options("/bin/sleep", "600"), CancellationToken.None);
        var groups = ControlGroupFolders();
        await sandboxes.Host.DisposeAsync();
        sandbox.Exited.IsCompletedSuccessfully.ShouldBeTrue();
        Directory.GetDirectories(Path.Combine(sandboxes.Root, "run")).ShouldBeEmpty();
        groups.Where(Directory.Exists).ShouldBeEmpty();
    }

    [Fact]
    public async Task Killed_host_leaves_no_process_and_the_next_one_clears_the_rest_away()
    {
        await sandboxes.NamespaceDriverAsync();
        var folder = Directory.CreateDirectory(Path.Combine(sandboxes.Root, "killed")).FullName;
        using var host = HostToKill.Start(folder);
        (await host.StandardOutput.ReadLineAsync()).ShouldBe(HostToKill.Ready);
        await WaitUntilAsync(() => HostToKill.CountSurvivors(folder) >= 3);
        var run = Path.Combine(folder, "run");
        var instance = Path.GetFileName(Directory.GetDirectories(run).ShouldHaveSingleItem());

        host.Kill();
        await host.WaitForExitAsync();
        await WaitUntilAsync(() => HostToKill.CountSurvivors(folder) == 0);

        Directory.GetDirectories(run).ShouldHaveSingleItem();
        var warnings = new List<string>();
        await using (await SandboxHost.StartAsync(new SandboxHostOptions { RunFolder = run, Warn = warnings.Add }))
        {
            warnings.ShouldHaveSingleItem().ShouldContain(instance);
            Directory.GetDirectories(run).ShouldHaveSingleItem().ShouldNotContain(instance);
            ControlGroupFolders().ShouldNotContain(path => path.Contains(instance));
        }

        Directory.GetDirectories(run).ShouldBeEmpty();
    }

    [Fact]
    public async Task Second_host_leaves_the_first_ones_environments_alone()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        await using var sandbox = await driver.StartAsync(
            sandboxes.Options("/bin/sleep", "600"), CancellationToken.None);
        var warnings = new List<string>();
        await using (await SandboxHost.StartAsync(
            new SandboxHostOptions { RunFolder = Path.Combine(sandboxes.Root, "run"), Warn = warnings.Add }))
        {
            warnings.ShouldBeEmpty();
            sandbox.Exited.IsCompleted.ShouldBeFalse();
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private async Task StartAndKillAsync(IIsolationDriver driver, int index)
    {
        // Ended in each of the ways: by itself, killed at once, killed while it runs.
        var options = index % 2 == 0 ? sandboxes.Options("/bin/true") : sandboxes.Options("/bin/sleep", "600");
        await using var sandbox = await driver.StartAsync(options with { UsesFrames = true }, CancellationToken.None);
        sandbox.Output = _ => { };
        if (index == 1)
        {
            sandbox.Kill();
        }
    }

    private string[] ControlGroupFolders() =>
        Directory.Exists("/sys/fs/cgroup")
            ? [.. Directory.EnumerateDirectories("/sys/fs/cgroup", "lambent-*", new EnumerationOptions
            {
                RecurseSubdirectories = true,
                IgnoreInaccessible = true,
            }).Where(path => path.Contains(InstanceName(), StringComparison.Ordinal))]
            : [];

    private string InstanceName() =>
        Directory.GetDirectories(Path.Combine(sandboxes.Root, "run")) is [var path, ..]
            ? Path.GetFileName(path)
            : "lambent-none";

    private Remains Census() => new(
        Descriptors: string.Join(", ", Descriptors().CountBy(kind => kind).OrderBy(pair => pair.Key)),
        Mounts: File.ReadAllLines("/proc/self/mounts").Length,
        ControlGroups: ControlGroupFolders().Sum(path => Directory.GetDirectories(path).Length),
        Folders: Directory.GetDirectories(Path.Combine(sandboxes.Root, "run")).Sum(
            path => Directory.GetFileSystemEntries(path).Length),
        Children: Directory.GetDirectories("/proc/self/task").Sum(
            thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ').Length - 1));

    /// <summary>
    /// What each open descriptor leads to, without what is different for each, and without .NET's own assemblies, which
    /// it opens when it first needs them.
    /// </summary>
    private static IEnumerable<string> Descriptors()
    {
        foreach (var path in Directory.GetFiles("/proc/self/fd"))
        {
            var target = new FileInfo(path).LinkTarget;
            if (target is not null && !target.EndsWith(".dll", StringComparison.Ordinal))
            {
                yield return target.Split('[', 2)[0];
            }
        }
    }

    private sealed record Remains(string Descriptors, int Mounts, int ControlGroups, int Folders, int Children);
}
