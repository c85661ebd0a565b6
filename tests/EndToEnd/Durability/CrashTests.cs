using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lambent.EndToEnd.Durability;

/// <summary>
/// The server dies in the middle of work: what it had answered is there afterwards, and nothing of it lives on.
/// </summary>
public sealed partial class CrashTests
{
    private const string Functions = "/2015-03-31/functions";
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DeliveryLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Everything_answered_before_a_kill_is_there_after_the_restart()
    {
        using var folder = new TemporaryFolder();
        await using var first = await LambentServer.StartAsync(folder["data"]);
        await first.Root.CreateFunctionAsync(Programs.NodeFunction("changed", "hello"));
        var created = new ConcurrentBag<string>();
        var aliased = new ConcurrentBag<string>();
        var described = 0;
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(
            UntilItDiesAsync(number => CreateAsync(first.Root, $"created-{number}", created), stop.Token),
            UntilItDiesAsync(number => AliasAsync(first.Root, $"alias-{number}", aliased), stop.Token),
            UntilItDiesAsync(
                async number => described = await DescribeAsync(first.Root, number) ? number : described, stop.Token));
        await Deadline.PollAsync(() => created.Count > 30 && aliased.Count > 30 && described > 3, LoadLimit);
        await first.KillAsync();
        await stop.CancelAsync();
        await load;

        await using var second = await LambentServer.StartAsync(folder["data"]);
        foreach (var name in created)
        {
            (await second.Root.GetAsync($"{Functions}/{name}")).Status.ShouldBe(200, name);
        }

        foreach (var name in aliased)
        {
            (await second.Root.GetAsync($"{Functions}/changed/aliases/{name}")).Status.ShouldBe(200, name);
        }

        var configuration = await second.Root.ActiveAsync("changed");
        int.Parse((string)configuration["Description"]!).ShouldBeGreaterThanOrEqualTo(described);
        (await second.Root.InvokeAsync("changed", """{"name":"again"}""")).Ok()["hello"]!.ToString().ShouldBe("again");
        var one = created.First();
        await second.Root.ActiveAsync(one);
        (await second.Root.InvokeAsync(one)).Ok();
        (await second.StopAsync()).ShouldBe(0, second.Output);
    }

    [Fact]
    public async Task Events_accepted_before_a_kill_run_after_the_restart()
    {
        using var folder = new TemporaryFolder();
        var package = ZipPackage.Of(("index.mjs", EventWitness.Handler));
        var accepted = new ConcurrentBag<int>();
        await using (var first = await LambentServer.StartAsync(folder["data"]))
        {
            await first.Root.CreateFunctionAsync(
                new FunctionDefinition("recorder", "nodejs20.x", "index.handler", package) { TimeoutSeconds = 60 });
            await first.Root.SendAsync(
                "PUT",
                "/2017-10-31/functions/recorder/concurrency",
                new JsonObject { ["ReservedConcurrentExecutions"] = 1 });
            var until = TimeProvider.System.GetUtcNow().Add(HoldTime).ToUnixTimeMilliseconds();
            var held = await first.Root.InvokeAsync(
                "recorder", $$"""{"id":0,"until":{{until}}}""", null, ("X-Amz-Invocation-Type", "Event"));
            held.Status.ShouldBe(202, held.ToString());
            accepted.Add(0);
            await Deadline.PollAsync(
                () => first.Root.GetAsync("/v1/environments"), answer => answer.Text.Contains("\"busy\""), LoadLimit);
            using var stop = new CancellationTokenSource();
            var load = UntilItDiesAsync(number => SendEventAsync(first.Root, number, accepted), stop.Token);
            await Deadline.PollAsync(() => accepted.Count > 30, LoadLimit);
            await first.KillAsync();
            await stop.CancelAsync();
            await load;
        }

        await using var second = await LambentServer.StartAsync(folder["data"]);
        await Deadline.PollAsync(
            async () =>
            {
                var lines = await EventWitness.SeenAsync(second.Root, "recorder");
                return string.Join(',', accepted.Where(id => !lines.Contains(id)).Order());
            },
            missing => missing.Length == 0,
            DeliveryLimit);
    }

