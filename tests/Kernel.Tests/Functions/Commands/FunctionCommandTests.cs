using Lambent.Kernel.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Functions.Commands;

public sealed class FunctionCommandTests
{
    private const string Busy = "An update is in progress for resource: " + CommandScenario.Arn;
    private const string Pending = "The function is currently in the following state: Pending";

    /// <summary>What happened before, the step that is refused, and why.</summary>
    [Theory]
    [InlineData("create", "create", ErrorCode.ResourceConflict, "Function already exist: one")]
    [InlineData("create", "timeout 5", ErrorCode.FunctionNotReady, Pending)]
    [InlineData("create", "code 2", ErrorCode.FunctionNotReady, Pending)]
    [InlineData("create", "publish", ErrorCode.FunctionNotReady, Pending)]
    [InlineData("create", "finish-stale", ErrorCode.PreconditionFailed, "changed while it was being activated")]
    [InlineData("create,activate", "activate", ErrorCode.PreconditionFailed, "changed while it was being activated")]
    [InlineData("create,activate,timeout 5", "timeout 6", ErrorCode.UpdateInProgress, Busy)]
    [InlineData("create,activate,timeout 5", "code 2", ErrorCode.UpdateInProgress, Busy)]
    [InlineData("create,activate,code 2", "publish", ErrorCode.UpdateInProgress, Busy)]
    [InlineData("create,activate", "timeout 5 @old", ErrorCode.PreconditionFailed, "The Revision Id provided")]
    [InlineData("create,activate", "code 2 @old", ErrorCode.PreconditionFailed, "GetFunction/GetAlias")]
    [InlineData("create,activate", "publish x @old", ErrorCode.PreconditionFailed, "The Revision Id provided")]
    [InlineData("create,fail", "publish", ErrorCode.FunctionNotReady, "state: Failed")]
    [InlineData("create,activate,delete", "timeout 5", ErrorCode.FunctionNotFound, CommandScenario.Arn)]
    [InlineData("create,activate,delete", "delete", ErrorCode.FunctionNotFound, CommandScenario.Arn)]
    [InlineData("create,activate,delete", "activate", ErrorCode.FunctionNotFound, CommandScenario.Arn)]
    [InlineData("create,activate", "delete-version $LATEST", ErrorCode.InvalidParameter, "$LATEST version cannot")]
    [InlineData("create,activate", "delete-version live", ErrorCode.InvalidParameter, "Deletion of aliases")]
    [InlineData("create,activate,publish,alias live 1", "delete-version 1", ErrorCode.ResourceConflict, "[live]")]
    [InlineData("create,activate,publish,alias live 1", "alias live 1", ErrorCode.ResourceConflict, ":live")]
    [InlineData("create,activate,publish", "alias live 2", ErrorCode.FunctionNotFound, CommandScenario.Arn + ":2")]
    [InlineData("create,activate,publish", "alias live 01", ErrorCode.FunctionNotFound, CommandScenario.Arn + ":01")]
    [InlineData("create,activate,publish", "alias live 1 1=0.5", ErrorCode.InvalidParameter, "already included")]
    [InlineData("create,activate,publish", "alias live $LATEST 1=0.5", ErrorCode.InvalidParameter, "$LATEST is not")]
    [InlineData("create,activate,publish", "alias live 1 2=0.5", ErrorCode.FunctionNotFound, ":2")]
    [InlineData("create,activate,publish", "alias live 1 2=0.5 3=0.5", ErrorCode.InvalidParameter, "Number of items")]
    [InlineData("create,activate,publish", "move live 1", ErrorCode.ResourceNotFound, "Alias not found: ")]
    [InlineData("create,activate,publish,alias live 1", "move live 1 @old", ErrorCode.PreconditionFailed, "Revision")]
    [InlineData("create,activate,publish,code 2,activate,publish,alias live 1 2=0.5", "move live 2",
        ErrorCode.InvalidParameter, "Function version 2 is already included in routing configuration.")]
    [InlineData("create,activate,publish,code 2,activate,publish,alias live 1 2=0.5", "delete-version 2",
        ErrorCode.ResourceConflict, "Unable to delete version because the following aliases reference it: [live]")]
    public void Step_that_is_not_allowed_is_refused(string before, string step, ErrorCode code, string message)
    {
        var scenario = CommandScenario.Run(before.Split(','));

        scenario.Step(step);

        scenario.Failure.ShouldNotBeNull().Code.ShouldBe(code);
        scenario.Failure.Message.ShouldContain(message);
    }

