namespace Lambent.EndToEnd.Hostility;

/// <summary>Environments that end themselves, or are deleted, many times: nothing of them stays.</summary>
public sealed class LeftoverTests
{
    private const int CyclesOfEachKind = 15;
    private const int CyclesOfWarmUp = 3;
    private const string Descriptors = "descriptors";
    private const string Threads = "threads";

    [Fact]
    public async Task Environments_that_end_leave_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(
            folder["data"], "--warm-memory", "0", "--idle", "1");
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("node", "exits"));
        await server.Root.CreateFunctionAsync(Programs.PythonFunction("python", "exits"));
        await server.Root.CreateFunctionAsync(Programs.ShellFunction("shell", "exits"));
        await CycleAsync(server, CyclesOfWarmUp, "first");
        await Deadline.PollAsync(
            () => HostProcesses.Below(server.ProcessId).Count == 0, TimeSpan.FromSeconds(20));
        var before = Holdings(server.ProcessId);

        await CycleAsync(server, CyclesOfEachKind, "then");
        await Deadline.PollAsync(
            () => Task.FromResult(string.Join('\n', Holdings(server.ProcessId)
                .Where(held => held.Value > before[held.Key] + Allowed(held.Key))
                .Select(held => $"{held.Key}: {held.Value}, not {before[held.Key]}"))),
            more => more.Length == 0,
            TimeSpan.FromSeconds(60));
        (await server.StopAsync()).ShouldBe(0, server.Output);
    }

    private static async Task CycleAsync(LambentServer server, int cycles, string prefix)
    {
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var ends = await Task.WhenAll(new[] { "node", "python", "shell" }.Select(
                name => server.Root.InvokeAsync(name)));
            ends.ShouldAllBe(end => (string?)end.Json["errorType"] == "Runtime.ExitError");
            var deleted = $"{prefix}-{cycle}";
            await server.Root.CreateFunctionAsync(Programs.NodeFunction(deleted, "hello"));
            (await server.Root.InvokeAsync(deleted)).Ok();
            (await server.Root.SendAsync("DELETE", $"/2015-03-31/functions/{deleted}")).Status.ShouldBe(204);
        }
    }

    /// <summary>
    /// Threads and descriptors of the server's own pools come and go: a few more are none that a cycle left.
    /// </summary>
    private static int Allowed(string held) => held is Descriptors or Threads ? CyclesOfEachKind / 2 : 0;

    /// <summary>What the server holds of the machine.</summary>
    private static Dictionary<string, int> Holdings(int server)
    {
        var run = Directory.EnumerateFileSystemEntries($"/proc/{server}/fd")
            .Select(descriptor => new FileInfo(descriptor).LinkTarget)
            .Where(target => target is not null && Path.GetFileName(target) == "lock")
            .Select(target => Path.GetDirectoryName(target)!)
            .Single(path => Path.GetFileName(path).StartsWith("lambent-", StringComparison.Ordinal));
        var anywhere = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        var groups = Directory.EnumerateDirectories("/sys/fs/cgroup", Path.GetFileName(run), anywhere).ToList();
        return new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["processes"] = HostProcesses.Below(server).Count,
            ["mounts of the server"] = File.ReadLines($"/proc/{server}/mountinfo").Count(),
            ["control groups"] = groups.Sum(group => Directory.EnumerateDirectories(group).Count()),
            ["run folder"] = Directory.EnumerateFileSystemEntries(run, "*", anywhere).Count(),
            [Descriptors] = Directory.EnumerateFileSystemEntries($"/proc/{server}/fd").Count(),
            [Threads] = Directory.EnumerateDirectories($"/proc/{server}/task").Count(),
        };
    }
}
