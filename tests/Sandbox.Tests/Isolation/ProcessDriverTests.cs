using System.Net;
using System.Text;
using Lambent.Kernel;
using Lambent.Sandbox.Isolation;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation;

/// <summary>The driver without isolation, and the choice among drivers.</summary>
public sealed class ProcessDriverTests(TestSandboxes sandboxes) : IClassFixture<TestSandboxes>
{
    [Fact]
    public async Task Process_runs_in_the_code_folder_with_its_variables_only()
    {
        var options = sandboxes.Options("/bin/sh", "-c", "pwd; env; exit 5") with
        {
            Variables = new Dictionary<string, string> { ["GREETING"] = "it's me" },
        };
        var result = await TestSandboxes.RunAsync(await DriverAsync(), options);
        result.Exit.ExitStatus.ShouldBe(5);
        result.Output.ShouldStartWith(sandboxes.CodeFolder + "\n");
        result.Output.ShouldContain("GREETING=it's me\n");
        result.Output.ShouldContain($"LAMBDA_TASK_ROOT={sandboxes.CodeFolder}\n");
        result.Output.ShouldNotContain("DOTNET");
    }

    [Fact]
    public async Task Driver_warns_once_that_it_isolates_nothing()
    {
        var driver = await DriverAsync();
        await TestSandboxes.RunAsync(driver, sandboxes.Options("/bin/true"));
        await TestSandboxes.RunAsync(driver, sandboxes.Options("/bin/true"));
        sandboxes.Warnings.Count(text => text.Contains("'process'", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Kill_reaches_the_whole_process_group()
    {
        var driver = await DriverAsync();
        await using var sandbox = await driver.StartAsync(
            sandboxes.Options("/bin/sh", "-c", "sleep 600 & echo $!; wait"), CancellationToken.None);
        var text = new TaskCompletionSource<string>();
        sandbox.Output = piece => text.TrySetResult(Encoding.UTF8.GetString(piece.Span));
        var child = int.Parse(await text.Task);
        sandbox.Kill();
        (await sandbox.Exited).ExitStatus.ShouldBe(137);
        // Gone, or a zombie for a moment until it is collected.
        var status = $"/proc/{child}/status";
        (!File.Exists(status) || (await File.ReadAllTextAsync(status)).Contains("State:\tZ")).ShouldBeTrue();
    }

    [Fact]
    public async Task Output_beyond_the_share_is_counted_and_all_of_it_accounted_for()
    {
        const long Written = 24L * 1024 * 1024;
        await using var sandbox = await (await DriverAsync()).StartAsync(
            sandboxes.Options("/bin/sh", "-c", $"yes 123456789abcdef | head -c {Written}"), CancellationToken.None);
        var (taken, lines, bytes) = (0L, 0L, 0L);
        sandbox.OutputDropped = (droppedLines, droppedBytes) =>
            (lines, bytes) = (lines + droppedLines, bytes + droppedBytes);
        sandbox.Output = piece => taken += piece.Length;

        (await sandbox.Exited).ExitStatus.ShouldBe(0);

        taken.ShouldBeGreaterThanOrEqualTo(Limits.EnvironmentLogBytesBurst);
        (taken + bytes).ShouldBe(Written);
        bytes.ShouldBeGreaterThan(0);
        ((double)lines / (bytes / 16)).ShouldBeInRange(0.999, 1.001);
    }

    [Fact]
    public async Task Frames_connect_at_the_path_that_the_driver_names()
    {
        var driver = await DriverAsync();
        var options = sandboxes.Options("/usr/bin/perl", "-e", """
            use IO::Socket::UNIX; print $ENV{LAMBENT_SOCKET};
            my $s = IO::Socket::UNIX->new(Peer => $ENV{LAMBENT_SOCKET}) or die; print $s 'x'; sysread($s, my $b, 1);
            """) with
        { UsesFrames = true };
        await using var sandbox = await driver.StartAsync(options, CancellationToken.None);
        using var socket = await sandbox.AcceptFramesAsync(CancellationToken.None);
        var buffer = new byte[1];
        (await socket.ReceiveAsync(buffer)).ShouldBe(1);
        await socket.SendAsync(buffer);
        var text = new StringBuilder();
        sandbox.Output = piece => text.Append(Encoding.UTF8.GetString(piece.Span));
        await sandbox.Exited;
        await sandbox.DrainOutputAsync();
        text.ToString().ShouldBe(driver.Paths(options).FrameSocket);
    }

    [Fact]
    public async Task Platform_has_a_loopback_port_of_its_own()
    {
        var driver = await DriverAsync();
        var options = sandboxes.Options("/usr/bin/perl", "-e", """
            use IO::Socket::INET; IO::Socket::INET->new(PeerAddr => $ENV{AWS_LAMBDA_RUNTIME_API}) or die "$!";
            """);
        await using var sandbox = await driver.StartAsync(options, CancellationToken.None);
        IPEndPoint.Parse(sandbox.PlatformAddress!).Address.ShouldBe(IPAddress.Loopback);
        using var connection = await sandboxes.Host.PlatformConnections.AcceptAsync(CancellationToken.None);
        connection.EnvironmentId.ShouldBe(options.EnvironmentId);
    }

    [Fact]
    public async Task Memory_beyond_the_setting_ends_the_process()
    {
        var result = await TestSandboxes.RunAsync(await DriverAsync(), sandboxes.Options(
            "/usr/bin/perl", "-e", "open(my $z, '<', '/dev/zero'); sysread($z, my $x, 200 << 20); sleep 600;"));
        result.Exit.ShouldBe(new SandboxExit(137, OutOfMemory: true));
    }

    [Theory]
    [InlineData("runc", "Isolation 'runc' is not available on this machine.")]
    [InlineData("runsc", "Isolation 'runsc' is not available on this machine.")]
    [InlineData("magic", "There is no isolation 'magic'.")]
    public async Task Driver_that_is_not_there_is_refused_naming_those_that_are(string name, string message)
    {
        var error = (await sandboxes.Host.Drivers.SelectAsync(name)).Error.ShouldNotBeNull();
        error.Code.ShouldBe(ErrorCode.NotSupported);
        error.Message.ShouldStartWith(message);
        error.Message.ShouldContain("process");
    }

    [Fact]
    public async Task Strongest_driver_is_the_default()
    {
        var expected = await sandboxes.Host.Drivers.NamespaceFailureAsync() is null ? "namespace" : "process";
        (await sandboxes.Host.Drivers.SelectAsync(null)).Value.Name.ShouldBe(expected);
    }

    private async Task<IIsolationDriver> DriverAsync() => (await sandboxes.Host.Drivers.SelectAsync("process")).Value;
}
