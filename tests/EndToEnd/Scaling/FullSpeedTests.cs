using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Scaling;

/// <summary>What a function sees of itself stays right while calls of two accounts come as fast as they can.</summary>
public sealed class FullSpeedTests
{
    private const int CallsAtATime = 64;
    private const int CallsOfEach = 500;
    private const string Name = "view";

    [Theory]
    [InlineData(1)]
    [InlineData(CallsAtATime)]
    public async Task Each_call_sees_its_own_request_account_and_variables(int concurrency)
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        var (account, other) = await server.SecondAccountAsync();
        using (other)
        {
            await CreateAsync(server.Root, "first", concurrency);
            await CreateAsync(other, "second", concurrency);
            var seen = await Task.WhenAll(
                CallManyAsync(server.Root, "first", "000000000000"), CallManyAsync(other, "second", account));
            seen[0].Intersect(seen[1]).ShouldBeEmpty("an environment serves one account");
        }
    }

    private static Task<JsonNode> CreateAsync(LambdaClient lambda, string owner, int concurrency) =>
        lambda.CreateFunctionAsync(Programs.NodeFunction(Name, "view") with
        {
            Variables = new() { ["OWNER"] = owner },
            Tags = new() { ["lambent:environment-concurrency"] = $"{concurrency}" },
            TimeoutSeconds = 60,
        });

    /// <summary>Returns the environments that answered.</summary>
    private static async Task<HashSet<string>> CallManyAsync(LambdaClient lambda, string owner, string account)
    {
        var environments = new HashSet<string>(StringComparer.Ordinal);
        var requests = new HashSet<string>(StringComparer.Ordinal);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, CallsAtATime / 2).Select(_ => CallAsync()));
        requests.Count.ShouldBe(CallsOfEach);
        return environments;

        async Task CallAsync()
        {
            for (var id = Interlocked.Increment(ref next); id <= CallsOfEach; id = Interlocked.Increment(ref next))
            {
                var answer = await lambda.InvokeAsync(Name, $$"""{"id":{{id}}}""", null, ("X-Amz-Log-Type", "Tail"));
                var view = answer.Ok();
                ((int)view["id"]!).ShouldBe(id);
                var requestId = answer.Header("x-amzn-RequestId")!;
                ((string)view["requestId"]!).ShouldBe(requestId);
                ((string)view["arn"]!).ShouldBe($"arn:aws:lambda:us-east-1:{account}:function:{Name}");
                ((string)view["owner"]!).ShouldBe(owner);
                ((double)view["remainingMilliseconds"]!).ShouldBeInRange(1, 60_000);
                answer.LogTail.Split('\n').Count(line => line.Contains("sees ", StringComparison.Ordinal))
                    .ShouldBe(1, answer.LogTail);
                answer.LogTail.ShouldContain($"sees {owner} {id} {requestId}");
                lock (requests)
                {
                    requests.Add(requestId);
                    environments.Add((string)view["logStream"]!);
                }
            }
        }
    }
}