    [Fact]
    public async Task Environments_of_a_killed_server_are_gone_after_the_next_start()
    {
        using var folder = new TemporaryFolder();
        var first = await LambentServer.StartAsync(folder["data"]);
        IReadOnlyList<int> left;
        string instance;
        await using (first)
        {
            await first.Root.CreateFunctionAsync(Programs.NodeFunction("left-node", "hello"));
            await first.Root.CreateFunctionAsync(Programs.PythonFunction("left-python", "sleeps_if_asked"));
            (await first.Root.InvokeAsync("left-node")).Ok();
            (await first.Root.InvokeAsync("left-python")).Ok();
            left = HostProcesses.Below(first.ProcessId);
            left.ShouldNotBeEmpty();
            instance = Instance(left);
            Left(instance).ShouldNotBeEmpty("otherwise the test looks in the wrong places");
            await first.KillAsync();
        }

        await using var second = await LambentServer.StartAsync(folder["data"]);
        var current = HostProcesses.Below(second.ProcessId);
        await Deadline.PollAsync(
            () => Task.FromResult(string.Join('\n', left.Except(current).Where(HostProcesses.Exists)
                .Select(process => $"{process} {HostProcesses.CommandLine(process)}"))),
            remaining => remaining.Length == 0,
            TimeSpan.FromSeconds(10));
        Left(instance).ShouldBeEmpty();
        (await second.Root.InvokeAsync("left-node")).Ok();
        var next = Instance(HostProcesses.Below(second.ProcessId));
        (await second.StopAsync()).ShouldBe(0, second.Output);
        Left(next).ShouldBeEmpty("after an orderly end");
        HostProcesses.Below(second.ProcessId).ShouldBeEmpty();
    }

    /// <summary>The name that a server gave to its control groups, its mounts and its run folder.</summary>
    private static string Instance(IReadOnlyList<int> processes) => processes
        .Select(process => InstanceName().Match(HostProcesses.ControlGroups(process)))
        .First(match => match.Success)
        .Value;

    /// <summary>Control groups, mounts and folders that carry the name.</summary>
    private static string[] Left(string instance)
    {
        var deep = new EnumerationOptions
        {
            RecurseSubdirectories = true, MaxRecursionDepth = 5, IgnoreInaccessible = true,
        };
        return
        [
            .. Directory.EnumerateDirectories("/sys/fs/cgroup", instance, deep),
            .. Directory.EnumerateFileSystemEntries("/run", instance, deep),
            .. File.ReadLines("/proc/mounts").Where(line => line.Contains(instance, StringComparison.Ordinal)),
        ];
    }

    [GeneratedRegex("lambent-[0-9a-f]{8}")]
    private static partial Regex InstanceName();

    private static async Task UntilItDiesAsync(Func<int, Task> act, CancellationToken stop)
    {
        try
        {
            for (var number = 1; !stop.IsCancellationRequested; number++)
            {
                await act(number);
            }
        }
        catch (Exception died) when (died is HttpRequestException or IOException or TaskCanceledException)
        {
            // The answer never came: what was asked may or may not have happened.
        }
    }

    private static async Task CreateAsync(LambdaClient lambda, string name, ConcurrentBag<string> answered)
    {
        var body = Encoding.UTF8.GetBytes(Programs.NodeFunction(name, "hello").ToJson().ToJsonString());
        var answer = await lambda.SendAsync("POST", Functions, body);
        answer.Status.ShouldBe(201, answer.ToString());
        answered.Add(name);
    }

    private static async Task AliasAsync(LambdaClient lambda, string name, ConcurrentBag<string> answered)
    {
        var alias = new JsonObject { ["Name"] = name, ["FunctionVersion"] = "$LATEST" };
        var answer = await lambda.SendAsync("POST", $"{Functions}/changed/aliases", alias);
        answer.Status.ShouldBe(201, answer.ToString());
        answered.Add(name);
    }

    private static async Task SendEventAsync(LambdaClient lambda, int number, ConcurrentBag<int> accepted)
    {
        var answer = await lambda.InvokeAsync(
            "recorder", $$"""{"id":{{number}}}""", null, ("X-Amz-Invocation-Type", "Event"));
        answer.Status.ShouldBe(202, answer.ToString());
        accepted.Add(number);
    }

    private static async Task<bool> DescribeAsync(LambdaClient lambda, int number)
    {
        var change = new JsonObject { ["Description"] = number.ToString() };
        var answer = await lambda.SendAsync("PUT", $"{Functions}/changed/configuration", change);
        // An update is in progress: not accepted, so nothing is promised.
        answer.Status.ShouldBeOneOf(200, 409);
        return answer.Status == 200;
    }
}
