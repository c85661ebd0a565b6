namespace Lambent.EndToEnd.Hostility;

/// <summary>
/// What one account's function leaves behind is seen by nobody else's, while it runs and after it ended.
/// </summary>
public sealed class ResidueTests
{
    private const int KindsMin = 10;

    [Fact]
    public async Task Nothing_of_one_accounts_function_is_seen_by_anothers()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        var (_, other) = await server.SecondAccountAsync();
        using var ended = other;
        await server.Root.CreateFunctionAsync(Function("plants", "plant"));
        await other.CreateFunctionAsync(Function("looks", "look"));
        await server.Root.CreateFunctionAsync(Function("finds", "plantAndLook"));
        var found = (await server.Root.InvokeAsync("finds", "{}")).Ok().AsArray();
        found.Count.ShouldBeGreaterThanOrEqualTo(KindsMin, found.ToJsonString());

        var kinds = (await server.Root.InvokeAsync("plants", "{}")).Ok().AsArray();
        kinds.Count.ShouldBeGreaterThanOrEqualTo(KindsMin, kinds.ToJsonString());
        await LookAsync(other, "beside it");

        foreach (var name in new[] { "plants", "finds" })
        {
            (await server.Root.SendAsync("DELETE", $"/2015-03-31/functions/{name}")).Status.ShouldBe(204);
        }

        await Deadline.PollAsync(
            () => server.Root.GetAsync("/v1/environments"),
            answer => answer.Json["environments"]!.AsArray().Count == 0,
            TimeSpan.FromSeconds(15));
        // Each look in an environment of its own, as many as were started ahead when the first account's ran.
        for (var turn = 0; turn < 3; turn++)
        {
            await other.CreateFunctionAsync(Function($"looks-{turn}", "look"));
            await LookAsync(other, "after it", $"looks-{turn}");
        }
    }

    private static FunctionDefinition Function(string name, string handler) =>
        new(name, "nodejs20.x", $"residue.{handler}", Programs.Node);

    private static async Task LookAsync(LambdaClient account, string when, string name = "looks")
    {
        var answer = await account.InvokeAsync(name, "{}");
        answer.Ok().AsArray().ShouldBeEmpty($"{when}: {answer}");
    }
}
