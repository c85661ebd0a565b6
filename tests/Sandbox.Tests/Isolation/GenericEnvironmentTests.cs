using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Tests.Isolation;

/// <summary>Environments that are started before it is known whose code they will run.</summary>
public sealed class GenericEnvironmentTests(TestSandboxes sandboxes, ITestOutputHelper output)
    : IClassFixture<TestSandboxes>
{
    /// <summary>Connects, waits for a folder's name, goes there and tells what it finds and may do.</summary>
    private const string Program = """
        use IO::Socket::UNIX; $| = 1;
        my $s = IO::Socket::UNIX->new(Peer => $ENV{LAMBENT_SOCKET}) or die;
        my $before = join(',', glob('*')); print $s "ready\n"; chomp(my $folder = <$s>); chdir($folder) or die "$!";
        print "$before|", join(',', glob('*')), '|', join(',', glob('/opt/*')), '|';
        print open(my $f, '>', 'x') ? 'written' : $!, '|';
        print join(',', map { (split)[3] =~ /^ro,nosuid,nodev/ ? 'ro' : 'rw' }
            grep { m{ (/var/task|/opt) } } do { open(my $m, '<', '/proc/mounts'); <$m> });
        """;

    [Fact]
    public async Task Code_and_layers_that_are_attached_later_appear_read_only()
    {
        var driver = await DriverAsync();
        var layers = Directory.CreateDirectory(Path.Combine(sandboxes.Root, "layers")).FullName;
        await File.WriteAllTextAsync(Path.Combine(layers, "layer.txt"), "");
        sandboxes.WriteCode("index.txt", "");
        await using var sandbox = await driver.StartAsync(Generic(), CancellationToken.None);
        var text = new StringBuilder();
        sandbox.Output = piece => text.Append(Encoding.UTF8.GetString(piece.Span));
        using var socket = await sandbox.AcceptFramesAsync(CancellationToken.None);
        await socket.ReceiveAsync(new byte[16]);
        var watch = Stopwatch.StartNew();
        var paths = await sandbox.AttachCodeAsync(sandboxes.CodeFolder, layers);
        output.WriteLine($"attached in {watch.Elapsed.TotalMilliseconds:F2} ms");
        await socket.SendAsync(Encoding.UTF8.GetBytes(paths.TaskRoot + "\n"));
        (await sandbox.Exited).ExitStatus.ShouldBe(0, text.ToString());
        text.ToString().ShouldBe("|index.txt|/opt/layer.txt|Read-only file system|ro,ro");
        // Nothing of it shows on the host.
        (await File.ReadAllTextAsync("/proc/self/mounts")).ShouldNotContain(sandboxes.Root);
        await Should.ThrowAsync<InvalidOperationException>(() => sandbox.AttachCodeAsync(sandboxes.CodeFolder, null));
    }

    [Fact]
    public async Task Code_is_attached_also_after_the_attaching_thread_has_started_another()
    {
        var driver = await DriverAsync();
        sandboxes.WriteCode("index.txt", "");
        using var end = new ManualResetEvent(false);
        for (var round = 0; round < 2; round++)
        {
            await using var sandbox = await driver.StartAsync(Generic(), CancellationToken.None);
            using var socket = await sandbox.AcceptFramesAsync(CancellationToken.None);
            // The new thread shares its maker's root folder, which is in the way of entering another mount namespace.
            await sandboxes.Host.Visiting.RunAsync(() =>
            {
                new Thread(() => end.WaitOne()) { IsBackground = true }.Start();
                return true;
            });
            await sandbox.AttachCodeAsync(sandboxes.CodeFolder, null);
        }

        end.Set();
    }

    [Fact]
    public async Task Code_that_is_not_there_is_refused_and_the_environment_ends()
    {
        var driver = await DriverAsync();
        await using var sandbox = await driver.StartAsync(Generic(), CancellationToken.None);
        await Should.ThrowAsync<SandboxStartException>(() => sandbox.AttachCodeAsync("/no/such/folder", null));
        (await sandbox.Exited).ExitStatus.ShouldBe(137);
    }

    [Fact]
    public async Task Attaching_to_an_environment_that_has_ended_fails()
    {
        var driver = await DriverAsync();
        await using var sandbox = await driver.StartAsync(Generic(), CancellationToken.None);
        sandbox.Kill();
        await sandbox.Exited;
        await Should.ThrowAsync<SandboxStartException>(() => sandbox.AttachCodeAsync(sandboxes.CodeFolder, null));
    }

    [Fact]
    public void Driver_that_cannot_attach_refuses_to_start_without_code() =>
        Should.Throw<SandboxStartException>(() => SandboxOptionsCheck.Check(Generic(), canAttachCode: false));

    [Fact]
    public async Task Sandbox_without_a_program_waits_until_it_is_told_what_to_run()
    {
        var driver = await DriverAsync();
        var code = Directory.CreateDirectory(Path.Combine(sandboxes.Root, "greeting")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(code, "hello.sh"), "#!/bin/sh\necho \"$GREETING from $(pwd) with $(ls)\"\n");
        await using var sandbox = await driver.StartAsync(
            Generic() with { Command = [], UsesFrames = false }, CancellationToken.None);
        var text = new StringBuilder();
        sandbox.Output = piece => text.Append(Encoding.UTF8.GetString(piece.Span));
        var paths = await sandbox.AttachCodeAsync(code, layersFolder: null);
        sandbox.Exited.IsCompleted.ShouldBeFalse();
        sandbox.Begin(
            ["/bin/sh", "hello.sh"], new Dictionary<string, string> { ["GREETING"] = "it's me" }, paths.TaskRoot);
        (await sandbox.Exited).ExitStatus.ShouldBe(0, text.ToString());
        text.ToString().ShouldStartWith("it's me from /var/task with ");
        text.ToString().ShouldContain("hello.sh");
        Should.Throw<InvalidOperationException>(
            () => sandbox.Begin(["/bin/true"], new Dictionary<string, string>(), "/"));
    }

    [Fact]
    public async Task Sandbox_that_was_never_told_what_to_run_ends_when_it_is_disposed()
    {
        var driver = await DriverAsync();
        var sandbox = await driver.StartAsync(
            Generic() with { Command = [], UsesFrames = false }, CancellationToken.None);
        await sandbox.DisposeAsync();
        (await sandbox.Exited).ExitStatus.ShouldBe(137);
    }

    [Fact]
    public async Task Plain_process_is_told_the_hosts_folders()
    {
        var driver = (await sandboxes.Host.Drivers.SelectAsync("process")).Value;
        await using var sandbox = await driver.StartAsync(Generic(), CancellationToken.None);
        var paths = await sandbox.AttachCodeAsync(sandboxes.CodeFolder, "/layers");
        paths.TaskRoot.ShouldBe(sandboxes.CodeFolder);
        paths.LayersRoot.ShouldBe("/layers");
    }

    private SandboxOptions Generic() =>
        sandboxes.Options("/usr/bin/perl", "-e", Program) with { CodeFolder = null, UsesFrames = true };

    private async Task<IIsolationDriver> DriverAsync()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        Assert.SkipUnless(driver.CanAttachCode, "Only root can mount something in a sandbox that stands already.");
        return driver;
    }
}
