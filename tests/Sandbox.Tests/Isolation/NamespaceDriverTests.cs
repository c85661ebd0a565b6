using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation;

public sealed class NamespaceDriverTests(TestSandboxes sandboxes, ITestOutputHelper output)
    : IClassFixture<TestSandboxes>
{
    [Fact]
    public async Task Process_runs_and_its_output_and_status_arrive()
    {
        var result = await sandboxes.RunScriptAsync("id; echo hi >&2; env; ls -l /proc/self/fd; pwd; hostname; exit 3");
        output.WriteLine(result.Output);
        result.Exit.ExitStatus.ShouldBe(3);
    }

    [Fact]
    public async Task Start_is_quick()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        var times = new List<double>();
        for (var round = 0; round < 30; round++)
        {
            var watch = Stopwatch.StartNew();
            var sandbox = await driver.StartAsync(sandboxes.Options("/bin/true"), CancellationToken.None);
            var started = watch.Elapsed.TotalMilliseconds;
            await sandbox.Exited;
            times.Add(watch.Elapsed.TotalMilliseconds);
            await sandbox.DisposeAsync();
            output.WriteLine($"start {started:F1} exited {times[^1]:F1} disposed {watch.Elapsed.TotalMilliseconds:F1}");
        }
    }
}
