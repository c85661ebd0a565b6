using Lambent.Sandbox.Checks;
using Lambent.Sandbox.Interpreters;

namespace Lambent.Sandbox.Tests.Checks;

public sealed class SandboxChecksTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("6.18.44-fc", CheckStatus.Ok)]
    [InlineData("5.8.0-1-generic", CheckStatus.Ok)]
    [InlineData("5.4.0", CheckStatus.Failed)]
    [InlineData("", CheckStatus.Failed)]
    public void Kernel_must_be_young_enough(string release, CheckStatus status) =>
        Kernel(("/proc/sys/kernel/osrelease", release + "\n")).Kernel().Status.ShouldBe(status);

    [Fact]
    public void User_namespaces_that_a_setting_forbids_are_named_with_the_setting()
    {
        var check = Kernel(("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n"))
            .UserNamespaces(isRoot: false);
        check.Status.ShouldBe(CheckStatus.Failed);
        check.Fix.ShouldBe("sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
        Kernel(("/proc/sys/user/max_user_namespaces", "0")).UserNamespaces(isRoot: false).Status
            .ShouldBe(CheckStatus.Failed);
        Kernel(("/proc/sys/user/max_user_namespaces", "0")).UserNamespaces(isRoot: true)
            .Status.ShouldBe(CheckStatus.Ok);
        Kernel().UserNamespaces(isRoot: false).Status.ShouldBe(CheckStatus.Ok);
    }

    [Theory]
    [InlineData("Max open files            1024                 1048576              files", CheckStatus.Warning)]
    [InlineData("Max open files            20000                20000                files", CheckStatus.Ok)]
    [InlineData("Max open files            unlimited            unlimited            files", CheckStatus.Ok)]
    [InlineData("", CheckStatus.Warning)]
    public void Open_files_must_be_many(string line, CheckStatus status) =>
        Kernel(("/proc/self/limits", "Limit   Soft\n" + line + "\n")).OpenFiles().Status.ShouldBe(status);

    [Theory]
    [InlineData("kill_process kill_thread trap errno user_notif trace log allow", CheckStatus.Ok)]
    [InlineData(null, CheckStatus.Failed)]
    public void Filters_must_be_built_in(string? actions, CheckStatus status) =>
        Kernel(("/proc/sys/kernel/seccomp/actions_avail", actions)).Seccomp().Status.ShouldBe(status);

    [Fact]
    public async Task This_machine_is_looked_at_without_leaving_anything()
    {
        var run = Directory.CreateTempSubdirectory("lt-").FullName;
        try
        {
            var checks = await SandboxChecks.RunAsync(new InterpreterCatalog(run), run, TimeProvider.System);
            foreach (var check in checks)
            {
                output.WriteLine($"{check.Name} | {check.Status} | {check.Detail} | {check.Fix}");
            }

            checks.Select(check => check.Name).ShouldBeUnique();
            checks.ShouldAllBe(check => check.Detail.Length > 0);
            Directory.GetFileSystemEntries(run).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    [Fact]
    public async Task Run_folder_too_long_for_a_socket_is_refused()
    {
        var checks = await SandboxChecks.RunAsync(
            new InterpreterCatalog("/"), "/tmp/" + new string('x', 80), TimeProvider.System);
        checks.Single(check => check.Name == "run folder").Status.ShouldBe(CheckStatus.Failed);
    }

    private static KernelChecks Kernel(params (string Path, string? Text)[] files) =>
        new(path => files.FirstOrDefault(file => file.Path == path).Text);
}