    /// <summary>What happened, then the states of $LATEST.</summary>
    [Theory]
    [InlineData("create", FunctionState.Pending, UpdateStatus.InProgress)]
    [InlineData("create,activate", FunctionState.Active, UpdateStatus.Successful)]
    [InlineData("create,fail", FunctionState.Failed, UpdateStatus.Failed)]
    [InlineData("create,activate,code 2", FunctionState.Active, UpdateStatus.InProgress)]
    [InlineData("create,activate,code 2,activate", FunctionState.Active, UpdateStatus.Successful)]
    [InlineData("create,activate,code 2,fail", FunctionState.Active, UpdateStatus.Failed)]
    [InlineData("create,activate,code 2,fail,code 3,activate", FunctionState.Active, UpdateStatus.Successful)]
    [InlineData("create,fail,code 2", FunctionState.Failed, UpdateStatus.InProgress)]
    [InlineData("create,fail,code 2,activate", FunctionState.Active, UpdateStatus.Successful)]
    [InlineData("create,activate,timeout 5 @current,activate", FunctionState.Active, UpdateStatus.Successful)]
    [InlineData("create publish,activate 1", FunctionState.Pending, UpdateStatus.InProgress)]
    public void Steps_lead_to_state(string steps, FunctionState state, UpdateStatus update)
    {
        var latest = CommandScenario.Run(steps.Split(',')).State!.Latest;

        latest.State.ShouldBe(state);
        latest.LastUpdateStatus.ShouldBe(update);
        (latest.StateReason is null).ShouldBe(state == FunctionState.Active);
        (latest.LastUpdateStatusReason is null).ShouldBe(
            update == UpdateStatus.Successful || state == FunctionState.Pending);
    }

    /// <summary>What happened, then the code that calls of $LATEST use: a change counts once it is activated.</summary>
    [Theory]
    [InlineData("create", 1)]
    [InlineData("create,activate,code 2", 1)]
    [InlineData("create,activate,code 2,activate", 2)]
    [InlineData("create,activate,code 2,fail", 1)]
    [InlineData("create,activate,code 2,fail,code 3", 1)]
    [InlineData("create,activate,code 2,fail,code 3,fail", 1)]
    [InlineData("create,activate,code 2,fail,code 3,activate", 3)]
    [InlineData("create,activate,code 2,fail,timeout 9,activate", 2)]
    [InlineData("create,activate,code 2,activate,code 3,fail", 2)]
    [InlineData("create,fail,code 2", 2)]
    [InlineData("create,fail,code 2,fail", 2)]
    public void Calls_use_what_last_worked(string steps, int code) =>
        CommandScenario.Run(steps.Split(',')).State!.Callable.Code.ShouldBe(CommandScenario.Package(code));

    [Fact]
    public void Version_published_from_a_failed_update_waits_for_its_own_activation()
    {
        var scenario = CommandScenario.Run("create", "activate", "code 2", "fail", "publish");
        scenario.State!.Versions[1].State.ShouldBe(FunctionState.Pending);

        scenario.Step("fail 1");

        scenario.State.Versions[1].State.ShouldBe(FunctionState.Failed);
    }

