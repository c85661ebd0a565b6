using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.Pool;

namespace Lambent.Sandbox.Tests.Pool;

/// <summary>Every way in which a start fails has an error that names the step.</summary>
public sealed class StartFailuresTests
{
    [Fact]
    public void Damaged_package_is_a_failed_fetch() => Check(
        StartFailures.Of(StartPhase.Fetch, new StoreException(ErrorCode.StoreUnavailable, "The digest differs.")),
        ErrorCode.PackageUnreadable, "phase fetch", "The digest differs.");

    [Fact]
    public void Unreadable_folder_is_a_failed_fetch() => Check(
        StartFailures.Of(StartPhase.Fetch, new UnauthorizedAccessException("Access denied.")),
        ErrorCode.PackageUnreadable, "phase fetch", "Access denied.");

    [Fact]
    public void Missing_runtime_keeps_its_code() => Check(
        StartFailures.Of(StartPhase.Start, new Error(ErrorCode.RuntimeMissing, "There is no node.")),
        ErrorCode.RuntimeMissing, "phase start", "There is no node.");

    [Fact]
    public void Refused_sandbox_is_a_failed_start() => Check(
        StartFailures.Of(StartPhase.Start, SandboxStartException.Because("bwrap: no permissions")),
        ErrorCode.EnvironmentStartFailed, "phase start", "bwrap: no permissions");

    [Fact]
    public void Sandbox_that_ends_before_it_is_ready_is_a_failed_start() => Check(
        StartFailures.Of(StartPhase.Start, new SandboxEndedException(new SandboxExit(127, false))),
        ErrorCode.EnvironmentStartFailed, "phase start", "exit status 127");

    [Fact]
    public void Memory_that_is_exhausted_is_a_failed_start() => Check(
        StartFailures.Of(StartPhase.Start, new IOException("Cannot allocate memory")),
        ErrorCode.EnvironmentStartFailed, "phase start", "Cannot allocate memory");

    [Fact]
    public void Silent_sandbox_is_given_up() => Check(
        StartFailures.Of(StartPhase.Start, new OperationCanceledException()),
        ErrorCode.EnvironmentStartFailed, "phase start", "within 10 s");

    [Fact]
    public void Broken_conversation_is_a_failed_init() => Check(
        StartFailures.Of(StartPhase.Init, new IOException("Broken pipe")),
        ErrorCode.EnvironmentStartFailed, "phase init", "Broken pipe");

    private static void Check(Error error, ErrorCode code, string phase, string reason)
    {
        error.Code.ShouldBe(code);
        error.Message.ShouldContain(phase);
        error.Message.ShouldContain(reason);
    }
}
