using System.Diagnostics;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Isolation.Launching;

namespace Lambent.Sandbox.Tests.Isolation.Launching;

public sealed class OrphansTests
{
    [Fact]
    public async Task Child_of_a_dead_child_is_collected_once_it_is_dead_too_for_ten_seconds()
    {
        // A host makes this program the one that orphans come to.
        var sandboxes = new TestSandboxes();
        await sandboxes.InitializeAsync();
        try
        {
            var time = new ManualTime();
            var orphans = new Orphans(time);
            var orphan = await StartOrphanAsync();
            while (!(await File.ReadAllTextAsync($"/proc/{orphan}/stat")).Contains(") Z "))
            {
                await Task.Yield();
            }

            orphans.Collect();
            time.Advance(TimeSpan.FromSeconds(10));
            orphans.Collect();
            Directory.Exists($"/proc/{orphan}").ShouldBeTrue();
            time.Advance(TimeSpan.FromSeconds(9));
            orphans.Collect();
            Directory.Exists($"/proc/{orphan}").ShouldBeTrue();
            time.Advance(TimeSpan.FromSeconds(1));
            orphans.Collect();
            Directory.Exists($"/proc/{orphan}").ShouldBeFalse();
        }
        finally
        {
            await sandboxes.DisposeAsync();
        }
    }

    private static async Task<int> StartOrphanAsync()
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "sleep 0.2 >/dev/null & echo $!" },
            RedirectStandardOutput = true,
        };
        using var parent = Process.Start(start)!;
        var orphan = int.Parse((await parent.StandardOutput.ReadLineAsync())!);
        await parent.WaitForExitAsync();
        return orphan;
    }
}
