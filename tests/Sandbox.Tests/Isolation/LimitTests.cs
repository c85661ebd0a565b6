using System.Diagnostics;
using System.Text;
using Lambent.Sandbox.Isolation;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation;

/// <summary>The bounds on memory, files, processes and processor time.</summary>
public sealed class LimitTests(TestSandboxes sandboxes, ITestOutputHelper output) : IClassFixture<TestSandboxes>
{
    private const string Allocate =
        "open(my $z, '<', '/dev/zero'); my $x; sysread($z, $x, 200 << 20); print 'allocated ';";

    [Fact]
    public async Task Memory_beyond_the_setting_ends_the_environment_and_says_why()
    {
        var watch = Stopwatch.StartNew();
        var result = await sandboxes.RunAsync(
            sandboxes.Options("/usr/bin/perl", "-e", Allocate + "sleep 600;"));
        output.WriteLine($"ended after {watch.Elapsed.TotalMilliseconds:F0} ms: {result.Output}");
        result.Exit.ShouldBe(new SandboxExit(137, OutOfMemory: true));
    }

    [Fact]
    public async Task Memory_within_the_setting_is_no_reason_to_end()
    {
        var result = await sandboxes.RunAsync(
            sandboxes.Options("/usr/bin/perl", "-e", Allocate) with { MemoryMegabytes = 256 });
        result.Exit.ShouldBe(new SandboxExit(0, OutOfMemory: false));
        result.Output.ShouldBe("allocated ");
    }

    [Fact]
    public async Task Full_tmp_is_no_space_left_and_not_out_of_memory()
    {
        // All of /tmp, with most of the memory in use beside it.
        var script = """
            open(my $z, '<', '/dev/zero'); my $x; sysread($z, $x, 80 << 20);
            open(my $f, '>', '/tmp/fill') or die; my $block = 'b' x (1 << 20); my $written = 0;
            while (defined(my $n = syswrite($f, $block))) { $written += $n; last if $n < length $block; }
            syswrite($f, $block); print "$!, ", $written >> 20;
            """;
        var result = await sandboxes.RunAsync(sandboxes.Options("/usr/bin/perl", "-e", script));
        result.Exit.ShouldBe(new SandboxExit(0, OutOfMemory: false));
        result.Output.ShouldStartWith("No space left on device, ");
        int.Parse(result.Output.Split(' ')[^1]).ShouldBeInRange(510, 512);
    }

    [Fact]
    public async Task Memory_taken_after_tmp_was_filled_and_emptied_still_counts()
    {
        var script = """
            open(my $f, '>', '/tmp/fill') or die; my $block = 'b' x (1 << 20);
            syswrite($f, $block) for 1 .. 300;
            unlink('/tmp/fill'); close($f);
            my $x = 'a' x (200 << 20); sleep 600;
            """;
        var result = await sandboxes.RunAsync(sandboxes.Options("/usr/bin/perl", "-e", script));
        result.Exit.ShouldBe(new SandboxExit(137, OutOfMemory: true));
    }

    [Fact]
    public async Task Peak_memory_is_what_the_process_used_and_not_its_files()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        var options = sandboxes.Options("/usr/bin/perl", "-e", """
            $| = 1; open(my $f, '>', '/tmp/fill') or die; my $block = 'b' x (1 << 20);
            syswrite($f, $block) for 1 .. 200;
            open(my $z, '<', '/dev/zero'); my $x; sysread($z, $x, 60 << 20); print 'up'; sleep 600;
            """);
        await using var sandbox = await driver.StartAsync(options, CancellationToken.None);
        var up = new TaskCompletionSource();
        sandbox.Output = _ => up.TrySetResult();
        await up.Task;
        var megabytes = sandbox.PeakMemoryBytes >> 20;
        megabytes.ShouldBeInRange(60, 80);
    }

    [Fact]
    public async Task Fork_bomb_stays_at_the_bound_and_the_next_environment_works()
    {
        var script = """
            $| = 1; my $count = 0;
            while (defined(my $pid = fork)) { if (!$pid) { sleep 600 } $count++; last if $count > 5000; }
            print "$count $!"; kill 'KILL', 0;
            """;
        var result = await sandboxes.RunAsync(sandboxes.Options("/usr/bin/perl", "-e", script) with
        {
            MemoryMegabytes = 1024,
        });
        var count = int.Parse(result.Output.Split(' ')[0]);
        count.ShouldBeInRange(900, 1024);
        result.Output.ShouldContain("Resource temporarily unavailable");
        (await sandboxes.RunScriptAsync("exit 4")).Exit.ExitStatus.ShouldBe(4);
    }

    [Fact]
    public async Task Open_files_are_bounded_as_on_lambda()
    {
        var result = await sandboxes.RunScriptAsync("ulimit -n; ulimit -Hn; ulimit -c");
        result.Output.ShouldBe("1024\n1024\n0\n");
    }

    [Fact]
    public async Task Processor_time_follows_memory_once_it_is_limited()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Control groups are for root to make.");
        // A quarter of a core. The loop counts in both halves; the halves are equally long.
        var driver = await sandboxes.NamespaceDriverAsync();
        var options = sandboxes.Options("/usr/bin/perl", "-e", """
            use Time::HiRes qw(time); $| = 1;
            for (1 .. 2) {
                my ($end, $count) = (time + 0.6, 0); my @before = times;
                while (time < $end) { $count++ for 1 .. 200 }
                my @after = times; printf "%d\n", 100 * ($after[0] + $after[1] - $before[0] - $before[1]) / 0.6;
                last if $_ == 2; <STDIN>; sysread(STDIN, my $b, 1); select(undef, undef, undef, 0.2);
            }
            """) with
        { MemoryMegabytes = 442 };
        await using var sandbox = await driver.StartAsync(options, CancellationToken.None);
        var text = new StringBuilder();
        sandbox.Output = piece =>
        {
            if (text.Length == 0)
            {
                sandbox.LimitProcessor();
            }

            text.Append(Encoding.UTF8.GetString(piece.Span));
        };
        await sandbox.Exited;
        var percent = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
        output.WriteLine($"before {percent[0]} %, after {percent[1]} %");
        percent[1].ShouldBeInRange(15, 38);
    }
}