    [Fact]
    public void Every_change_of_latest_makes_a_new_revision()
    {
        var scenario = CommandScenario.Run("create");
        var seen = new HashSet<string> { scenario.State!.Latest.RevisionId };
        foreach (var step in new[] { "activate", "code 2", "activate", "timeout 5", "fail", "describe x" })
        {
            scenario.Step(step);
            scenario.Failure.ShouldBeNull();
            seen.Add(scenario.State.Latest.RevisionId).ShouldBeTrue(step);
        }
    }

    /// <summary>What happened, and the number of the newest version then.</summary>
    [Theory]
    [InlineData("create,activate,publish", 1)]
    [InlineData("create,activate,publish,publish", 1)]
    [InlineData("create,activate,publish one,publish two", 1)]
    [InlineData("create,activate,publish,timeout 3,activate,publish", 1)]
    [InlineData("create,activate,publish,timeout 5,activate,publish", 2)]
    [InlineData("create,activate,publish,describe x,activate,publish", 2)]
    [InlineData("create,activate,publish,code 1,activate,publish", 1)]
    [InlineData("create,activate,publish,code 2,activate,publish", 2)]
    [InlineData("create,activate,publish,code 2,fail,code 1,activate,publish", 1)]
    [InlineData("create,activate,publish,delete-version 1,publish", 2)]
    [InlineData("create publish,activate,activate 1,publish", 1)]
    [InlineData("create,activate,code 2 publish,activate,activate 1,publish", 1)]
    public void Publishing_takes_a_number_only_for_something_new(string steps, long newest) =>
        CommandScenario.Run(steps.Split(',')).State!.LastPublishedVersion.ShouldBe(newest);

    [Fact]
    public void Published_version_never_changes()
    {
        var scenario = CommandScenario.Run("create", "activate", "publish first");
        var published = scenario.State!.Versions[1];
        foreach (var step in new[] { "code 2", "activate", "timeout 9", "activate", "publish", "describe x", "fail" })
        {
            scenario.Step(step);
            scenario.Failure.ShouldBeNull(step);
        }

        scenario.State.Versions[1].ShouldBe(published);
        published.Description.ShouldBe("first");
        published.TimeoutSeconds.ShouldBe(Limits.TimeoutSecondsDefault);
        published.Code.ShouldBe(CommandScenario.Package(1));
        scenario.State.Versions[2].TimeoutSeconds.ShouldBe(9);
    }

    [Fact]
    public void Version_published_with_an_update_is_pending_until_its_own_activation()
    {
        var scenario = CommandScenario.Run("create", "activate", "code 2 publish");
        scenario.State!.Versions[1].State.ShouldBe(FunctionState.Pending);

        scenario.Step("activate");
        scenario.State.Versions[1].State.ShouldBe(FunctionState.Pending);
        scenario.Step("activate 1");

        scenario.State.Versions[1].State.ShouldBe(FunctionState.Active);
    }

    [Fact]
    public void Alias_keeps_its_routing_until_told_otherwise()
    {
        var scenario = CommandScenario.Run(
            "create", "activate", "publish", "code 2", "activate", "publish", "code 3", "activate", "publish",
            "alias live 1 2=0.25", "move live 3");
        var moved = scenario.State!.Aliases["live"];
        moved.AdditionalVersion.ShouldBe("2");
        moved.AdditionalVersionWeight.ShouldBe(0.25);

        scenario.Step("move live 3 none @current");

        scenario.Failure.ShouldBeNull();
        scenario.State.Aliases["live"].AdditionalVersion.ShouldBeNull();
        scenario.State.Aliases["live"].RevisionId.ShouldNotBe(moved.RevisionId);
    }

    [Fact]
    public void Deleting_what_is_gone_already_succeeds()
    {
        var scenario = CommandScenario.Run("create", "activate", "publish", "alias live 1", "drop-alias live");

        scenario.Step("drop-alias live");
        scenario.Failure.ShouldBeNull();
        scenario.Step("delete-version 1");
        scenario.Step("delete-version 1");
        scenario.Failure.ShouldBeNull();
        scenario.State!.Versions.ShouldBeEmpty();
    }
}
