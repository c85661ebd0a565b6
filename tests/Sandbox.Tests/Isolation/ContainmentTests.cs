using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Lambent.Sandbox.Isolation;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation;

/// <summary>What code inside a sandbox must not be able to do.</summary>
public sealed class ContainmentTests(TestSandboxes sandboxes) : IClassFixture<TestSandboxes>
{
    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("/etc/gshadow")]
    [InlineData("/root")]
    [InlineData("/home")]
    [InlineData("/var/lib")]
    [InlineData("/sys")]
    [InlineData("/boot")]
    [InlineData("/dev/mem")]
    [InlineData("/dev/vda")]
    [InlineData("/proc/kcore")]
    [InlineData("/proc/kmsg")]
    [InlineData("/proc/1/root/root")]
    public async Task Hosts_files_cannot_be_read(string path)
    {
        var result = await sandboxes.RunScriptAsync($"cat {path} || ls {path}/ && echo READABLE");
        result.Output.ShouldNotContain("READABLE");
    }

    [Fact]
    public async Task Files_of_root_are_unreadable_even_where_they_are_in_view()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can lend the sandbox another user.");
        var folder = Directory.CreateDirectory(Path.Combine(sandboxes.Root, "private")).FullName;
        TestSandboxes.OpenToAll(folder);
        var secret = Path.Combine(folder, "secret");
        await File.WriteAllTextAsync(secret, "canary");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var result = await sandboxes.RunAsync(
            sandboxes.Options("/bin/sh", "-c", $"ls -l {secret}; cat {secret}") with { ReadOnlyFolders = [folder] });
        result.Output.ShouldContain("-rw-------");
        result.Output.ShouldContain("Permission denied");
        result.Output.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Environments_are_different_users_of_the_host_and_not_root()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can lend the sandbox another user.");
        var first = await sandboxes.RunScriptAsync(
            "id -u; grep Cap /proc/self/status; grep NoNewPrivs /proc/self/status");
        var second = await sandboxes.RunScriptAsync("id -u");
        var users = new[] { first, second }.Select(result => uint.Parse(result.Output.Split('\n')[0])).ToArray();
        users.ShouldAllBe(user => user > 65_535);
        // Capabilities: inheritable, permitted, effective, bounding, ambient.
        first.Output.Split("0000000000000000").Length.ShouldBe(6);
        first.Output.ShouldContain("NoNewPrivs:\t1");
    }

    [Fact]
    public async Task Another_environments_folder_and_files_are_out_of_sight()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        var options = sandboxes.Options("/bin/sh", "-c", "echo canary > /tmp/mine; echo up; sleep 600");
        await using var neighbour = await driver.StartAsync(options, CancellationToken.None);
        var up = new TaskCompletionSource();
        neighbour.Output = _ => up.TrySetResult();
        await up.Task;
        var run = Path.Combine(sandboxes.Root, "run");
        var result = await sandboxes.RunScriptAsync(
            $"ls /tmp; ls {run} && echo VISIBLE; ls /run/lambent; ls /proc | grep -c '^[0-9]'");
        result.Output.ShouldNotContain("mine");
        result.Output.ShouldNotContain("VISIBLE");
        result.Output.ShouldNotContain(options.EnvironmentId);
    }

    [Fact]
    public async Task Only_own_processes_are_in_sight_and_in_reach()
    {
        var result = await sandboxes.RunScriptAsync(
            $"ls /proc | grep -c '^[0-9]'; kill -9 {Environment.ProcessId} && echo KILLED; kill -9 1; kill -0 1 "
                + "&& echo ALIVE");
        int.Parse(result.Output.Split('\n')[0]).ShouldBeLessThan(8);
        result.Output.ShouldNotContain("KILLED");
    }

    [Fact]
    public async Task Every_process_within_reach_is_unprivileged_and_under_the_filter()
    {
        // Within reach: those whose memory could be written.
        var result = await sandboxes.RunScriptAsync("""
            for p in /proc/[0-9]*; do
                grep -h -E '^(CapEff|CapPrm|NoNewPrivs):' $p/status
                if (exec 3> $p/mem) 2>/dev/null; then grep -h ^Seccomp: $p/status; fi
            done | sort | uniq
            """);
        result.Output.ShouldBe(
            "CapEff:\t0000000000000000\nCapPrm:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n");
    }

    [Fact]
    public async Task Open_files_of_the_host_are_not_inherited()
    {
        using var leak = File.OpenHandle("/etc/passwd", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var result = await sandboxes.RunScriptAsync("cd /proc/self/fd; echo *");
        // The shell opens the folder itself.
        result.Output.Trim().ShouldBeOneOf("0 1 2", "0 1 2 3");
    }

    [Fact]
    public async Task Network_has_only_a_loopback_that_is_not_the_hosts()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var result = await sandboxes.RunAsync(sandboxes.Options("/usr/bin/perl", "-e", $$"""
            use IO::Socket::INET;
            print IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => {{port}}, Timeout => 2)
                ? 'REACHED ' : 'refused ';
            print IO::Socket::INET->new(PeerAddr => '10.0.0.1', PeerPort => 80, Timeout => 2)
                ? 'REACHED ' : "$! ";
            print IO::Socket::INET->new(PeerAddr => '169.254.169.254', PeerPort => 80, Timeout => 2)
                ? 'REACHED ' : "$! ";
            open(my $f, '<', '/proc/net/dev'); print join('', grep { /:/ } <$f>);
            """));
        result.Output.ShouldStartWith("refused Network is unreachable Network is unreachable ");
        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
        result.Output.ShouldContain("lo:");
    }

    [Fact]
    public async Task Platform_is_reached_at_its_address_and_knows_the_environment()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        var options = sandboxes.Options("/usr/bin/perl", "-e", """
            use IO::Socket::INET;
            my $s = IO::Socket::INET->new(PeerAddr => $ENV{AWS_LAMBDA_RUNTIME_API}) or die "$!";
            print $s "question\n"; print scalar <$s>;
            """);
        await using var sandbox = await driver.StartAsync(options, CancellationToken.None);
        var text = new StringBuilder();
        sandbox.Output = piece => text.Append(Encoding.UTF8.GetString(piece.Span));
        using var connection = await sandboxes.Host.PlatformConnections.AcceptAsync(CancellationToken.None);
        connection.EnvironmentId.ShouldBe(options.EnvironmentId);
        await using (var stream = new NetworkStream(connection.Socket))
        {
            var buffer = new byte[9];
            await stream.ReadExactlyAsync(buffer);
            await stream.WriteAsync("answer\n"u8.ToArray());
        }

        (await sandbox.Exited).ExitStatus.ShouldBe(0);
        text.ToString().ShouldBe("answer\n");
    }

    [Fact]
    public async Task Platform_takes_128_connections_at_a_time_from_one_environment()
    {
        var driver = await sandboxes.NamespaceDriverAsync();
        var options = sandboxes.Options("/usr/bin/perl", "-e", """
            use IO::Socket::INET; $| = 1;
            my @s = map { IO::Socket::INET->new(PeerAddr => $ENV{AWS_LAMBDA_RUNTIME_API}) or die "$!" } 1 .. 140;
            print "open"; sleep 600;
            """);
        await using var sandbox = await driver.StartAsync(options, CancellationToken.None);
        var open = new TaskCompletionSource();
        sandbox.Output = _ => open.TrySetResult();
        await open.Task;
        var connections = new List<PlatformConnection>();
        for (var count = 0; count < PlatformConnections.PerEnvironmentMax; count++)
        {
            connections.Add(await sandboxes.Host.PlatformConnections.AcceptAsync(CancellationToken.None));
        }

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await sandboxes.Host.PlatformConnections.AcceptAsync(soon.Token));
        connections[0].Dispose();
        connections[0] = await sandboxes.Host.PlatformConnections.AcceptAsync(CancellationToken.None);
        connections.ForEach(connection => connection.Dispose());
        await sandbox.DisposeAsync();
        while (true)
        {
            using var rest = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                (await sandboxes.Host.PlatformConnections.AcceptAsync(rest.Token)).Dispose();
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
    }

    [Theory]
    [InlineData("ptrace", "101, 0, 0, 0, 0", 1)]
    [InlineData("mount", "165, 0, 0, 0, 0, 0", 1)]
    [InlineData("umount2", "166, 0, 0", 1)]
    [InlineData("unshare(NEWUSER)", "272, 0x10000000", 1)]
    [InlineData("unshare(NEWNS)", "272, 0x20000", 1)]
    [InlineData("setns", "308, 0, 0", 1)]
    [InlineData("clone(NEWUSER)", "56, 0x10000000 | 17, 0, 0, 0, 0", 1)]
    [InlineData("clone3", "435, 0, 0", 38)]
    [InlineData("bpf", "321, 0, 0, 0", 1)]
    [InlineData("keyctl", "250, 0, 0", 1)]
    [InlineData("add_key", "248, 0, 0, 0, 0, 0", 1)]
    [InlineData("perf_event_open", "298, 0, 0, 0, 0, 0", 1)]
    [InlineData("userfaultfd", "323, 0", 1)]
    [InlineData("io_uring_setup", "425, 1, 0", 1)]
    [InlineData("kexec_load", "246, 0, 0, 0, 0", 1)]
    [InlineData("init_module", "175, 0, 0, 0", 1)]
    [InlineData("open_by_handle_at", "304, 0, 0, 0", 1)]
    [InlineData("process_vm_readv", "310, 1, 0, 0, 0, 0, 0", 1)]
    [InlineData("pidfd_getfd", "438, 0, 0, 0", 1)]
    [InlineData("fsopen", "430, 0, 0", 1)]
    [InlineData("personality(no randomization)", "135, 0x40000", 1)]
    [InlineData("socket(AF_VSOCK)", "41, 40, 1, 0", 97)]
    [InlineData("socket(AF_PACKET)", "41, 17, 3, 0", 97)]
    [InlineData("socket(AF_ALG)", "41, 38, 5, 0", 97)]
    [InlineData("socket(NETLINK_NETFILTER)", "41, 16, 3, 12", 97)]
    [InlineData("ioctl(TIOCSTI)", "16, 0, 0x5412, 0", 1)]
    [InlineData("a call younger than the filter", "1000, 0", 38)]
    [InlineData("x32 getpid", "0x40000000 + 39", 38)]
    public async Task Dangerous_system_call_is_refused(string name, string arguments, int error)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The numbers are x64's.");
        var result = await sandboxes.RunAsync(sandboxes.Options(
            "/usr/bin/perl", "-e", $"my $r = syscall({arguments}); printf '%d %d', $r, $! + 0;"));
        result.Output.ShouldBe($"-1 {error}", name);
    }

    [Theory]
    [InlineData("socket(AF_UNIX)", "41, 1, 1, 0")]
    [InlineData("socket(AF_INET)", "41, 2, 1, 0")]
    [InlineData("socket(AF_INET6)", "41, 10, 1, 0")]
    [InlineData("socket(NETLINK_ROUTE)", "41, 16, 3, 0")]
    [InlineData("personality(ask)", "135, 0xFFFFFFFF")]
    public async Task Harmless_system_call_is_allowed(string name, string arguments)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The numbers are x64's.");
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !name.Contains("INET6"), "This kernel has no IPv6.");
        var result = await sandboxes.RunAsync(sandboxes.Options(
            "/usr/bin/perl", "-e", $"my $r = syscall({arguments}); print $r >= 0 ? 'ok' : $!;"));
        result.Output.ShouldBe("ok", name);
    }

    [Fact]
    public async Task Programs_that_become_root_do_not()
    {
        var result = await sandboxes.RunScriptAsync(
            "grep -E ' /usr | /tmp | /var/task ' /proc/mounts; su root -c 'echo BECAME'; "
            + "cp /bin/sh /tmp/sh; chmod 4755 /tmp/sh; /tmp/sh -p -c id; mknod /tmp/null c 1 3 && echo DEVICE");
        result.Output.ShouldNotContain("BECAME");
        result.Output.ShouldNotContain("DEVICE");
        result.Output.ShouldNotContain("uid=0");
        result.Output.Split("nosuid,nodev").Length.ShouldBe(4);
    }

    [Fact]
    public async Task System_cannot_be_written()
    {
        var result = await sandboxes.RunScriptAsync(
            "for p in / /usr /etc /dev /var /var/task /run/lambent /bin; do touch $p/x && echo WRITTEN $p; done; "
            + "echo 1 > /proc/sys/kernel/panic && echo WRITTEN sysctl; echo c > /proc/sysrq-trigger && echo WRITTEN");
        result.Output.ShouldNotContain("WRITTEN");
    }

    [Fact]
    public async Task Preloaded_library_is_seen_only_by_the_function_itself()
    {
        // Were bubblewrap or the tools before the program to load it, they would complain about it too.
        sandboxes.WriteCode("bad.so", "not a library");
        var result = await sandboxes.RunAsync(sandboxes.Options("/bin/true") with
        {
            Variables = new Dictionary<string, string> { ["LD_PRELOAD"] = "/var/task/bad.so" },
        });
        result.Exit.ExitStatus.ShouldBe(0);
        result.Output.Split("ERROR").Length.ShouldBe(2);
    }

    [Fact]
    public async Task Certificates_and_users_are_there_as_programs_expect()
    {
        var result = await sandboxes.RunScriptAsync(
            "id -un; getent hosts localhost; test ! -d /etc/ssl/certs || ls /etc/ssl/certs | head -1; perl -e "
                + "'print((getpwuid($<))[7])'");
        result.Output.ShouldStartWith("sandbox\n127.0.0.1");
        result.Output.ShouldEndWith("/tmp");
    }
}
