using System.Globalization;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Scaling;

/// <summary>Memory and processor time go together, as the kernel's own files say. Times are for the bench.</summary>
public sealed class ProcessorShareTests
{
    private const double MegabytesPerCore = 1769;

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(1792)]
    public async Task Environment_under_quota_is_held_to_the_share_of_its_memory(int megabytes)
    {
        var group = await StartAsync("quota", megabytes);
        var quota = group.Quota.ShouldNotBeNull("a quota");
        quota.ShouldBe(megabytes / MegabytesPerCore, 0.001);
        CheckWeight(group, megabytes);
    }

    [Fact]
    public async Task Environment_with_a_share_is_weighed_and_not_bounded()
    {
        var group = await StartAsync("share", 256, "--cpu-quota");
        group.Quota.ShouldBeNull();
        CheckWeight(group, 256);
    }

    [Fact]
    public async Task Server_decides_where_the_function_does_not() =>
        (await StartAsync(null, 512, "--cpu-quota")).Quota.ShouldNotBeNull().ShouldBe(512 / MegabytesPerCore, 0.001);

    [Fact]
    public async Task Choice_of_a_function_may_be_changed_and_misspelt_is_refused()
    {
        RequireRoot();
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        var definition = Programs.NodeFunction("shares", "counter");
        var created = await server.Root.CreateFunctionAsync(definition);
        (await server.Root.InvokeAsync("shares")).Ok();
        (await ControlGroup.OfAsync(server, "shares")).Single().Quota.ShouldBeNull();

        var arn = Uri.EscapeDataString((string)created["FunctionArn"]!);
        var tags = new JsonObject { ["Tags"] = new JsonObject { ["lambent:cpu"] = "quotas" } };
        var refused = await server.Root.SendAsync("POST", $"/2017-03-31/tags/{arn}", tags);
        refused.Status.ShouldBe(400);
        refused.Message!.ShouldContain("lambent:cpu");
        tags["Tags"]!["lambent:cpu"] = "quota";
        (await server.Root.SendAsync("POST", $"/2017-03-31/tags/{arn}", tags)).Status.ShouldBe(204);
        ((int)(await server.Root.InvokeAsync("shares")).Ok()["calls"]!).ShouldBe(1, "a new environment");
        var groups = await Deadline.PollAsync(
            () => ControlGroup.OfAsync(server, "shares"), groups => groups.Count == 1, TimeSpan.FromSeconds(10));
        groups[0].Quota.ShouldNotBeNull();
    }

    [Fact]
    public async Task Function_that_outgrows_its_memory_ends_alone()
    {
        RequireRoot();
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("neighbour", "allocates"));
        await server.Root.CreateFunctionAsync(Programs.NodeFunction("greedy", "allocates"));
        var before = (await server.Root.InvokeAsync("neighbour", """{"megabytes":20}""")).Ok().ToJsonString();
        var end = await server.Root.InvokeAsync("greedy", """{"megabytes":200}""");
        end.Status.ShouldBe(200);
        ((string?)end.Json["errorType"]).ShouldBe("Runtime.OutOfMemory", end.ToString());
        (await server.Root.InvokeAsync("neighbour")).Ok().ToJsonString().ShouldBe(before);
        (await server.Root.InvokeAsync("greedy", """{"megabytes":10}""")).Ok();
    }

    private static async Task<ControlGroup> StartAsync(string? choice, int megabytes, params string[] arguments)
    {
        RequireRoot();
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"], arguments);
        var name = $"shares-{Guid.NewGuid():N}";
        var definition = Programs.NodeFunction(name, "hello") with { MemoryMegabytes = megabytes };
        if (choice is not null)
        {
            definition.Tags["lambent:cpu"] = choice;
        }

        await server.Root.CreateFunctionAsync(definition);
        (await server.Root.InvokeAsync(name)).Ok();
        return (await ControlGroup.OfAsync(server, name)).Single();
    }

    /// <summary>The kernel's numbers are whole, and have a least.</summary>
    private static void CheckWeight(ControlGroup group, int megabytes) => group.Weight.ShouldBe(
        megabytes / MegabytesPerCore, 0.011);

    private static void RequireRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Control groups are for root to make.");

    /// <summary>What the kernel was told of one environment.</summary>
    /// <param name="Quota">Cores, or null for no bound.</param>
    /// <param name="Weight">Cores, where a usual group has one.</param>
    private sealed record ControlGroup(double? Quota, double Weight)
    {
        private const string Mounts = "/sys/fs/cgroup";

        /// <summary>The groups of a function's environments, found through their processes.</summary>
        public static async Task<IReadOnlyList<ControlGroup>> OfAsync(LambentServer server, string function)
        {
            var listed = await server.Root.GetAsync("/v1/environments");
            var ids = listed.Json["environments"]!.AsArray()
                .Where(environment => (string?)environment!["function"] == function)
                .Select(environment => (string)environment!["id"]!)
                .ToHashSet(StringComparer.Ordinal);
            return [.. HostProcesses.Below(server.ProcessId)
                .Select(Folder)
                .OfType<string>()
                .Where(folder => ids.Contains(Path.GetFileName(folder)))
                .Distinct(StringComparer.Ordinal)
                .Select(Read)];
        }

        private static ControlGroup Read(string folder)
        {
            var shares = Path.Combine(folder, "cpu.shares");
            if (!File.Exists(shares))
            {
                var bound = File.ReadAllText(Path.Combine(folder, "cpu.max")).Split(' ');
                return new ControlGroup(
                    bound[0] == "max" ? null : Number(bound[0]) / Number(bound[1]),
                    Number(File.ReadAllText(Path.Combine(folder, "cpu.weight"))) / 100);
            }

            var quota = Number(File.ReadAllText(Path.Combine(folder, "cpu.cfs_quota_us")));
            var period = Number(File.ReadAllText(Path.Combine(folder, "cpu.cfs_period_us")));
            return new ControlGroup(quota < 0 ? null : quota / period, Number(File.ReadAllText(shares)) / 1024);
        }

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

        /// <summary>Where a process's processor time is accounted, in version 1 or 2; null when it is gone.</summary>
        private static string? Folder(int process)
        {
            var lines = HostProcesses.ControlGroups(process).Split('\n').Select(line => line.Split(':', 3))
                .Where(fields => fields.Length == 3).ToList();
            var own = lines.Find(fields => fields[1].Split(',').Contains("cpu"))
                ?? lines.Find(fields => fields[1] == "");
            return own is null ? null
                : own[1] == "" ? Mounts + own[2]
                : Directory.Exists($"{Mounts}/{own[1]}") ? $"{Mounts}/{own[1]}{own[2]}"
                : $"{Mounts}/cpu{own[2]}";
        }
    }
}
